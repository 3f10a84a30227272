import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { layers as L, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, Sequential, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { normals, uniforms } from '../seeded';

export type Layer = Parameters<Sequential['add']>[0];

/** A network with what must be found in it. */
export interface LayerNetwork {
  readonly title: string;
  readonly build: () => LayersModel;
  /** `name units`, in topological order. */
  readonly sites: readonly string[];
  readonly excluded?: readonly string[];
  /** Inputs are the numbers of words, below this; else they are any numbers. */
  readonly words?: number;
}

/** Softmax scores. */
export const classifier = (name = 'scores', units = 3): Layer =>
  L.dense({ name, units, activation: 'softmax' });
/** A Sequential of new layers. */
export const chain =
  (...make: (() => Layer)[]) =>
  (): LayersModel =>
    sequential({ layers: make.map((one) => one()) });
export const apply = (layer: Layer, ...inputs: SymbolicTensor[]): SymbolicTensor =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as SymbolicTensor;

/** Seeded weights that are no special numbers, so that every one of them matters. */
export function seedWeights(model: LayersModel): void {
  const weights = model.weights.map(({ originalName, shape }, index) => {
    const values = normals(sizeOf(shape), index + 1);
    const isVariance = originalName.endsWith('variance');
    return tensor(
      values.map((value) => (isVariance ? 0.5 + Math.abs(value) : 0.5 * value)),
      shape as number[],
    );
  });
  model.setWeights(weights);
  for (const weight of weights) weight.dispose();
}

/**
 * Seeded input of a network.
 * @param words as in {@link LayerNetwork}
 */
export function inputOf(model: LayersModel, samples: number, words: number | undefined): Tensor {
  const shape = [samples, ...model.inputs[0]!.shape.slice(1).map((size) => size ?? 1)];
  const size = sizeOf(shape);
  return words === undefined
    ? tensor(normals(size, 99), shape)
    : tensor(
        Float32Array.from(uniforms(size, 99), (value) => Math.floor(value * words)),
        shape,
      );
}

function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((n, size) => n * (size ?? 1), 1);
}
