import {
  cast,
  customGrad,
  div,
  expandDims,
  greater,
  maximum,
  mul,
  neg,
  oneHot,
  scalar,
  sigmoid,
  softmax,
  sub,
  tensor1d,
  tidy,
  type GradSaveFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Head } from '../network/network';
import { LEAST_PROBABILITY } from './scoring';

/**
 * Derivative of each sample's cross-entropy (nats; scoring.ts) by its scores: softmax(z) − y for logits,
 * σ(z) − y for a sigmoid's, −y / p for probabilities above the clip and 0 below it.
 * @param scores `[samples, head.classes]`, for a sigmoid `[samples, 1]`
 * @param labels `[samples]`
 * @returns as `scores`
 */
export function lossGradient(head: Head, scores: Tensor, labels: Int32Array): Tensor {
  return tidy(() => {
    const truth = tensor1d(labels, 'int32');
    if (head.kind === 'sigmoid') return sub(sigmoid(scores), expandDims(cast(truth, 'float32'), 1));
    const target = cast(oneHot(truth, head.classes), 'float32');
    if (head.kind !== 'probabilities') return sub(softmax(scores), target);
    const counts = cast(greater(scores, LEAST_PROBABILITY), 'float32');
    return neg(mul(counts, div(target, maximum(scores, LEAST_PROBABILITY))));
  });
}

/**
 * A scalar that has the derivatives of the summed cross-entropy by the scores, as {@link lossGradient} gives them.
 * Its value is 0: only its gradient is meant to be used.
 */
export function lossForGradient(head: Head, scores: Tensor, labels: Int32Array): Tensor {
  return customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [given, save] = inputs as [Tensor, GradSaveFunc];
    save([given]);
    return {
      value: scalar(0),
      gradFunc: (_gradient: Tensor, saved: Tensor[]) => lossGradient(head, saved[0]!, labels),
    };
  })(scores);
}
