import { Failure } from '../../protocol/failure';
import { checkLength } from './checkedArray';
import { LONGEST_NPY_HEADER, numericElement, parseNpyHeader } from './npy';
import { arrayTitle, elementCount, type StoredArray } from './storedArray';
import { openZip, type ZipEntry } from '../zip';

/** The arrays of an npz file, by name; `refused` are those that cannot be read, with the reason. */
export interface NpzFile {
  readonly arrays: readonly StoredArray[];
  readonly refused: readonly { readonly name: string; readonly failure: Failure }[];
}

/**
 * Describes the arrays of an npz file from their headers.
 *
 * @throws Failure when the archive is cut short or damaged, or holds no npy file
 */
export async function openNpz(file: string): Promise<NpzFile> {
  const arrays: StoredArray[] = [];
  const refused: { name: string; failure: Failure }[] = [];
  for (const entry of await openZip(file)) {
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -'.npy'.length);
    try {
      arrays.push(await describe(file, name, entry));
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      refused.push({ name, failure });
    }
  }
  if (arrays.length + refused.length === 0) {
    throw new Failure(`${file} holds no NumPy array: it is a zip archive, but not an npz file.`, { file });
  }
  return { arrays, refused };
}

async function describe(file: string, name: string, entry: ZipEntry): Promise<StoredArray> {
  const title = arrayTitle({ file, name });
  const header = parseNpyHeader(await entry.start(LONGEST_NPY_HEADER), file, title);
  const element = numericElement(header, file, title);
  const length = elementCount(header.shape) * element.size;
  checkLength(file, `values of ${name}`, length, entry.size - header.dataStart);
  return {
    file,
    name,
    shape: header.shape,
    element,
    fortran: header.fortran,
    load: () => entry.load(header.dataStart),
  };
}
