import { Failure } from '../../protocol/failure';
import { arrayTitle, readNumbers, type StoredArray } from './storedArray';

/** The class of each sample, as read from a file. */
export interface LabelSet {
  readonly file: string;
  /** How a person calls them: `test.npz#y`. */
  readonly title: string;
  readonly labels: Int32Array;
  /** Names in index order where the labels are text, else null. */
  readonly names: readonly string[] | null;
  /** What names the sample of each label, such as a file name; absent where labels stand in the samples' order. */
  readonly keys?: readonly string[];
}

/** How an array can hold labels: one integer a sample, or one row a sample with a single 1. Null: it cannot. */
export function labelLayout(array: StoredArray): 'index' | 'one-hot' | null {
  const [, width = 1] = array.shape;
  if (array.shape.length === 0 || array.shape.length > 2) return null;
  return width === 1 ? 'index' : 'one-hot';
}

/**
 * Reads an array of labels: `[n]` or `[n, 1]` class indices, or `[n, classes]` one-hot.
 *
 * @throws Failure when it is none of these
 */
export async function readLabels(array: StoredArray): Promise<LabelSet> {
  const title = arrayTitle(array);
  const layout = labelLayout(array);
  if (layout === null) {
    throw new Failure(
      `${title} has the shape [${array.shape.join(', ')}], which labels cannot have: give one integer a sample.`,
      { file: array.file },
    );
  }
  const numbers = await readNumbers(array);
  if (layout === 'index') return { file: array.file, title, ...classesOf(numbers, title, array.file) };
  const labels = fromOneHot(numbers, array.shape[1] ?? 0, title, array.file);
  return { file: array.file, title, labels, names: null };
}

/**
 * The classes that one number a sample stands for: an index, or −1 and 1 for two classes.
 *
 * @throws Failure as {@link toClassIndices}
 */
export function classesOf(
  numbers: Float64Array,
  title: string,
  file: string,
): Pick<LabelSet, 'labels' | 'names'> {
  const isSigned = numbers.includes(-1) && numbers.every((value) => value === -1 || value === 1);
  if (!isSigned) return { labels: toClassIndices(numbers, title, file), names: null };
  return { labels: Int32Array.from(numbers, (value) => (value === 1 ? 1 : 0)), names: ['-1', '1'] };
}

/**
 * Checks that numbers are class indices.
 *
 * @throws Failure naming the first that is not a whole number of at least 0
 */
export function toClassIndices(numbers: Float64Array, title: string, file: string): Int32Array {
  const labels = new Int32Array(numbers.length);
  for (const [i, value] of numbers.entries()) {
    const problem = labelProblem(value);
    if (problem !== null) {
      throw new Failure(
        `${title} cannot be labels: that of sample ${i} is ${problem}; classes are numbered from 0 on.`,
        {
          file,
        },
      );
    }
    labels[i] = value;
  }
  return labels;
}

function labelProblem(value: number): string | null {
  if (Number.isNaN(value)) return 'missing or not a number';
  if (!Number.isFinite(value)) return 'infinite';
  if (!Number.isInteger(value)) return `${value}, which is not a whole number`;
  if (value < 0) return `${value}, which is negative`;
  return value > 0x7fffffff ? `${value}, which is too large` : null;
}

/**
 * The classes that one-hot rows stand for.
 *
 * @param numbers row by row, `classes` of them each
 * @throws Failure naming the first row that is not one-hot
 */
export function fromOneHot(numbers: Float64Array, classes: number, title: string, file: string): Int32Array {
  const labels = new Int32Array(classes === 0 ? 0 : numbers.length / classes).fill(-1);
  for (let i = 0; i < labels.length; i++) {
    for (let c = 0; c < classes; c++) {
      const value = numbers[i * classes + c];
      if (value === 0) continue;
      if (value !== 1 || labels[i] !== -1) labels[i] = -2;
      else labels[i] = c;
      if (labels[i] === -2) break;
    }
    if ((labels[i] ?? -1) < 0) {
      const row = numbers.subarray(i * classes, (i + 1) * classes);
      throw new Failure(`${title} cannot be labels: ${rowProblem(row, i)}; give one integer a sample.`, {
        file,
      });
    }
  }
  return labels;
}

/** What is wrong with a row that should be one-hot. */
function rowProblem(row: Float64Array, index: number): string {
  const ones = row.reduce((count, value) => count + Number(value === 1), 0);
  const isMultiLabel = ones > 1 && row.every((value) => value === 0 || value === 1);
  return isMultiLabel
    ? `row ${String(index)} names ${String(ones)} classes at once (multi-label data), and only one class a sample can be analysed`
    : `row ${String(index)} is not one-hot (a single 1, the rest 0)`;
}

/** How many samples each label has, in label order; the name stands for the label where there is one. */
export function classCounts({
  labels,
  names,
}: Pick<LabelSet, 'labels' | 'names'>): { label: string; samples: number }[] {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, samples]) => ({ label: names?.[label] ?? String(label), samples }));
}

/** @throws Failure when samples and labels are not equally many, or there are none */
export function checkSameLength(
  samples: { readonly title: string; readonly count: number; readonly file: string },
  labels: { readonly title: string; readonly count: number },
): void {
  if (samples.count !== labels.count) {
    throw new Failure(
      `${samples.title} holds ${samples.count} samples but ${labels.title} holds ${labels.count} labels: ` +
        'choose the two that belong together.',
      { file: samples.file },
    );
  }
  if (samples.count === 0) throw new Failure(`${samples.title} holds no samples.`, { file: samples.file });
}
