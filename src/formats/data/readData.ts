import type { LabelledData } from '../../core/labelledData';
import type { DataCandidate, StudySpec } from '../../protocol/study';
import { detectDataFormat } from './dataFormat';
import type { ReadingChoices, WantedInput } from './dataReader';
import { splitDataRef } from './dataRef';
import type { LabelSet } from './labels';
import { READERS } from './readers';

/** Labelled data, with the files (or folders) that it was read from. */
export interface FileData extends LabelledData {
  readonly data_file: string;
  /** The file of the labels; null where it is `data_file`. */
  readonly labels_file: string | null;
  /** Where the values of further inputs are, each file once. */
  readonly more_files?: readonly string[];
}

/** Where labelled data is: as in a study, with paths that the caller has resolved. */
export type LabelledDataRef = Pick<StudySpec, 'data' | 'labels'> & ReadingChoices;

/**
 * Reads samples with their labels. Where `labels` is not given they are found as by {@link inspectData}, whose
 * first candidate is taken.
 *
 * @param wanted what the model takes, where it is known
 * @throws Failure when a file is missing, not readable, cut short, damaged, or does not hold labelled samples
 */
export async function readLabelledData(
  ref: LabelledDataRef,
  wanted: WantedInput | null = null,
): Promise<FileData> {
  const source = await splitDataRef(ref.data);
  const reader = READERS[await detectDataFormat(source.file)];
  const given = ref.labels === undefined ? null : await labelsOf(ref.labels, ref);
  const { data, file, labels } = await reader.open(source, given, ref, wanted);
  return { ...data, data_file: file, labels_file: labels.file === file ? null : labels.file };
}

/**
 * All ways to read labelled data out of a file or folder, best first. Reads no more than it must.
 *
 * @param path a file or folder, or an array of a file (`test.npz#x`)
 * @param wanted what the model takes, where it is known
 * @throws Failure when there is none, with the reason
 */
export async function inspectData(path: string, wanted: WantedInput | null = null): Promise<DataCandidate[]> {
  const source = await splitDataRef(path);
  return READERS[await detectDataFormat(source.file)].inspect(source, wanted);
}

/** Labels from a reference of their own, in any format. */
export async function labelsOf(reference: string, choices: ReadingChoices): Promise<LabelSet> {
  const source = await splitDataRef(reference);
  return READERS[await detectDataFormat(source.file)].labels(source, choices);
}
