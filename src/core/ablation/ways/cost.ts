import { elementsOf, multiplyAdds } from '../../network/cost';
import type { Operation } from '../../network/network';

/**
 * Arithmetic of an operation a sample, in multiplications and additions of a matrix product that takes as long:
 * what moves memory or has a slow kernel counts for more.
 */
export function arithmeticOf(operation: Operation): number {
  const { algebra } = operation;
  const elements = elementsOf(operation);
  switch (algebra.kind) {
    case 'dense':
    case 'convolution':
      return 2 * multiplyAdds(operation);
    case 'depthwise':
      // Its kernel in tfjs is about ten times slower than a convolution's.
      return 20 * multiplyAdds(operation);
    case 'recurrent':
    case 'opaque':
      return 400 * elements;
    default:
      return 40 * elements;
  }
}

/** How long one call to TensorFlow may take, so that a cancel is heeded: this much arithmetic. */
const ARITHMETIC_AT_ONCE = 2e10;

/** Pairs that a block may hold whatever they cost. */
const MOST_PAIRS = 2 ** 15;

/**
 * Pairs (unit, sample) to run at once.
 * @param bytes that one pair takes
 * @param arithmetic that one pair takes
 * @param workspace bytes at hand
 */
export function pairsAtOnce(bytes: number, arithmetic: number, workspace: number): number {
  const most = Math.min(MOST_PAIRS, workspace / bytes, ARITHMETIC_AT_ONCE / arithmetic);
  return Math.max(1, Math.floor(most));
}
