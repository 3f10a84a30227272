import { maskedCrc32c } from '../../src/formats/data/tfrecord/crc32c';

/** Features of a `tf.Example`: texts and bytes, or numbers; those of `floats` are stored as floats, else as int64. */
export interface ExampleFeatures {
  readonly bytes?: Readonly<Record<string, string | Uint8Array>>;
  readonly floats?: Readonly<Record<string, readonly number[]>>;
  readonly ints?: Readonly<Record<string, readonly number[]>>;
}

/** The bytes of a TFRecord file of such examples. */
export function tfRecord(examples: readonly ExampleFeatures[]): Buffer {
  return records(examples.map(example));
}

/** The bytes of a TFRecord file of any records. */
export function records(all: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    all.flatMap((data) => {
      const head = Buffer.alloc(12);
      head.writeBigUInt64LE(BigInt(data.length), 0);
      head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
      const tail = Buffer.alloc(4);
      tail.writeUInt32LE(maskedCrc32c(data), 0);
      return [head, data, tail];
    }),
  );
}

function example({ bytes = {}, floats = {}, ints = {} }: ExampleFeatures): Buffer {
  const entry = (name: string, list: number, content: Buffer): Buffer =>
    field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, field(list, content))]));
  const entries = [
    ...Object.entries(bytes).map(([name, value]) =>
      entry(name, 1, field(1, Buffer.from(value as Uint8Array))),
    ),
    ...Object.entries(floats).map(([name, values]) =>
      entry(name, 2, field(1, Buffer.from(Float32Array.from(values).buffer))),
    ),
    ...Object.entries(ints).map(([name, values]) =>
      entry(
        name,
        3,
        field(1, Buffer.concat(values.map((value) => varint(BigInt.asUintN(64, BigInt(value)))))),
      ),
    ),
  ];
  return field(1, Buffer.concat(entries));
}

/** A field that has a length. */
function field(id: number, content: Buffer): Buffer {
  return Buffer.concat([varint(BigInt(id * 8 + 2)), varint(BigInt(content.length)), content]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (; value >= 128n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
  return Buffer.from([...bytes, Number(value)]);
}
