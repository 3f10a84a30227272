import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';
import { readStart } from './bytes';
import { isIdx } from './idx';
import { inflateStart } from './inflate';
import { isJsonLines } from './json';
import { isNpy } from './npy';
import { isParquet } from './parquet/metadata';
import { isZip } from './zip';

/** The formats of arrays. */
export type ArrayFormat = 'idx' | 'idx.gz' | 'npz' | 'npy';

/** The formats that labelled data is read from. */
export type DataFormat = ArrayFormat | 'csv' | 'json' | 'jsonl' | 'parquet' | 'folder';

const ARRAYS: readonly string[] = ['idx', 'idx.gz', 'npz', 'npy'] satisfies ArrayFormat[];

/** Whether a format is one of arrays. */
export function isArrayFormat(format: DataFormat): format is ArrayFormat {
  return ARRAYS.includes(format);
}

const READS = 'this version reads IDX, npz, npy, csv or tsv, JSON and JSON Lines';

/** How to make a file that is read out of one that is not yet, in a line of Python; by extension. */
const CONVERSIONS: Readonly<Record<string, (name: string) => string>> = {
  '.feather': (name) => `pandas.read_feather("${name}").to_csv("data.csv", index=False)`,
  '.arrow': (name) => `pandas.read_feather("${name}").to_csv("data.csv", index=False)`,
  '.xlsx': (name) => `pandas.read_excel("${name}").to_csv("data.csv", index=False)`,
  '.h5': (name) => `f = h5py.File("${name}"); numpy.savez("data.npz", x=f["x"][:], y=f["y"][:])`,
  '.hdf5': (name) => `f = h5py.File("${name}"); numpy.savez("data.npz", x=f["x"][:], y=f["y"][:])`,
  '.mat': (name) => `m = scipy.io.loadmat("${name}"); numpy.savez("data.npz", x=m["X"], y=m["y"].ravel())`,
  '.pkl': (name) => `x, y = pandas.read_pickle("${name}"); numpy.savez("data.npz", x=x, y=y)`,
  '.pickle': (name) => `x, y = pandas.read_pickle("${name}"); numpy.savez("data.npz", x=x, y=y)`,
  '.pt': (name) => `x, y = torch.load("${name}"); numpy.savez("data.npz", x=x.numpy(), y=y.numpy())`,
  '.tfrecord': () => 'x, y = zip(*dataset.as_numpy_iterator()); numpy.savez("data.npz", x=x, y=y)',
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
  if (
    format === null ||
    (extension === '.npz' && format !== 'npz') ||
    (extension === '.npy' && format !== 'npy')
  ) {
    const claim =
      extension === '.npz' || extension === '.npy' ? ` ${extension.slice(1)} data` : ' data that is read';
    throw new Failure(`${name} is not${claim}: ${READS}.`, { file });
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
  if (isParquet(start)) return 'parquet';
  if (start.includes(0)) return null;
  if (!/^\uFEFF?\s*[[{]/.test(new TextDecoder().decode(start.subarray(0, 256)))) return 'csv';
  return (await isJsonLines(file)) ? 'jsonl' : 'json';
}
