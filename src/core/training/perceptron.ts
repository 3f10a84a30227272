import * as tfl from '@tensorflow/tfjs-layers';
import { seedFrom } from '../random';

/** A multilayer perceptron, as in the paper (science.md, "Nets of the paper"). */
export interface PerceptronOptions {
  /** Shape of one sample, flattened first: `[28, 28]`. */
  readonly input: readonly number[];
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly classes: number;
  /** Decides the initial weights. */
  readonly seed: number;
  readonly name?: string;
}

/**
 * Makes an untrained classifier `input → flatten → dense_1 (ReLU) → … → dense_k (softmax)`: `[samples, …input]` →
 * `[samples, classes]`, class probabilities. Kernels: Glorot's uniform, drawn from the seed; biases: 0. Layer and
 * weight names depend on the options alone, so making it twice gives the same file.
 *
 * The caller disposes the model.
 */
export function perceptron(options: PerceptronOptions): tfl.LayersModel {
  const { input, hidden, classes, seed } = options;
  const flatten = tfl.layers.flatten({ inputShape: [...input], name: 'flatten' });
  const sizes = [...hidden, classes];
  const dense = sizes.map((units, i) =>
    tfl.layers.dense({
      units,
      activation: i === sizes.length - 1 ? 'softmax' : 'relu',
      kernelInitializer: tfl.initializers.glorotUniform({ seed: seedFrom(seed, 'kernel', i + 1) }),
      biasInitializer: 'zeros',
      name: `dense_${i + 1}`,
    }),
  );
  return tfl.sequential({ name: options.name ?? 'perceptron', layers: [flatten, ...dense] });
}
