import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Failure } from '../../protocol/failure';
import { isHdf5 } from '../hdf5/hdf5File';
import { readingFailure } from '../readingFailure';
import { readStart } from './bytes';
import { isIdx } from './idx';
import { inflateStart } from './inflate';
import { isJsonLines } from './json';
import { isNpy } from './npy';
import { isParquet } from './parquet/metadata';
import { isTfRecord } from './tfrecord/records';
import { isZip } from '../zip';

/** The formats of arrays. */
export type ArrayFormat = 'idx' | 'idx.gz' | 'npz' | 'npy' | 'hdf5';

/** The formats that labelled data is read from. */
export type DataFormat = ArrayFormat | 'csv' | 'json' | 'jsonl' | 'parquet' | 'tfrecord' | 'folder';

const ARRAYS: readonly string[] = ['idx', 'idx.gz', 'npz', 'npy', 'hdf5'] satisfies ArrayFormat[];

/** Whether a format is one of arrays. */
export function isArrayFormat(format: DataFormat): format is ArrayFormat {
  return ARRAYS.includes(format);
}

const READS =
  'this version reads IDX, npy, npz, HDF5, csv or tsv, JSON, JSON Lines, Parquet, TFRecord and folders of pictures';

/** Extensions that say what a file holds. */
const CLAIMS: Readonly<Record<string, { readonly name: string; readonly formats: readonly DataFormat[] }>> = {
  '.npz': { name: 'npz data', formats: ['npz'] },
  '.npy': { name: 'npy data', formats: ['npy'] },
  '.json': { name: 'JSON', formats: ['json', 'jsonl'] },
  '.jsonl': { name: 'JSON Lines', formats: ['json', 'jsonl'] },
  '.ndjson': { name: 'JSON Lines', formats: ['json', 'jsonl'] },
  '.parquet': { name: 'Parquet', formats: ['parquet'] },
  '.h5': { name: 'HDF5', formats: ['hdf5'] },
  '.hdf5': { name: 'HDF5', formats: ['hdf5'] },
  '.tfrecord': { name: 'TFRecord', formats: ['tfrecord'] },
  '.tfrecords': { name: 'TFRecord', formats: ['tfrecord'] },
};

/** How to make a file that is read out of one that is not yet, in a line of Python; by extension. */
const CONVERSIONS: Readonly<Record<string, (name: string) => string>> = {
  '.feather': (name) => `pandas.read_feather("${name}").to_csv("data.csv", index=False)`,
  '.arrow': (name) => `pandas.read_feather("${name}").to_csv("data.csv", index=False)`,
  '.xlsx': (name) => `pandas.read_excel("${name}").to_csv("data.csv", index=False)`,
  '.mat': (name) => `m = scipy.io.loadmat("${name}"); numpy.savez("data.npz", x=m["X"], y=m["y"].ravel())`,
  '.pkl': (name) => `x, y = pandas.read_pickle("${name}"); numpy.savez("data.npz", x=x, y=y)`,
  '.pickle': (name) => `x, y = pandas.read_pickle("${name}"); numpy.savez("data.npz", x=x, y=y)`,
  '.pt': (name) => `x, y = torch.load("${name}"); numpy.savez("data.npz", x=x.numpy(), y=y.numpy())`,
};

const IMAGES = new Set('.png .jpg .jpeg .bmp .gif .tif .tiff .webp'.split(' '));

/**
 * Tells the format of a file by its content, so that any extension may carry a csv; a folder is one of images.
 *
 * @throws Failure when it is missing, empty, or of another format: then with how to convert it
 */
export async function detectDataFormat(file: string): Promise<DataFormat> {
  const name = basename(file);
  const stats = await stat(file).catch((cause: unknown) => {
    throw readingFailure(file, cause);
  });
  if (stats.isDirectory()) return 'folder';
  if (stats.size === 0) throw new Failure(`${name} is empty.`, { file });
  const extension = extname(file).toLowerCase();
  const convert = CONVERSIONS[extension];
  if (convert !== undefined) {
    throw new Failure(`${name} is not read yet: ${READS}; convert it in Python with ${convert(name)}.`, {
      file,
    });
  }
  if (IMAGES.has(extension)) {
    throw new Failure(`${name} is one picture: choose the folder that all of them lie in.`, { file });
  }
  const format = await byContent(file, stats.size);
  const claimed = CLAIMS[extension];
  if (format === null || (claimed !== undefined && !claimed.formats.includes(format))) {
    throw new Failure(`${name} is not ${claimed?.name ?? 'data that is read'}: ${READS}.`, { file });
  }
  return format;
}

async function byContent(file: string, size: number): Promise<DataFormat | null> {
  const start = await readStart(file, 1 << 16);
  if (start[0] === 0x1f && start[1] === 0x8b) {
    const unpacked = await inflateStart({ path: file, kind: 'gzip', start: 0, length: size }, 16);
    if (isIdx(unpacked)) return 'idx.gz';
    throw new Failure(`${basename(file)} is packed with gzip and does not hold IDX data: unpack it first.`, {
      file,
    });
  }
  if (isNpy(start)) return 'npy';
  if (isZip(start)) return 'npz';
  if (isIdx(start)) return 'idx';
  if (isHdf5(start)) return 'hdf5';
  if (isParquet(start)) return 'parquet';
  if (isTfRecord(start)) return 'tfrecord';
  if (start.includes(0)) return null;
  if (!/^\uFEFF?\s*[[{]/.test(new TextDecoder().decode(start.subarray(0, 256)))) return 'csv';
  return (await isJsonLines(file)) ? 'jsonl' : 'json';
}
