import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * A stable 32-bit hash (0 … 2³²−1) of its parts: one seed for each purpose and step, made from the study's
 * seed, as in `seedFrom(seed, 'epoch', 3)`. The parts' order, number and types count: `1` is not `'1'`.
 * The same on every platform and in every version: FNV-1a over the parts' UTF-16 units, then the finaliser of
 * MurmurHash3.
 */
export function seedFrom(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    // A type mark before and a terminator after each part: ('ab', 'c') is not ('a', 'bc').
    const text = `${typeof part === 'number' ? '#' : '$'}${part}\u0000`;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      hash = Math.imul(hash ^ (code & 0xff), 0x01000193);
      hash = Math.imul(hash ^ (code >>> 8), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A generator that belongs to `seed` alone. Neighbouring seeds give unrelated sequences. */
function generator(seed: number): RandomGenerator {
  const random = xoroshiro128plus(seedFrom(seed));
  // The seed fills a quarter of the state: let it spread before the first number is used.
  for (let i = 0; i < 16; i++) random.next();
  return random;
}

/** Shuffles `values` in place: Fisher and Yates, all orders equally likely. */
function shuffle(values: Int32Array, random: RandomGenerator): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
}

/** The numbers 0 … `length` − 1 in an order drawn from `seed`. */
export function permutation(length: number, seed: number): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  shuffle(order, generator(seed));
  return order;
}

/** `length` numbers, uniform in [0, 1), drawn from `seed`. */
export function uniforms(length: number, seed: number): Float64Array {
  const random = generator(seed);
  return Float64Array.from({ length }, () => uniformFloat64(random));
}

/**
 * Draws rows with replacement, as many as there are, again and again.
 * @returns sets `counts` to how often each row was drawn
 */
export function resampler(seed: number): (counts: Int32Array) => void {
  const random = generator(seed);
  return (counts) => {
    const rows = counts.length;
    counts.fill(0);
    for (let i = 0; i < rows; i++) counts[Math.floor((random.next() >>> 0) * (rows / 2 ** 32))]! += 1;
  };
}

/**
 * Corrupts labels (science.md, "Nets of the paper"): the labels of a `fraction` (0 … 1) of the images, drawn from
 * `seed`, are shuffled among those images, so that every class keeps its number of images. With `fraction` 1
 * the labels say nothing of the images any more. An image may receive its own label again by chance.
 *
 * @returns new labels; `labels` is left as it is
 */
export function shuffleLabels(labels: Int32Array, fraction: number, seed: number): Int32Array {
  const count = Math.round(fraction * labels.length);
  const chosen = permutation(labels.length, seedFrom(seed, 'images')).subarray(0, count);
  const order = permutation(count, seedFrom(seed, 'labels'));
  const corrupted = labels.slice();
  for (let i = 0; i < count; i++) corrupted[chosen[i]!] = labels[chosen[order[i]!]!]!;
  return corrupted;
}
