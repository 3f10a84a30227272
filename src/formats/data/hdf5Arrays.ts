import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { openHdf5, type Hdf5Dataset, type Hdf5File } from '../hdf5/hdf5File';
import { memoryBytes, type Bytes } from './bytes';
import type { NpzFile } from './npz';
import { elementCount, type StoredArray } from './storedArray';

/** Up to here (bytes) an array is read at once; beyond, the rows that are asked for. */
const IN_MEMORY = 2 ** 30;

/**
 * Describes the datasets of numbers of an HDF5 file as arrays, by their paths.
 *
 * @throws Failure when it is damaged, holds none, or is a Keras model
 */
export async function openHdf5Arrays(file: string): Promise<NpzFile> {
  return withFile(file, (open) => {
    if (isKerasModel(open)) {
      throw new Failure(
        `${basename(file)} is a Keras model, not data: choose the file that holds the samples.`,
        { file },
      );
    }
    const arrays: StoredArray[] = [];
    const refused: { name: string; failure: Failure }[] = [];
    for (const dataset of open.datasets()) {
      const { path: name, shape, element } = dataset;
      if (element === null) {
        const what = dataset.text ? 'text' : 'elements that are not numbers';
        const sentence = `${basename(file)}#${name} holds ${what}; samples and labels must be arrays of real numbers.`;
        refused.push({ name, failure: new Failure(sentence, { file }) });
      } else {
        arrays.push({ file, name, shape, element, fortran: false, load: () => load(file, dataset) });
      }
    }
    if (arrays.length + refused.length === 0)
      throw new Failure(`${basename(file)} holds no arrays.`, { file });
    return { arrays, refused };
  });
}

/** Models and weights that Keras saved have these marks at the root, or all arrays under `layers`. */
function isKerasModel(open: Hdf5File): boolean {
  const marks = open.attributeNames('');
  if (['keras_version', 'model_config', 'layer_names'].some((mark) => marks.includes(mark))) return true;
  if (open.kind('model_weights') === 'group') return true;
  return open.kind('layers') === 'group' && open.datasets().every(({ path }) => path.includes('vars/'));
}

async function load(file: string, dataset: Hdf5Dataset): Promise<Bytes> {
  const { shape, element } = dataset;
  const size = element?.size ?? 1;
  const length = elementCount(shape) * size;
  const width = elementCount(shape.slice(1)) * size;
  const read = (offset: number, count: number): Promise<Uint8Array> =>
    width === 0 || shape.length === 0
      ? withFile(file, (open) => open.read(dataset))
      : withFile(file, (open) => {
          const first = Math.floor(offset / width);
          const rows = open.read(dataset, first, Math.ceil((offset + count) / width) - first);
          return rows.subarray(offset - first * width, offset - first * width + count);
        });
  return length <= IN_MEMORY ? memoryBytes(await read(0, length)) : { length, whole: null, read };
}

async function withFile<T>(file: string, use: (open: Hdf5File) => T): Promise<T> {
  const open = await openHdf5(file);
  try {
    return use(open);
  } finally {
    open.close();
  }
}
