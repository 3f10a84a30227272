import type { Operation } from '../../network/network';

/** Size taken for an axis whose size is free. */
const FREE_AXIS = 64;

/** Elements of an operation's output a sample. */
export function elementsOf(operation: Operation): number {
  return operation.shape.slice(1).reduce<number>((n, size) => n * (size ?? FREE_AXIS), 1);
}

/** Multiplications and additions that an operation takes a sample, about. */
export function arithmeticOf(operation: Operation): number {
  const { algebra } = operation;
  const elements = elementsOf(operation);
  switch (algebra.kind) {
    case 'dense':
    case 'convolution':
      return 2 * elements * (algebra.kernel.size / Math.max(1, algebra.kernel.shape.at(-1)!));
    case 'depthwise':
      // Its kernel in tfjs is about ten times slower than a convolution's.
      return 20 * elements * algebra.kernel.shape[0] * algebra.kernel.shape[1]!;
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
