import * as tfl from '@tensorflow/tfjs-layers';
import { seedFrom } from '../random';

/** A multilayer perceptron, as in the paper (science.md, "Nets of the paper"). */
export interface PerceptronOptions {
  /** Shape of one sample, flattened first where it is not flat: `[28, 28]`. */
  readonly input: readonly number[];
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly classes: number;
  /** Decides the initial weights. */
  readonly seed: number;
  readonly name?: string;
  /** Share of each hidden layer's units that a training step drops; none when absent. */
  readonly dropout?: number;
  /** Batch norm between each hidden layer's products and its ReLU. */
  readonly batchNorm?: boolean;
}

/**
 * Makes an untrained classifier `input → flatten → dense_1 (ReLU) → … → dense_k (softmax)`: `[samples, …input]` →
 * `[samples, classes]`, class probabilities. With batch norm a hidden layer is `dense_1 → batch_norm_1 → relu_1`, with
 * dropout `dropout_1` follows it. Kernels: Glorot's uniform, drawn from the seed; biases: 0. Layer and weight names
 * depend on the options alone, so making it twice gives the same file.
 *
 * The caller disposes the model.
 */
export function perceptron(options: PerceptronOptions): tfl.LayersModel {
  const { input, hidden, classes } = options;
  // What is flat already takes no layer to flatten it.
  const first =
    input.length > 1
      ? tfl.layers.flatten({ inputShape: [...input], name: 'flatten' })
      : tfl.layers.inputLayer({ inputShape: [...input], name: 'input' });
  const last = dense(options, hidden.length + 1, classes, 'softmax');
  return tfl.sequential({
    name: options.name ?? 'perceptron',
    layers: [first, ...hidden.flatMap((units, i) => hiddenLayers(options, i + 1, units)), last],
  });
}

type Layer = tfl.layers.Layer;

function hiddenLayers(options: PerceptronOptions, k: number, units: number): Layer[] {
  const { dropout = 0, batchNorm = false } = options;
  const made = batchNorm
    ? [
        dense(options, k, units, 'linear'),
        tfl.layers.batchNormalization({ name: `batch_norm_${k}` }),
        tfl.layers.activation({ activation: 'relu', name: `relu_${k}` }),
      ]
    : [dense(options, k, units, 'relu')];
  return dropout > 0 ? [...made, tfl.layers.dropout({ rate: dropout, name: `dropout_${k}` })] : made;
}

function dense(
  { seed }: PerceptronOptions,
  k: number,
  units: number,
  activation: 'linear' | 'relu' | 'softmax',
): Layer {
  return tfl.layers.dense({
    units,
    activation,
    kernelInitializer: tfl.initializers.glorotUniform({ seed: seedFrom(seed, 'kernel', k) }),
    biasInitializer: 'zeros',
    name: `dense_${k}`,
  });
}
