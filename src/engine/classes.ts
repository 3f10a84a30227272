import type { FileData } from '../formats/data/readData';
import { findClassNames, readClassNames, type ClassNames } from '../formats/classNames';
import { Failure } from '../protocol/failure';
import type { StudySpec } from '../protocol/study';
import { countedFromZero } from './labels';

/** Data whose labels are the network's classes. */
export interface ClassifiedData {
  readonly data: FileData;
  /** Names of the network's classes, in the order of its outputs. */
  readonly classes: readonly string[];
  /** Where the names were read, where they stand in a file of their own. */
  readonly class_names?: { readonly path: string; readonly note: string | null };
  /** What was done to the numbers of the labels, in a sentence. */
  readonly label_note?: string;
}

/**
 * Brings the labels of data into the order of a network's classes. Where the model's class names are known (a file
 * that the study names, or one found beside model or data) and the labels have names, they are matched by name:
 * without regard to case, spaces and punctuation, else as the only class that ends in the label (`boat` is
 * `lifeboat`). Otherwise a label's number is that of its class, counted from 0 or from 1.
 *
 * @param count of the network's classes
 * @throws Failure when labels and classes do not go together
 */
export async function classify(
  count: number,
  read: FileData,
  spec: Pick<StudySpec, 'data' | 'labels' | 'class_names'>,
  model: string,
): Promise<ClassifiedData> {
  const { data, first } = countedFromZero(count, read);
  const counted =
    first === 0
      ? {}
      : {
          label_note: `The labels run from 1 to ${count}; they were counted from 0, as the model’s outputs are.`,
        };
  const known = await knownNames(count, data, spec, model);
  const own = data.label_names;
  if (known === null) {
    if (own !== null && own.length !== count) throw wrongCount(own, count, spec);
    checkRange(count, data.labels, spec);
    const classes = Array.from({ length: count }, (_, c) => own?.[c] ?? String(c + first));
    return { data, classes, ...counted };
  }
  const classes = known.names;
  const path = known.file;
  const order = own === null ? null : matchNames(own, known, spec);
  if (order === null) {
    checkRange(count, data.labels, spec);
    return { data, classes, class_names: { path, note: null }, ...counted };
  }
  const labels = data.labels.map((label) => order.indices[label] ?? -1);
  return {
    data: { ...data, labels, label_names: classes },
    classes,
    class_names: { path, note: order.note },
  };
}

async function knownNames(
  count: number,
  data: FileData,
  spec: Pick<StudySpec, 'data' | 'class_names'>,
  model: string,
): Promise<ClassNames | null> {
  if (spec.class_names === undefined) return findClassNames(model, data.data_file, count);
  const known = await readClassNames(spec.class_names);
  if (known.names.length === count) return known;
  throw new Failure(
    `${known.file} names ${known.names.length} classes, but the model tells ${count} apart: give one name for each of its outputs, in their order.`,
    { file: known.file },
  );
}

/** The class of each label name, and what is to be said of it. */
function matchNames(
  own: readonly string[],
  { file, names }: ClassNames,
  spec: Pick<StudySpec, 'data' | 'labels'>,
): { readonly indices: readonly number[]; readonly note: string | null } {
  const plain = (name: string): string => name.toLowerCase().replace(/[\s_\-.]+/g, '');
  const plainNames = names.map(plain);
  const exact = own.map((name) => plainNames.indexOf(plain(name)));
  const indices = exact.map((found, label) => {
    if (found >= 0) return found;
    const end = plain(own[label] ?? '');
    const able = names.flatMap((_, c) =>
      !exact.includes(c) && plainNames[c]?.endsWith(end) === true ? [c] : [],
    );
    return end.length > 1 && able.length === 1 ? (able[0] ?? -1) : -1;
  });
  const told = new Set(indices.filter((index) => index >= 0));
  const missing = own.filter((_, label) => (indices[label] ?? -1) < 0);
  if (told.size === 0 && own.length === names.length) {
    const note = `None of the labels is named in ${file}: they were taken for its classes in order.`;
    return { indices: own.map((_, label) => label), note };
  }
  if (missing.length > 0 || told.size < own.length) {
    const which = missing.length > 0 ? missing : own;
    throw new Failure(
      `The labels ${listed(which)} in ${spec.labels ?? spec.data} are not among the classes named in ${file} (${listed(names)}): give both the same names.`,
      { file: spec.labels ?? spec.data },
    );
  }
  const renamed = own.flatMap((name, label) =>
    exact[label] === indices[label] ? [] : [`${name} is ${names[indices[label] ?? 0] ?? ''}`],
  );
  const moved = indices.some((index, label) => index !== label);
  const notes = [
    ...(moved ? [`Labels were matched by name to the classes in ${file}, whose order is another`] : []),
    ...(renamed.length > 0 ? [`taken for the same: ${listed(renamed)}`] : []),
  ];
  return { indices, note: notes.length === 0 ? null : `${notes.join('; ')}.` };
}

/** Checks that every label is a class. */
function checkRange(count: number, labels: Int32Array, spec: Pick<StudySpec, 'data' | 'labels'>): void {
  let largest = 0;
  for (const label of labels) largest = Math.max(largest, label);
  if (largest < count) return;
  throw new Failure(
    `The labels in ${spec.labels ?? spec.data} go up to ${String(largest)}, but the model tells ${String(count)} classes (0 to ${String(count - 1)}) apart; choose the labels it was trained on.`,
    { file: spec.labels ?? spec.data },
  );
}

function wrongCount(
  own: readonly string[],
  count: number,
  spec: Pick<StudySpec, 'data' | 'labels'>,
): Failure {
  return new Failure(
    `The labels in ${spec.labels ?? spec.data} have ${own.length} names (${listed(own)}), but the model tells ${count} classes apart: choose the data it was made for, or put its class names, one a line in the order of its outputs, into class_names.txt beside it.`,
    { file: spec.labels ?? spec.data },
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown}, …` : shown;
}
