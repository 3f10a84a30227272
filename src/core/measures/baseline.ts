import type { Baseline } from '../../protocol/run';

/**
 * Counts the network's own performance.
 * @param indices the study's samples
 * @param predicted by sample index
 * @param loss by sample index, nats
 * @param classes names, in index order
 */
export function baselineOf(
  indices: Int32Array,
  labels: Int32Array,
  predicted: Int32Array,
  loss: Float64Array,
  classes: readonly string[],
): Baseline {
  const samples = new Int32Array(classes.length);
  const right = new Int32Array(classes.length);
  const chosen = new Int32Array(classes.length);
  let correct = 0;
  let sum = 0;
  for (const index of indices) {
    const label = labels[index]!;
    const guess = predicted[index]!;
    samples[label]! += 1;
    chosen[guess]! += 1;
    sum += loss[index]!;
    if (guess === label) {
      correct += 1;
      right[label]! += 1;
    }
  }
  const per_class = classes.map((name, c) => ({
    class: name,
    samples: samples[c]!,
    correct: right[c]!,
    recall: samples[c] === 0 ? null : right[c]! / samples[c]!,
    precision: chosen[c] === 0 ? null : right[c]! / chosen[c]!,
  }));
  const recalls = per_class.flatMap(({ recall }) => recall ?? []);
  return {
    correct,
    samples: indices.length,
    accuracy: correct / indices.length,
    balanced_accuracy: recalls.reduce((total, recall) => total + recall, 0) / recalls.length,
    loss: sum / indices.length,
    per_class,
  };
}

/** The largest class's share of some samples: what naming it always would reach. */
export function largestShare(indices: Int32Array, labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const index of indices) counts.set(labels[index]!, (counts.get(labels[index]!) ?? 0) + 1);
  return Math.max(...counts.values()) / indices.length;
}

/**
 * Is this accuracy no better than always naming the largest class would be, give or take chance? Then
 * deleting neurons shows nothing.
 */
export function isNearChance({ per_class, samples, correct }: Baseline): boolean {
  return hardlyAbove(Math.max(...per_class.map((one) => one.samples)) / samples, correct, samples);
}

/**
 * Is `correct` of `samples` hardly above a share? Above are at least two standard errors and a twentieth of the way
 * to perfect.
 */
export function hardlyAbove(share: number, correct: number, samples: number): boolean {
  const error = Math.sqrt((share * (1 - share)) / samples);
  return correct / samples < share + Math.max(2 * error, 0.05 * (1 - share));
}

/** A class this many times as large as another, and of so many samples, makes classes skewed. */
const SKEW = 3;
const SKEW_SAMPLES = 10;

/** What to say where some classes have many more samples than others; null where they have not. */
export function skewText({ per_class, samples, balanced_accuracy, accuracy }: Baseline): string | null {
  const present = per_class.filter((one) => one.samples > 0).sort((a, b) => b.samples - a.samples);
  const [largest, smallest] = [present[0], present.at(-1)];
  if (largest === undefined || smallest === undefined) return null;
  if (largest.samples < SKEW_SAMPLES || largest.samples <= SKEW * smallest.samples) return null;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return (
    `The classes are skewed: ${largest.samples} of ${samples} samples are ${largest.class}, ${smallest.samples} ${smallest.samples === 1 ? 'is' : 'are'} ${smallest.class}. ` +
    `Always naming ${largest.class} would be right on ${percent(largest.samples / samples)}; balanced accuracy, ` +
    `${percent(balanced_accuracy)} beside an accuracy of ${percent(accuracy)}, counts every class alike.`
  );
}
