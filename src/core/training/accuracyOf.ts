import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * Share of the samples whose class the model gets right: the largest of its outputs, the first one on a tie.
 *
 * @param model one output, `[samples, classes]`
 * @param x `[samples, …input]`, as the network takes it
 * @param y class of each sample
 */
export function accuracyOf(model: LayersModel, x: tf.Tensor, y: Int32Array): number {
  const predicted = tf.tidy(() =>
    tf.argMax(model.predict(x, { batchSize: Math.min(2048, y.length) }) as tf.Tensor, 1),
  );
  const classes = predicted.dataSync();
  predicted.dispose();
  let correct = 0;
  for (let i = 0; i < y.length; i++) if (classes[i] === y[i]) correct++;
  return correct / y.length;
}
