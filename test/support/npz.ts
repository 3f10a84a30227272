import { zipSync } from 'fflate';
import { writeFile } from 'node:fs/promises';

/** An array to be written: values in C order. */
export interface NpyArray {
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Bytes of a NumPy `.npy` file, version 1.0, little-endian, C order. */
export function npyBytes(array: NpyArray): Uint8Array {
  const { data } = array;
  const type =
    data instanceof Uint8Array
      ? '|u1'
      : data instanceof Int32Array
        ? '<i4'
        : data instanceof Float32Array
          ? '<f4'
          : '<f8';
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const prefix = Buffer.alloc(10);
  prefix.write('\x93NUMPY\x01\x00', 'latin1');
  prefix.writeUInt16LE(header.length, 8);
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([prefix, Buffer.from(header, 'latin1'), body]);
}

/** Writes a NumPy `.npz` archive, uncompressed, one array a name. */
export async function writeNpz(file: string, arrays: Readonly<Record<string, NpyArray>>): Promise<void> {
  const entries = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npyBytes(array)] as const);
  await writeFile(file, zipSync(Object.fromEntries(entries), { level: 0 }));
}
