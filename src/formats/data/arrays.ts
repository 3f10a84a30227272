import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { canBeSamples, findPartners, pairsFor, sampleArrays, type ArrayPair } from './arrayPairs';
import { detectDataFormat, isArrayFormat, type ArrayFormat } from './dataFormat';
import type { DataReader, LabelledSamples, WantedInput } from './dataReader';
import { joinDataRef, refuseArrayName, type DataRef } from './dataRef';
import { openHdf5Arrays } from './hdf5Arrays';
import { openIdx } from './idx';
import { checkSameLength, classCounts, labelLayout, readLabels, type LabelSet } from './labels';
import { readName } from './names';
import { openNpy } from './npy';
import { openNpz } from './npz';
import { arrayTitle, sampleReader, type StoredArray } from './storedArray';

/**
 * Reads samples and labels that are arrays: of one file (npz, HDF5), or of two beside each other (npy, IDX). To inspect,
 * the labels are read whole, but of the samples only the header.
 */
export function arrayReader(format: ArrayFormat): DataReader {
  return {
    async inspect(source) {
      const candidates = [];
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
    },

    async open(source, given, _choices, wanted) {
      if (given !== null) return arrayData(await givenSamples(source, format, wanted), given);
      for await (const pair of pairs(source, format, wanted)) return arrayData(pair.samples, pair.labels);
      throw await noPair(source, format);
    },

    async labels(source) {
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
    },

    async names(file) {
      const arrays = await openArrays({ file, array: null }, format);
      return arrays.flatMap(({ name }) => name ?? []);
    },
  };
}

async function arrayData(samples: StoredArray, labels: LabelSet): Promise<LabelledSamples> {
  const [count = 0, ...shape] = samples.shape;
  checkSameLength(
    { title: arrayTitle(samples), count, file: samples.file },
    { title: labels.title, count: labels.labels.length },
  );
  const read = await sampleReader(samples);
  const data = { samples: count, shape, dtype: samples.element.name, labels: labels.labels };
  return { data: { ...data, label_names: labels.names, read }, file: samples.file, labels };
}

/** Whether a file of the format holds arrays by name, instead of one. */
function holdsMany(format: ArrayFormat): format is 'npz' | 'hdf5' {
  return format === 'npz' || format === 'hdf5';
}

/** The arrays of a file, in file order; of one that has many all, if the one named is there. */
async function openArrays(source: DataRef, format: ArrayFormat): Promise<readonly StoredArray[]> {
  if (!holdsMany(format)) {
    refuseArrayName(source);
    return [await (format === 'npy' ? openNpy(source.file) : openIdx(source.file, format === 'idx.gz'))];
  }
  const { arrays, refused } = await (format === 'npz' ? openNpz(source.file) : openHdf5Arrays(source.file));
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
async function* pairs(
  source: DataRef,
  format: ArrayFormat,
  takes: WantedInput | null = null,
): AsyncGenerator<ArrayPair> {
  const arrays = await openArrays(source, format);
  if (holdsMany(format)) {
    let problem: Failure | undefined;
    let found = false;
    const wanted =
      source.array === null ? sampleArrays(arrays) : arrays.filter(({ name }) => name === source.array);
    for (const samples of wanted) {
      try {
        for await (const pair of pairsFor(checkedSamples(samples, takes), arrays)) {
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
      yield* isSamples ? pairsFor(picked, [other]) : pairsFor(checkedSamples(other, takes), [picked]);
  }
}

async function arrayFormat(file: string): Promise<ArrayFormat> {
  const format = await detectDataFormat(file);
  if (isArrayFormat(format)) return format;
  throw new Failure(`${basename(file)} is not an array.`, { file });
}

/** The samples to go with labels that were given. */
async function givenSamples(
  source: DataRef,
  format: ArrayFormat,
  wanted: WantedInput | null,
): Promise<StoredArray> {
  const arrays = await openArrays(source, format);
  const [first] =
    source.array === null && holdsMany(format)
      ? sampleArrays(arrays)
      : arrays.filter(({ name }) => source.array === null || name === source.array);
  if (first === undefined) throw await noPair(source, format);
  return checkedSamples(first, wanted);
}

function checkedSamples(array: StoredArray, wanted: WantedInput | null): StoredArray {
  const isNumber = wanted?.shape.length === 1 && wanted.shape[0] === 1;
  if (canBeSamples(array) || (isNumber && array.shape.length > 0)) return array;
  throw new Failure(
    `${arrayTitle(array)} has the shape [${array.shape.join(', ')}], which samples cannot have: they need two axes or more.`,
    { file: array.file },
  );
}

async function noPair(source: DataRef, format: ArrayFormat): Promise<Failure> {
  const file = source.file;
  const name = basename(file);
  const arrays = await openArrays(source, format);
  const shapes = arrays.map((array) => `${array.name ?? name} [${array.shape.join(', ')}]`).join(', ');
  return holdsMany(format)
    ? new Failure(
        `${name} holds no samples with labels of the same length (it holds ${shapes}): ${
          format === 'npz' ? 'save it as numpy.savez("data.npz", x=samples, y=labels)' : 'call them x and y'
        }, or choose the labels.`,
        { file },
      )
    : new Failure(
        `The partner of ${name} (${shapes}) was not found beside it: samples and labels come as x.npy and y.npy, or as ` +
          't10k-images-idx3-ubyte and t10k-labels-idx1-ubyte; or choose the labels.',
        { file },
      );
}
