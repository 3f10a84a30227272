import type { Head } from '../network/network';

/**
 * Two best scores closer than this, times the larger one's size (at least 1), are a near-tie: whatever way the
 * scores are computed, rounding in single precision changes them by less.
 */
export const NEAR_TIE_BOUND = 2 ** -12;

/** Probabilities are clipped to at least this before the logarithm. */
export const LEAST_PROBABILITY = 1e-7;

/** What one sample's class scores say. */
export interface Scored {
  /** `[samples]`: predicted class; the lowest index on a tie. */
  readonly predicted: Int32Array;
  /** `[samples]`: cross-entropy in nats. */
  readonly loss: Float64Array;
  /** Indices of the samples whose prediction rounding could change. */
  readonly nearTies: number[];
}

/**
 * Turns class scores into predictions and losses (science.md, "Prediction and loss").
 * @param scores `[samples, head.classes]`, for a sigmoid `[samples, 1]`
 * @param labels `[samples]`, the true classes
 */
export function score(head: Head, scores: Float32Array, labels: Int32Array): Scored {
  const samples = labels.length;
  const result = { predicted: new Int32Array(samples), loss: new Float64Array(samples), nearTies: [] };
  if (head.kind === 'sigmoid') scoreSigmoid(scores, labels, result);
  else scoreClasses(head, scores, labels, result);
  return result;
}

function scoreSigmoid(logits: Float32Array, labels: Int32Array, into: Scored): void {
  for (let n = 0; n < labels.length; n++) {
    const z = logits[n]!;
    into.predicted[n] = z > 0 ? 1 : 0;
    into.loss[n] = softplus(labels[n] === 1 ? -z : z);
    if (Math.abs(z) < NEAR_TIE_BOUND) into.nearTies.push(n);
  }
}

/** log(1 + exp(z)), without overflow. */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

function scoreClasses(head: Head, scores: Float32Array, labels: Int32Array, into: Scored): void {
  const { classes } = head;
  const areLogits = head.kind !== 'probabilities';
  for (let n = 0; n < labels.length; n++) {
    const row = n * classes;
    let best = 0;
    let top = scores[row]!;
    let second = -Infinity;
    for (let c = 1; c < classes; c++) {
      const value = scores[row + c]!;
      if (value > top) {
        second = top;
        top = value;
        best = c;
      } else if (value > second) {
        second = value;
      }
    }
    const own = scores[row + labels[n]!]!;
    if (areLogits) {
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += Math.exp(scores[row + c]! - top);
      into.loss[n] = top + Math.log(sum) - own;
    } else {
      into.loss[n] = -Math.log(Math.max(own, LEAST_PROBABILITY));
    }
    into.predicted[n] = best;
    if (top - second < NEAR_TIE_BOUND * Math.max(1, Math.abs(top))) into.nearTies.push(n);
  }
}
