import { zipSync, type Zippable } from 'fflate';
import { npyBytes, type NumpyArray } from '../src/formats/data/writeNpy';

/** The bytes of a compressed NumPy archive, always the same for the same arrays. */
export function npz(arrays: Readonly<Record<string, NumpyArray>>): Uint8Array {
  const entries: Zippable = {};
  for (const [name, array] of Object.entries(arrays)) {
    entries[`${name}.npy`] = [npyBytes(array), { level: 9, mtime: new Date(1980, 0, 1) }];
  }
  return zipSync(entries);
}
