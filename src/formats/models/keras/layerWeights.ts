import { tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../../../protocol/failure';
import { decode } from '../../data/elements';
import { elementCount } from '../../data/storedArray';
import type { Hdf5Dataset, Hdf5File } from '../../hdf5/hdf5File';
import { isContainer, type LayerObject, type WeightObject } from '../layerInternals';
import { refuseNotFinite } from '../finiteWeights';

/** Parts of layers that hold layers, which the types hide. */
interface Holding {
  _trainableWeights?: WeightVariable[];
  _nonTrainableWeights?: WeightVariable[];
  forwardLayer?: LayerObject;
  backwardLayer?: LayerObject;
  layer?: LayerObject;
  cell?: LayerObject;
  cells?: LayerObject[];
}

/** A weight of a layer. */
export interface WeightVariable extends WeightObject {
  readonly shape: number[];
  write(value: ReturnType<typeof tensor>): void;
}

/** A layer inside another, with the name that Keras' attribute has. */
export interface HeldLayer {
  readonly attribute: 'forward_layer' | 'backward_layer' | 'layer' | 'cell' | 'cells';
  readonly layers: readonly LayerObject[];
}

/** The weights that a layer holds itself, in Keras' order: trained ones first. */
export function ownWeights(layer: LayerObject): WeightVariable[] {
  const { _trainableWeights = [], _nonTrainableWeights = [] } = layer as Holding;
  return [..._trainableWeights, ..._nonTrainableWeights];
}

/** The layers that a layer runs: those of wrappers, and the cells of recurrent ones. */
export function heldLayers(layer: LayerObject): HeldLayer[] {
  const { forwardLayer, backwardLayer, layer: wrapped, cell, cells } = layer as Holding;
  if (forwardLayer !== undefined && backwardLayer !== undefined) {
    return [
      { attribute: 'forward_layer', layers: [forwardLayer] },
      { attribute: 'backward_layer', layers: [backwardLayer] },
    ];
  }
  if (wrapped !== undefined) return [{ attribute: 'layer', layers: [wrapped] }];
  if (Array.isArray(cells)) return [{ attribute: 'cells', layers: cells }];
  return cell === undefined ? [] : [{ attribute: 'cell', layers: [cell] }];
}

/** All weights of a layer, in the order in which Keras lists those of one that is no model. */
export function allWeights(layer: LayerObject): WeightVariable[] {
  if (isContainer(layer)) return layer.weights as WeightVariable[];
  return [...ownWeights(layer), ...heldLayers(layer).flatMap(({ layers }) => layers.flatMap(allWeights))];
}

/** Layers that hold weights, those of models one by one, each once. */
export function leafLayers(layer: LayerObject): LayerObject[] {
  if (isContainer(layer)) return [...new Set(layer.layers.flatMap(leafLayers))];
  return allWeights(layer).length === 0 ? [] : [layer];
}

/** Numbers on their way into a weight. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Reads an array of a file as float32. */
export function numbersOf(h5: Hdf5File, dataset: Hdf5Dataset): Numbers {
  const bytes = h5.read(dataset);
  const values = new Float32Array(elementCount(dataset.shape));
  return { shape: dataset.shape, values: decode(dataset.element!, bytes, values) };
}

/**
 * Puts numbers into a weight.
 * @throws Failure when their shape is another, or one is NaN or infinite
 */
export function setWeight(weight: WeightVariable, numbers: Numbers, layer: string, file: string): void {
  const { shape, values } = numbers;
  if (shape.length !== weight.shape.length || shape.some((size, axis) => size !== weight.shape[axis])) {
    throw misfit(
      file,
      `the weight ${weight.originalName} of the layer ${layer} has the shape [${shape.join(', ')}], the model expects [${weight.shape.join(', ')}]`,
    );
  }
  refuseNotFinite(weight.originalName, values, file);
  const value = tensor(values, [...shape]);
  weight.write(value);
  value.dispose();
}

/**
 * Puts the numbers of one layer into its weights, in order.
 * @throws Failure when they do not fit
 */
export function setWeights(
  weights: readonly WeightVariable[],
  numbers: readonly Numbers[],
  layer: string,
  file: string,
): void {
  if (weights.length !== numbers.length) {
    throw misfit(
      file,
      `the layer ${layer} has ${numbers.length} weights in the file, the model expects ${weights.length}`,
    );
  }
  for (const [index, weight] of weights.entries()) setWeight(weight, numbers[index]!, layer, file);
}

/** @param why half a sentence */
export function misfit(file: string, why: string): Failure {
  return new Failure(`The weights in ${file} do not fit its model: ${why}.`, { file });
}
