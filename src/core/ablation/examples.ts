import type { Example } from '../../protocol/details';
import { firstInOrder } from '../largest';
import type { Head } from '../network/network';
import { outputsOf, type SetOutcome } from './setEvaluation';

/** One of the samples that an outcome is of, and what deleting does to it. */
export interface ChosenExample extends Pick<Example, 'flip' | 'before' | 'after'> {
  /** Its place among the samples. */
  readonly sample: number;
}

/** Samples whose probabilities are looked at together. */
const BLOCK = 1024;

/** In the order in which they are shown. */
const FLIPS = ['to_wrong', 'to_right', 'none'] as const;

/**
 * The samples that show best what a deletion does: those that it turns wrong, the largest loss of the true class'
 * probability first, then those that it turns right, the largest gain first, then those of which any class'
 * probability changes most. Ties are by place.
 * @param labels `[samples]`, the true classes
 */
export function chooseExamples(
  head: Head,
  labels: Int32Array,
  before: SetOutcome,
  after: SetOutcome,
  count: number,
): ChosenExample[] {
  const flips = new Uint8Array(labels.length);
  const changes = new Float64Array(labels.length);
  for (let from = 0; from < labels.length; from += BLOCK) {
    const to = Math.min(labels.length, from + BLOCK);
    const was = outputsOf(head, before, from, to);
    const is = outputsOf(head, after, from, to);
    for (let n = from; n < to; n++) {
      const label = labels[n]!;
      flips[n] = flipOf(was.predicted[n - from] === label, is.predicted[n - from] === label);
      const at = (n - from) * head.classes;
      const gain = is.probabilities[at + label]! - was.probabilities[at + label]!;
      changes[n] =
        flips[n] === 2
          ? largestChange(was.probabilities, is.probabilities, at, head.classes)
          : flips[n] === 1
            ? gain
            : -gain;
    }
  }
  const isBefore = (a: number, b: number): boolean =>
    flips[a] === flips[b] ? changes[a]! > changes[b]! : flips[a]! < flips[b]!;
  return firstInOrder(count, labels.length, isBefore).map((sample) => ({
    sample,
    flip: FLIPS[flips[sample]!]!,
    before: outputsOf(head, before, sample, sample + 1).probabilities,
    after: outputsOf(head, after, sample, sample + 1).probabilities,
  }));
}

/** Number of the flip in {@link FLIPS}. */
function flipOf(wasRight: boolean, isRight: boolean): number {
  if (wasRight === isRight) return 2;
  return wasRight ? 0 : 1;
}

function largestChange(was: Float32Array, is: Float32Array, from: number, count: number): number {
  let largest = 0;
  for (let at = from; at < from + count; at++) largest = Math.max(largest, Math.abs(is[at]! - was[at]!));
  return largest;
}
