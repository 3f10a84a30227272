/** Another order of the classes, under which a network is right. */
export interface ClassOrder {
  /** Entry k: the label of the samples that the network calls class k. */
  readonly labelOf: Int32Array;
  /** Share of samples that are right then, measured on others than those that told the order. */
  readonly accuracy: number;
}

/** Samples a class that an order must rest on. */
const SAMPLES_A_CLASS = 5;

/**
 * Finds the order of the classes under which a network's predictions fit the labels, where there is one that is not
 * the order as it is: told from every second sample of each label, tried on the others, and right on at least half of
 * what the largest class leaves to be right on.
 * @param predicted class of each sample, as `labels`
 */
export function otherOrder(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): ClassOrder | null {
  if (labels.length < 2 * SAMPLES_A_CLASS * classes) return null;
  const seen = new Int32Array(classes);
  const isTried = Array.from(labels, (label) => seen[label]!++ % 2 === 1);
  const meetings = new Map<number, number>();
  for (let n = 0; n < labels.length; n++) {
    const cell = predicted[n]! * classes + labels[n]!;
    if (!isTried[n]!) meetings.set(cell, (meetings.get(cell) ?? 0) + 1);
  }
  const labelOf = assign(meetings, classes);
  if (labelOf.every((label, k) => label === k)) return null;
  const counts = seen.map((count) => count >> 1);
  const tried = counts.reduce((sum, count) => sum + count, 0);
  let right = 0;
  for (let n = 0; n < labels.length; n++) {
    if (isTried[n]! && labelOf[predicted[n]!] === labels[n]) right += 1;
  }
  const largest = Math.max(...counts) / tried;
  const accuracy = right / tried;
  return accuracy >= (1 + largest) / 2 ? { labelOf, accuracy } : null;
}

/**
 * Pairs classes with labels, those that meet most often first; what never meets keeps the order it has.
 * @param meetings by class · classes + label
 */
function assign(meetings: ReadonlyMap<number, number>, classes: number): Int32Array {
  const labelOf = new Int32Array(classes).fill(-1);
  const taken = new Set<number>();
  for (const [cell] of [...meetings].sort(([a, m], [b, n]) => n - m || a - b)) {
    const k = Math.floor(cell / classes);
    const label = cell % classes;
    if (labelOf[k] !== -1 || taken.has(label)) continue;
    labelOf[k] = label;
    taken.add(label);
  }
  for (let k = 0; k < classes; k++) {
    if (labelOf[k] === -1 && !taken.has(k)) {
      labelOf[k] = k;
      taken.add(k);
    }
  }
  const left = Array.from({ length: classes }, (_, label) => label).filter((label) => !taken.has(label));
  return labelOf.map((label) => (label === -1 ? left.shift()! : label));
}
