import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** How a classifier does on some samples. */
export interface ClassifierScore {
  /** Share of the samples it gets right, 0 … 1: the largest of its outputs, the first one on a tie. */
  readonly accuracy: number;
  /** Mean cross-entropy, nats, of probabilities not below 1e-7. */
  readonly loss: number;
}

/** Samples predicted at once. */
const BATCH = 2048;

/**
 * Scores a classifier as it will be used (no dropout, batch norm by its moving means).
 *
 * @param model one output: class probabilities `[samples, classes]`
 * @param x `[samples, …input]`, as the network takes it
 * @param y class of each sample
 */
export function scoreClassifier(model: LayersModel, x: tf.Tensor, y: Int32Array): ClassifierScore {
  const output = tf.tidy(() => model.predict(x, { batchSize: Math.min(BATCH, y.length) }) as tf.Tensor);
  const classes = output.shape[1]!;
  const probabilities = output.dataSync();
  output.dispose();
  let correct = 0;
  let loss = 0;
  for (const [i, label] of y.entries()) {
    const own = probabilities[i * classes + label]!;
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[i * classes + c]! > probabilities[i * classes + best]!) best = c;
    }
    if (best === label) correct += 1;
    loss -= Math.log(Math.max(1e-7, own));
  }
  return { accuracy: correct / y.length, loss: loss / y.length };
}
