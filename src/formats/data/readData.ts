import { basename } from 'node:path';
import type { LabelledData } from '../../core/labelledData';
import { Failure } from '../../protocol/failure';
import type { DataCandidate } from '../../protocol/study';
import { canBeSamples, findPartners, pairsFor, sampleArrays, type ArrayPair } from './arrayPairs';
import { inspectCsv, readCsvData, readCsvLabels } from './csv';
import { detectDataFormat, type DataFormat } from './dataFormat';
import { joinDataRef, splitDataRef, type DataRef } from './dataRef';
import { openIdx } from './idx';
import { checkSameLength, classCounts, labelLayout, readLabels, type LabelSet } from './labels';
import { readName } from './names';
import { openNpy } from './npy';
import { openNpz } from './npz';
import { arrayTitle, sampleReader, type StoredArray } from './storedArray';

/** Labelled data, with the files that it was read from. */
export interface FileData extends LabelledData {
  readonly data_file: string;
  /** The file of the labels; null where it is `data_file`. */
  readonly labels_file: string | null;
}

/** Where labelled data is: as in a study, with paths that the caller has resolved. */
export interface LabelledDataRef {
  readonly data: string;
  readonly labels?: string;
  readonly label_column?: string;
}

/**
 * Reads samples with their labels from IDX pairs, npz, npy or csv. Where `labels` is not given they are found as
 * by {@link inspectData}, whose first candidate is taken.
 *
 * @throws Failure when a file is missing, not readable, cut short, damaged, or does not hold labelled samples
 */
export async function readLabelledData(ref: LabelledDataRef): Promise<FileData> {
  const source = await splitDataRef(ref.data);
  const format = await detectDataFormat(source.file);
  const given = ref.labels === undefined ? null : await labelsOf(ref.labels, ref.label_column);
  if (format === 'csv') {
    refuseArrayName(source);
    const { data, labels } = await readCsvData(source.file, given, ref.label_column);
    return withFiles(data, source.file, labels);
  }
  if (given !== null) return arrayData(await givenSamples(source, format), given);
  for await (const pair of pairs(source, format)) return arrayData(pair.samples, pair.labels);
  throw await noPair(source, format);
}

/**
 * All ways to read labelled data out of a file, best first. Reads the labels whole, but of the samples of an npz,
 * npy or IDX file only the header.
 *
 * @param path a file, or an array of it (`test.npz#x`)
 * @throws Failure when there is none, with the reason
 */
export async function inspectData(path: string): Promise<DataCandidate[]> {
  const source = await splitDataRef(path);
  const format = await detectDataFormat(source.file);
  if (format === 'csv') {
    refuseArrayName(source);
    const found = await inspectCsv(source.file);
    return found.map(({ label_column, data }) => ({
      data: source.file,
      label_column,
      samples: data.samples,
      shape: data.shape,
      dtype: data.dtype,
      class_counts: classCounts({ labels: data.labels, names: data.label_names }),
    }));
  }
  const candidates: DataCandidate[] = [];
  for await (const { samples, labelArray, labels } of pairs(source, format)) {
    const [count = 0, ...shape] = samples.shape;
    candidates.push({
      data: joinDataRef({ file: samples.file, array: samples.name }),
      labels: joinDataRef({ file: labelArray.file, array: labelArray.name }),
      samples: count,
      shape,
      dtype: samples.element.name,
      class_counts: classCounts(labels),
    });
  }
  if (candidates.length === 0) throw await noPair(source, format);
  return candidates;
}

async function arrayData(samples: StoredArray, labels: LabelSet): Promise<FileData> {
  const [count = 0, ...shape] = samples.shape;
  checkSameLength(
    { title: arrayTitle(samples), count, file: samples.file },
    { title: labels.title, count: labels.labels.length },
  );
  const read = await sampleReader(samples);
  const data = { samples: count, shape, dtype: samples.element.name, labels: labels.labels };
  return withFiles({ ...data, label_names: labels.names, read }, samples.file, labels);
}

function withFiles(data: LabelledData, file: string, labels: LabelSet): FileData {
  return { ...data, data_file: file, labels_file: labels.file === file ? null : labels.file };
}

/** The arrays of a file, in file order; of an npz all, or the one named. */
async function openArrays(
  source: DataRef,
  format: Exclude<DataFormat, 'csv'>,
): Promise<readonly StoredArray[]> {
  if (format !== 'npz') {
    refuseArrayName(source);
    return [await (format === 'npy' ? openNpy(source.file) : openIdx(source.file, format === 'idx.gz'))];
  }
  const { arrays, refused } = await openNpz(source.file);
  if (source.array === null) {
    if (arrays.length === 0 && refused[0] !== undefined) throw refused[0].failure;
    return arrays;
  }
  const unreadable = refused.find(({ name }) => name === source.array);
  if (unreadable !== undefined) throw unreadable.failure;
  if (arrays.some(({ name }) => name === source.array)) return arrays;
  const names = arrays.map(({ name }) => name).join(', ');
  throw new Failure(`${basename(source.file)} has no array "${source.array}": it has ${names}.`, {
    file: source.file,
  });
}

/** All pairs of samples and labels in a file or, for formats of one array, in it and its neighbours. */
async function* pairs(source: DataRef, format: Exclude<DataFormat, 'csv'>): AsyncGenerator<ArrayPair> {
  const arrays = await openArrays(source, format);
  if (format === 'npz') {
    let problem: Failure | undefined;
    let found = false;
    const wanted =
      source.array === null ? sampleArrays(arrays) : arrays.filter(({ name }) => name === source.array);
    for (const samples of wanted) {
      try {
        for await (const pair of pairsFor(checkedSamples(samples), arrays)) {
          found = true;
          yield pair;
        }
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure;
        problem ??= failure;
      }
    }
    if (!found && problem !== undefined) throw problem;
    return;
  }
  const [picked] = arrays;
  if (picked === undefined) return;
  const isSamples = canBeSamples(picked) && readName(basename(picked.file)).role !== 'labels';
  for (const partner of await findPartners(picked.file, isSamples ? 'labels' : 'samples')) {
    const [other] = await openArrays({ file: partner, array: null }, await arrayFormat(partner));
    if (other !== undefined)
      yield* isSamples ? pairsFor(picked, [other]) : pairsFor(checkedSamples(other), [picked]);
  }
}

async function arrayFormat(file: string): Promise<Exclude<DataFormat, 'csv'>> {
  const format = await detectDataFormat(file);
  if (format !== 'csv') return format;
  throw new Failure(`${basename(file)} is not an array.`, { file });
}

/** The samples to go with labels that were given. */
async function givenSamples(source: DataRef, format: Exclude<DataFormat, 'csv'>): Promise<StoredArray> {
  const arrays = await openArrays(source, format);
  const [first] =
    source.array === null && format === 'npz'
      ? sampleArrays(arrays)
      : arrays.filter(({ name }) => source.array === null || name === source.array);
  if (first === undefined) throw await noPair(source, format);
  return checkedSamples(first);
}

function checkedSamples(array: StoredArray): StoredArray {
  if (canBeSamples(array)) return array;
  throw new Failure(
    `${arrayTitle(array)} has the shape [${array.shape.join(', ')}], which samples cannot have: they need two axes or more.`,
    { file: array.file },
  );
}

/** Labels from a reference of their own, in any format. */
async function labelsOf(reference: string, labelColumn: string | undefined): Promise<LabelSet> {
  const source = await splitDataRef(reference);
  const format = await detectDataFormat(source.file);
  if (format === 'csv') {
    refuseArrayName(source);
    return readCsvLabels(source.file, labelColumn);
  }
  const arrays = await openArrays(source, format);
  const able = arrays.filter((array) => labelLayout(array) !== null);
  const array =
    source.array === null
      ? (able.find((one) => one.name !== null && /^(y|labels?|targets?)/i.test(one.name)) ??
        able[0] ??
        arrays[0])
      : arrays.find(({ name }) => name === source.array);
  if (array === undefined)
    throw new Failure(`${basename(source.file)} holds no labels.`, { file: source.file });
  return readLabels(array);
}

async function noPair(source: DataRef, format: Exclude<DataFormat, 'csv'>): Promise<Failure> {
  const file = source.file;
  const name = basename(file);
  const arrays = await openArrays(source, format);
  const shapes = arrays.map((array) => `${array.name ?? name} [${array.shape.join(', ')}]`).join(', ');
  return format === 'npz'
    ? new Failure(
        `${name} holds no samples with labels of the same length (it holds ${shapes}): save it as ` +
          'numpy.savez("data.npz", x=samples, y=labels), or choose the labels.',
        { file },
      )
    : new Failure(
        `The partner of ${name} (${shapes}) was not found beside it: samples and labels come as x.npy and y.npy, or as ` +
          't10k-images-idx3-ubyte and t10k-labels-idx1-ubyte; or choose the labels.',
        { file },
      );
}

function refuseArrayName({ file, array }: DataRef): void {
  if (array === null) return;
  throw new Failure(`${basename(file)} holds one array without a name: leave out "#${array}".`, { file });
}
