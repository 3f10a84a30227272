import { zipSync } from 'fflate';
import { writeFile } from 'node:fs/promises';

/** An array to be written: values in C order. */
export interface NpyArray {
  readonly data: Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Bytes of a NumPy `.npy` file, version 1.0, little-endian, C order. */
export function npyBytes({ data, shape }: NpyArray): Uint8Array {
  const axes = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const text = `{'descr': '${typeCode(data)}', 'fortran_order': False, 'shape': (${axes}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const prefix = Buffer.alloc(10);
  prefix.write('\x93NUMPY\x01\x00', 'latin1');
  prefix.writeUInt16LE(header.length, 8);
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([prefix, Buffer.from(header, 'latin1'), body]);
}

function typeCode(data: NpyArray['data']): string {
  if (data instanceof Uint8Array) return '|u1';
  if (data instanceof Int32Array) return '<i4';
  if (data instanceof BigInt64Array) return '<i8';
  return data instanceof Float32Array ? '<f4' : '<f8';
}

/** Writes a NumPy `.npz` archive, one array a name: uncompressed as `numpy.savez` does, unless told to compress. */
export async function writeNpz(
  file: string,
  arrays: Readonly<Record<string, NpyArray>>,
  options: { readonly compress?: boolean } = {},
): Promise<void> {
  const entries = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npyBytes(array)] as const);
  await writeFile(file, zipSync(Object.fromEntries(entries), { level: options.compress === true ? 6 : 0 }));
}
