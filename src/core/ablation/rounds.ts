import { permutation, seedFrom } from '../random';

/** A block of samples on which pieces are run. */
export interface Slice {
  readonly index: number;
  readonly round: number;
  /** Which stratified half of the data it belongs to. */
  readonly half: 0 | 1;
  /** Indices of its samples. */
  readonly samples: Int32Array;
}

/** How a study's samples are cut: disjoint, class-stratified rounds, each made of slices of both halves. */
export interface Rounds {
  /** Samples of each round; they add up to all. */
  readonly samples: readonly number[];
  readonly slices: readonly Slice[];
}

/** Samples in the first round: enough for a picture, few enough to come at once. */
const FIRST_ROUND = 256;

/** How many times as many samples are done after a round as before it. */
const GROWTH = 4;

/**
 * All samples in an order of which every stretch is class-stratified: the k-th of a class's m samples, in a
 * seeded order, stands at (k + ½)/m of the whole, ties by class.
 */
export function stratifiedOrder(labels: Int32Array, seed: number): Int32Array {
  const byClass = new Map<number, number[]>();
  for (const index of permutation(labels.length, seedFrom(seed, 'stratify'))) {
    const label = labels[index]!;
    const members = byClass.get(label);
    if (members === undefined) byClass.set(label, [index]);
    else members.push(index);
  }
  const place = new Float64Array(labels.length);
  for (const members of byClass.values()) {
    members.forEach((index, k) => (place[index] = (k + 0.5) / members.length));
  }
  const order = Int32Array.from(labels, (_, index) => index);
  return order.sort((a, b) => place[a]! - place[b]! || labels[a]! - labels[b]! || a - b);
}

/**
 * Cuts samples into rounds, each three times as large as all before it together, and rounds into slices that
 * alternate between the two halves.
 * @param order from {@link stratifiedOrder}, perhaps shortened
 * @param largest how many samples a slice may hold
 */
export function cutRounds(order: Int32Array, largest: number): Rounds {
  const samples: number[] = [];
  const slices: Slice[] = [];
  let at = 0;
  while (at < order.length) {
    const size = Math.min(order.length - at, Math.max(FIRST_ROUND, (GROWTH - 1) * at));
    const parts = Math.min(size, 2 * Math.ceil(size / (2 * largest)));
    for (let part = 0; part < parts; part++) {
      const from = at + Math.floor((part * size) / parts);
      const to = at + Math.floor(((part + 1) * size) / parts);
      slices.push({
        index: slices.length,
        round: samples.length,
        half: part % 2 === 0 ? 0 : 1,
        samples: order.slice(from, to),
      });
    }
    samples.push(size);
    at += size;
  }
  return { samples, slices };
}
