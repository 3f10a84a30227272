import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../protocol/failure';
import { checkSameLength, labelLayout, readLabels, type LabelSet } from './labels';
import { pairRank, readName, type NameParts } from './names';
import { arrayTitle, type StoredArray } from './storedArray';

/** An array of samples with labels of the same length. */
export interface ArrayPair {
  readonly samples: StoredArray;
  readonly labelArray: StoredArray;
  readonly labels: LabelSet;
}

/** A one-hot array wider than this is taken for something else, unless it is named as labels. */
const MOST_CLASSES = 1024;
const SPLIT_ORDER = [null, 'test', 'validation', 'train'] as const;

function nameParts(array: StoredArray): NameParts {
  return readName(array.name ?? basename(array.file));
}

/** Whether an array can be samples: numbered along its first axis, of at least one more. */
export function canBeSamples(array: StoredArray): boolean {
  return array.shape.length >= 2 && (array.shape.length > 2 || array.shape[1] !== 1);
}

/** The arrays that may be samples, those named so first, test data before training data. */
export function sampleArrays(arrays: readonly StoredArray[]): StoredArray[] {
  const able = arrays.filter((array) => canBeSamples(array) && nameParts(array).role !== 'labels');
  const named = able.filter((array) => nameParts(array).role === 'samples');
  const rank = (array: StoredArray): number => SPLIT_ORDER.indexOf(nameParts(array).split);
  return (named.length > 0 ? named : able).sort((a, b) => rank(a) - rank(b));
}

/**
 * All arrays among `arrays` that hold labels for `samples`, read, best first: of the same length, of integers (or
 * one-hot), and not of another split.
 *
 * @throws Failure when there is none but one that is named as if it were: with what is wrong with it
 */
export async function* pairsFor(
  samples: StoredArray,
  arrays: readonly StoredArray[],
): AsyncGenerator<ArrayPair> {
  const parts = nameParts(samples);
  const ranked = arrays
    .filter((array) => array !== samples && labelLayout(array) !== null)
    .map((array) => ({
      array,
      named: nameParts(array).role === 'labels',
      rank: pairRank(parts, nameParts(array)),
    }))
    .filter((entry): entry is typeof entry & { rank: 0 | 1 | 2 } => entry.rank !== null)
    .sort((a, b) => a.rank - b.rank);
  let found = false;
  let problem: Failure | undefined;
  for (const { array, named } of ranked) {
    try {
      const lengths = { title: arrayTitle(samples), count: samples.shape[0] ?? 0, file: samples.file };
      if (named) checkSameLength(lengths, { title: arrayTitle(array), count: array.shape[0] ?? 0 });
      else if (!mayBeLabels(array, lengths.count)) continue;
      const labels = await readLabels(array);
      if (!named && labelLayout(array) === 'index' && !repeats(labels.labels)) continue;
      found = true;
      yield { samples, labelArray: array, labels };
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      if (named) problem ??= failure;
    }
  }
  if (!found && problem !== undefined) throw problem;
}

/** Whether an array that is not named as labels is worth a look. */
function mayBeLabels(array: StoredArray, samples: number): boolean {
  if (array.shape[0] !== samples || samples === 0) return false;
  if (labelLayout(array) === 'one-hot') return (array.shape[1] ?? 0) <= MOST_CLASSES;
  return array.element.kind !== 'float';
}

/** Labels repeat; what numbers the samples (an id) does not. */
function repeats(labels: Int32Array): boolean {
  return new Set(labels).size <= Math.max(2, labels.length / 2);
}

/**
 * The files beside `file` that go with it by the naming convention, best first: `x_test.npy` and `y_test.npy`,
 * `t10k-images-idx3-ubyte.gz` and `t10k-labels-idx1-ubyte`.
 *
 * @param role what the partner is to hold
 */
export async function findPartners(file: string, role: 'samples' | 'labels'): Promise<string[]> {
  const own = basename(file);
  const { stem } = readName(own);
  const isNpyName = (name: string): boolean => name.toLowerCase().endsWith('.npy');
  const isPacked = (name: string): boolean => name.toLowerCase().endsWith('.gz');
  const distance = (name: string): number =>
    (readName(name).role === role ? 0 : 2) + (isPacked(name) === isPacked(own) ? 0 : 1);
  const names = await readdir(dirname(file));
  return names
    .filter((name) => name !== own && isNpyName(name) === isNpyName(own) && readName(name).stem === stem)
    .filter((name) => (readName(name).role === 'labels') === (role === 'labels'))
    .filter((name) => isNpyName(name) || /idx\d/i.test(name))
    .sort((a, b) => distance(a) - distance(b))
    .map((name) => join(dirname(file), name));
}
