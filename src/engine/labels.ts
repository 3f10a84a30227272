import type { FileData } from '../formats/data/readData';
import { Failure } from '../protocol/failure';
import type { StudySpec } from '../protocol/study';

/**
 * Labels that run from 1 to the number of classes are counted from 0, as the network's outputs are. Labels with
 * names, and such as leave another reading open, stay what they are.
 *
 * @param count of the network's classes
 * @returns the data, and the number of the first class
 */
export function countedFromZero(
  count: number,
  data: FileData,
): { readonly data: FileData; readonly first: 0 | 1 } {
  let [least, largest] = [Infinity, -Infinity];
  for (const label of data.labels) {
    least = Math.min(least, label);
    largest = Math.max(largest, label);
  }
  const isShifted = data.label_names === null && least >= 1 && largest === count;
  return isShifted
    ? { data: { ...data, labels: data.labels.map((label) => label - 1) }, first: 1 }
    : { data, first: 0 };
}

/**
 * Refuses data on which no classifier can be measured.
 * @param classes names of the classes
 * @throws Failure where there are no samples, or all are of one class
 */
export function refuseOneClass(
  { samples, labels }: Pick<FileData, 'samples' | 'labels'>,
  classes: readonly string[],
  spec: Pick<StudySpec, 'data' | 'labels'>,
): void {
  const [first] = labels;
  if (samples === 0 || first === undefined) {
    throw new Failure(`${spec.data} holds no samples: choose data that does.`, { file: spec.data });
  }
  if (labels.some((label) => label !== first)) return;
  const file = spec.labels ?? spec.data;
  const all = samples === 1 ? 'The one sample' : `All ${samples} samples`;
  throw new Failure(
    `${all} in ${file} ${samples === 1 ? 'is' : 'are'} of the class ${classes[first] ?? first}: choose data of two classes or more, or other labels.`,
    { file },
  );
}
