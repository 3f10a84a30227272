/** An array of numbers in C order. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Int32Array | Float32Array;
}

/** The bytes of a `.npy` file, version 1.0 (numpy.lib.format): magic, header padded to 64 bytes, values. */
export function npyBytes({ shape, values }: NumpyArray): Uint8Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== values.length)
    throw new Error(`${values.length} values do not fill the shape [${shape.join()}].`);
  const descr = values instanceof Uint8Array ? '|u1' : values instanceof Int32Array ? '<i4' : '<f4';
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = `${text.padEnd(Math.ceil((11 + text.length) / 64) * 64 - 11)}\n`;
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), body]);
}
