import type { Evaluation, SampleOutputs } from '../../protocol/run';
import { classProbabilities } from '../measures/classProbabilities';
import type { Head } from '../network/network';

/** What a network gives on some samples with a set of units deleted, once for each draw of the operator. */
export interface SetOutcome {
  readonly draws: number;
  /** `[draws, samples, head.classes]`, for a sigmoid `[draws, samples, 1]`. */
  readonly scores: Float32Array;
  /** `[draws, samples]`. */
  readonly predicted: Int32Array;
  /** `[draws, samples]`: cross-entropy, nats. */
  readonly loss: Float64Array;
}

type Counts = Omit<Evaluation, 'deleted' | 'operator' | 'per_sample' | 'examples'>;

/**
 * Counts what a deletion changes. Where the operator draws, counts are means over the draws.
 * @param labels `[samples]`, the true classes
 * @param before the network as it is, one draw
 */
export function evaluationOf(head: Head, labels: Int32Array, before: SetOutcome, after: SetOutcome): Counts {
  const { classes } = head;
  const samples = labels.length;
  const sizes = new Float64Array(classes);
  for (const label of labels) sizes[label]! += 1;
  const confusion = {
    before: confusionOf(classes, labels, before),
    after: confusionOf(classes, labels, after),
  };
  const recallsOf = (matrix: Float64Array): (number | null)[] =>
    Array.from(sizes, (size, c) => (size === 0 ? null : matrix[c * classes + c]! / size));
  const correctBefore = diagonal(confusion.before, classes);
  const correct = diagonal(confusion.after, classes);
  let toWrong = 0;
  let toRight = 0;
  after.predicted.forEach((guess, at) => {
    const label = labels[at % samples]!;
    const wasRight = before.predicted[at % samples] === label;
    if (wasRight && guess !== label) toWrong += 1;
    if (!wasRight && guess === label) toRight += 1;
  });
  return {
    correct,
    samples,
    accuracy: correct / samples,
    loss: meanOf(after.loss),
    recalls: recallsOf(confusion.after),
    flips_to_wrong: toWrong / after.draws,
    flips_to_right: toRight / after.draws,
    before: {
      correct: correctBefore,
      accuracy: correctBefore / samples,
      loss: meanOf(before.loss),
      recalls: recallsOf(confusion.before),
    },
    confusion,
  };
}

/**
 * What the samples from `from` up to `to` get: probabilities are means over the draws, the prediction is the most
 * frequent.
 */
export function outputsOf(
  head: Head,
  outcome: SetOutcome,
  from = 0,
  to = outcome.predicted.length / outcome.draws,
): SampleOutputs {
  const { draws } = outcome;
  const samples = outcome.predicted.length / draws;
  const width = outcome.scores.length / outcome.predicted.length;
  const partOf = (draw: number): { probabilities: Float32Array; predicted: Int32Array } => {
    const [first, end] = [draw * samples + from, draw * samples + to];
    const scores = outcome.scores.subarray(first * width, end * width);
    return {
      probabilities: classProbabilities(head, scores),
      predicted: outcome.predicted.slice(first, end),
    };
  };
  if (draws === 1) return partOf(0);
  const sums = new Float64Array((to - from) * head.classes);
  const votes = new Int32Array((to - from) * head.classes);
  for (let draw = 0; draw < draws; draw++) {
    const part = partOf(draw);
    part.probabilities.forEach((probability, at) => (sums[at]! += probability));
    part.predicted.forEach((guess, n) => (votes[n * head.classes + guess]! += 1));
  }
  const predicted = new Int32Array(to - from).map((_, n) => {
    const own = votes.subarray(n * head.classes, (n + 1) * head.classes);
    return own.indexOf(Math.max(...own));
  });
  return { predicted, probabilities: Float32Array.from(sums, (sum) => sum / draws) };
}

/** `[classes, classes]`: rows are true classes, columns predicted ones; means over the draws. */
function confusionOf(classes: number, labels: Int32Array, { draws, predicted }: SetOutcome): Float64Array {
  const matrix = new Float64Array(classes * classes);
  predicted.forEach((guess, at) => (matrix[labels[at % labels.length]! * classes + guess]! += 1));
  return draws === 1 ? matrix : matrix.map((count) => count / draws);
}

function diagonal(matrix: Float64Array, classes: number): number {
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += matrix[c * (classes + 1)]!;
  return sum;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
