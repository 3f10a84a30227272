import { layers as L, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, Sequential, SymbolicTensor } from '@tensorflow/tfjs-layers';

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
