import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Cancelled } from '../../protocol/failure';
import { permutation, seedFrom } from '../random';
import { accuracyOf } from './accuracyOf';
import { reseedDropout } from './reseedDropout';

/** How the weights move. `rate`: learning rate. */
export type OptimizerSpec =
  | { readonly kind: 'sgd'; readonly rate: number; readonly momentum: number }
  | { readonly kind: 'adam'; readonly rate: number };

/** One training: everything that decides the final weights. */
export interface TrainingOptions {
  /** Trained in place. Its one output: class probabilities `[samples, classes]`. The caller disposes it. */
  readonly model: LayersModel;
  /** `[samples, …input]`, as the network takes it (already scaled). Left as it is; the caller disposes it. */
  readonly x: tf.Tensor;
  /** Class of each sample. */
  readonly y: Int32Array;
  readonly optimizer: OptimizerSpec;
  /** Samples a step. */
  readonly batch: number;
  /** At most so many passes over the samples. */
  readonly epochs: number;
  /** Decides the order of the samples in each epoch and the masks of dropout layers. */
  readonly seed: number;
  /** Ends the training after the first epoch that is scored and has at least this accuracy (0 … 1) on all of `x`. */
  readonly until?: number;
  /** Every so many epochs, and the last, are scored on all of `x`; every one when absent. */
  readonly scoreEvery?: number;
  /** Ends the training between two steps with {@link Cancelled}. */
  readonly signal?: AbortSignal;
}

/** Where a training stands after an epoch. */
export interface EpochReport {
  /** Epochs done, from 1. */
  readonly epoch: number;
  /** Mean over the epoch's steps of the cross-entropy, nats, while the weights moved. */
  readonly loss: number;
  /** Share of all samples the network gets right after the epoch, as it will be used; NaN where not scored. */
  readonly accuracy: number;
}

/** Computing goes on so long, in milliseconds, before the event loop has its turn. */
const TURN = 20;

/**
 * Trains a classifier with cross-entropy, reproducibly: the order of the samples in an epoch is a permutation drawn
 * from (seed, epoch), dropout masks from (seed, step), so that the same options give the same weights on the same
 * machine (tfjs's own `fit` shuffles unseeded).
 *
 * Yields after each epoch; stopping the iteration stops the training. Frees all it made: only the weights change.
 *
 * @throws Cancelled when the signal is aborted
 */
export async function* trainClassifier(options: TrainingOptions): AsyncGenerator<EpochReport, void, void> {
  const { model, x, y, batch, seed, signal, scoreEvery = 1 } = options;
  const samples = y.length;
  if (x.shape[0] !== samples) throw new Error(`${x.shape[0]} samples have ${samples} labels.`);
  const labels = tf.tensor1d(y, 'int32');
  const optimizer = makeOptimizer(options.optimizer);
  const steps = Math.ceil(samples / batch);
  try {
    let turn = performance.now();
    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      const order = permutation(samples, seedFrom(seed, 'order', epoch));
      let loss = 0;
      for (let step = 0; step < steps; step++) {
        if (signal?.aborted) throw new Cancelled();
        reseedDropout(model, seedFrom(seed, 'dropout', epoch, step));
        const chosen = order.slice(step * batch, (step + 1) * batch);
        loss += trainStep(model, optimizer, x, labels, chosen) * chosen.length;
        if (performance.now() - turn > TURN) {
          await tf.nextFrame();
          turn = performance.now();
        }
      }
      const isScored = epoch % scoreEvery === 0 || epoch === options.epochs;
      const accuracy = isScored ? accuracyOf(model, x, y) : NaN;
      yield { epoch, loss: loss / samples, accuracy };
      if (options.until !== undefined && accuracy >= options.until) return;
    }
  } finally {
    labels.dispose();
    disposeOptimizer(optimizer);
  }
}

function makeOptimizer(spec: OptimizerSpec): tf.Optimizer {
  return spec.kind === 'adam' ? tf.train.adam(spec.rate) : tf.train.momentum(spec.rate, spec.momentum);
}

/** tfjs's momentum forgets its learning rate when it is disposed. */
function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  (optimizer as tf.Optimizer & { readonly c?: tf.Scalar }).c?.dispose();
}

/** One step on the samples `chosen`; returns their mean cross-entropy before it. */
function trainStep(
  model: LayersModel,
  optimizer: tf.Optimizer,
  x: tf.Tensor,
  labels: tf.Tensor1D,
  chosen: Int32Array,
): number {
  const loss = tf.tidy(() => {
    const indices = tf.tensor1d(chosen, 'int32');
    const inputs = tf.gather(x, indices);
    const classes = model.outputShape[1] as number;
    const targets = tf.oneHot(tf.gather(labels, indices), classes);
    return optimizer.minimize(
      () => {
        const probabilities = model.apply(inputs, { training: true }) as tf.Tensor2D;
        const logs = tf.log(tf.add(probabilities, 1e-7));
        return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(targets, logs), 1)));
      },
      true,
      model.trainableWeights.map((weight) => weight.read()).filter((weight) => weight instanceof tf.Variable),
    )!;
  });
  try {
    return loss.dataSync()[0]!;
  } finally {
    loss.dispose();
  }
}
