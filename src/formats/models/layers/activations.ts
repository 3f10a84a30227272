import { relu, type Tensor } from '@tensorflow/tfjs-core';
import type { Algebra, Rectifier } from '../../../core/network/network';
import type { ActivationObject, LayerObject } from '../layerInternals';
import { slopeOf } from './registered/activations';

/** An activation taken out of the layer it was fused into. */
export interface SplitActivation {
  readonly algebra: Algebra;
  apply(x: Tensor): Tensor;
}

const LINEAR: ActivationObject = { getClassName: () => 'linear', apply: (x) => x };

/**
 * Takes the activation out of a dense or convolution layer, which computes its linear part from then on.
 * Null where there is none to take. A shared layer is split at its first call and stays so.
 */
export function splitActivation(layer: LayerObject): SplitActivation | null {
  if (layer.getClassName() === 'Activation') return null;
  const known = taken.get(layer);
  if (known !== undefined) return known;
  const activation = layer.activation;
  if (activation === undefined || activation.getClassName() === 'linear') return null;
  layer.activation = LINEAR;
  const split: SplitActivation = {
    algebra: activationAlgebra(activation),
    apply: activation.getClassName() === 'relu' ? (x) => relu(x) : (x) => activation.apply(x),
  };
  taken.set(layer, split);
  return split;
}

const taken = new WeakMap<LayerObject, SplitActivation>();

/** What an activation computes; none is linear. */
export function activationAlgebra(activation: ActivationObject | undefined): Algebra {
  const name = activation?.getClassName() ?? 'linear';
  if (name === 'linear') return { kind: 'identity' };
  if (name === 'softmax' || name === 'logSoftmax') return { kind: 'softmax' };
  return { kind: 'pointwise', name, rectifier: rectifierOf(name, activation) };
}

function rectifierOf(name: string, activation: ActivationObject | undefined): Rectifier | null {
  if (name === 'leakyRelu') return { slope: slopeOf(activation?.settings ?? {}), most: Infinity };
  return RECTIFIERS[name] ?? null;
}

/** Activations that are straight on both sides of 0. */
const RECTIFIERS: Readonly<Record<string, Rectifier>> = {
  relu: { slope: 0, most: Infinity },
  relu6: { slope: 0, most: 6 },
};

/** Layers that are activations, by the name of the function. */
const LAYERS: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  LeakyReLU: 'leaky_relu',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholded_relu',
  ReLUWithSlope: 'relu_with_slope',
  ELUWithScale: 'elu_with_scale',
};

/** What a layer that is an activation computes; null for other layers. */
export function activationLayerAlgebra(layer: LayerObject): Algebra | null {
  const type = layer.getClassName();
  if (type === 'Activation') return activationAlgebra(layer.activation);
  const name = LAYERS[type];
  if (name === undefined) return null;
  const config = layer.getConfig();
  let rectifier: Rectifier | null = null;
  if (type === 'LeakyReLU') rectifier = { slope: Number(config['alpha'] ?? 0.3), most: Infinity };
  if (type === 'ReLU') rectifier = { slope: 0, most: Number(config['maxValue'] ?? Infinity) };
  if (type === 'ReLUWithSlope' && Number(config['threshold'] ?? 0) === 0) {
    rectifier = { slope: Number(config['negativeSlope'] ?? 0), most: Number(config['maxValue'] ?? Infinity) };
  }
  return { kind: 'pointwise', name, rectifier };
}
