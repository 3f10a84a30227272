import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { memoryBytes, type Bytes } from './bytes';
import { decode, type ElementType } from './elements';

/** An n-dimensional array of numbers as it lies in a file: described, not yet read. */
export interface StoredArray {
  readonly file: string;
  /** Its name inside the file; null where the file is one array. */
  readonly name: string | null;
  readonly shape: readonly number[];
  readonly element: ElementType;
  /** First axis fastest (Fortran order) instead of last (C order). */
  readonly fortran: boolean;
  /**
   * The elements' bytes, in storage order, checked for completeness.
   *
   * @throws Failure when the file is cut short or damaged
   */
  load(): Promise<Bytes>;
}

/** Number of elements of an array of this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** How a person sees it: `test.npz#x`, `x.npy`. */
export function arrayTitle(array: Pick<StoredArray, 'file' | 'name'>): string {
  return array.name === null ? basename(array.file) : `${basename(array.file)}#${array.name}`;
}

/** All numbers of an array, in C order. */
export async function readNumbers(array: StoredArray): Promise<Float64Array> {
  const bytes = inCOrder(array, await array.load());
  return decode(
    array.element,
    await bytes.read(0, bytes.length),
    new Float64Array(elementCount(array.shape)),
  );
}

/**
 * The bytes of an array with the last axis fastest.
 *
 * @throws Failure when it is stored with the first axis fastest and too large to be turned around in memory
 */
export function inCOrder(array: StoredArray, bytes: Bytes): Bytes {
  if (!array.fortran || array.shape.length < 2) return bytes;
  if (bytes.whole === null) {
    throw new Failure(
      `${arrayTitle(array)} is stored in Fortran order and too large to be turned around in memory: save it again ` +
        'with numpy.ascontiguousarray(x).',
      { file: array.file },
    );
  }
  const source = bytes.whole;
  const size = array.element.size;
  const { shape } = array;
  const target = new Uint8Array(bytes.length);
  const at = new Array<number>(shape.length).fill(0);
  const strides: number[] = [];
  shape.reduce((stride, length) => (strides.push(stride), stride * length), 1);
  let from = 0;
  for (let to = 0; to < target.length; to += size) {
    for (let byte = 0; byte < size; byte++) target[to + byte] = source[from * size + byte] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (at[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      at[axis] = next;
      if (next < (shape[axis] ?? 0)) break;
      from -= next * (strides[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return memoryBytes(target);
}

/** Reads the samples at some indices as float32: `[indices.length, …shape]`. */
export type SampleReader = (indices: ArrayLike<number>) => Promise<Float32Array>;

/**
 * A reader of the samples along an array's first axis.
 *
 * @throws Failure when the array is cut short or damaged, and, on reading, when a value is NaN or infinite
 */
export async function sampleReader(array: StoredArray): Promise<SampleReader> {
  const bytes = inCOrder(array, await array.load());
  const [samples = 0, ...shape] = array.shape;
  const values = elementCount(shape);
  const width = values * array.element.size;
  return async (indices) => {
    const gathered = new Uint8Array(indices.length * width);
    for (let i = 0; i < indices.length;) {
      const first = checkedIndex(indices[i], samples);
      let run = 1;
      while (i + run < indices.length && indices[i + run] === first + run) run++;
      checkedIndex(first + run - 1, samples);
      gathered.set(await bytes.read(first * width, run * width), i * width);
      i += run;
    }
    const numbers = decode(array.element, gathered, new Float32Array(indices.length * values));
    if (array.element.kind === 'float') {
      const bad = numbers.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw notFinite(array, indices[Math.floor(bad / values)] ?? 0, numbers[bad] ?? NaN);
    }
    return numbers;
  };
}

/** @throws RangeError when `index` is not one of `0 … samples − 1` */
export function checkedIndex(index: number | undefined, samples: number): number {
  if (index !== undefined && Number.isInteger(index) && index >= 0 && index < samples) return index;
  throw new RangeError(`Sample ${String(index)} of ${samples}.`);
}

function notFinite(array: StoredArray, sample: number, value: number): Failure {
  const what = Number.isNaN(value) ? 'not a number (NaN)' : 'infinite, or too large for float32';
  return new Failure(
    `Sample ${sample} of ${arrayTitle(array)} holds a value that is ${what}: clean the data before analysing it.`,
    { file: array.file },
  );
}
