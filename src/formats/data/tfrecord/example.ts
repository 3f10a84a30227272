/** What a feature of a tf.Example holds. */
export type Feature =
  | { readonly kind: 'bytes'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'float' | 'int64'; readonly values: ArrayLike<number> };

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/**
 * Reads a serialised `tf.Example` (tensorflow/core/example/feature.proto): its features by name, those without
 * values left out. Of a `SequenceExample` that is its context.
 *
 * @param only the one feature that is wanted; all when absent
 * @throws RangeError when it is no such message
 */
export function readExample(bytes: Uint8Array, only?: string): Map<string, Feature> {
  const features = new Map<string, Feature>();
  for (const example of messages(bytes, 1)) {
    for (const entry of messages(example, 1)) {
      let name = '';
      let value: Uint8Array | null = null;
      for (const { field, content } of fields(entry)) {
        if (field === 1 && content !== null) name = DECODER.decode(content);
        if (field === 2) value = content;
      }
      if (value === null || (only !== undefined && name !== only)) continue;
      const feature = readFeature(value);
      if (feature !== null && feature.values.length > 0) features.set(name, feature);
    }
  }
  return features;
}

const DECODER = new TextDecoder();

function readFeature(bytes: Uint8Array): Feature | null {
  for (const { field, content } of fields(bytes)) {
    if (content === null) continue;
    if (field === 1) return { kind: 'bytes', values: [...messages(content, 1)] };
    if (field === 2) return { kind: 'float', values: readFloats(content) };
    if (field === 3) return { kind: 'int64', values: readInts(content) };
  }
  return null;
}

interface Field {
  readonly field: number;
  readonly type: number;
  /** Bytes of a field that has a length, or of a fixed one; null for a varint. */
  readonly content: Uint8Array | null;
  /** Of a varint. */
  readonly value: number;
}

function* messages(bytes: Uint8Array, field: number): Generator<Uint8Array> {
  for (const one of fields(bytes))
    if (one.field === field && one.type === BYTES && one.content !== null) yield one.content;
}

function* fields(bytes: Uint8Array): Generator<Field> {
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) {
    const tag = varint(bytes, cursor);
    const field = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === VARINT) {
      yield { field, type, content: null, value: varint(bytes, cursor) };
      continue;
    }
    const length =
      type === FIXED_64 ? 8 : type === FIXED_32 ? 4 : type === BYTES ? varint(bytes, cursor) : Infinity;
    if (field === 0 || length > bytes.length - cursor.at) throw new RangeError('field beyond the end');
    cursor.at += length;
    yield { field, type, content: bytes.subarray(cursor.at - length, cursor.at), value: NaN };
  }
}

function readFloats(bytes: Uint8Array): Float32Array {
  const parts = [...fields(bytes)].flatMap(({ field, content }) =>
    field === 1 && content !== null ? [content] : [],
  );
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (parts.some((part) => part.length % 4 !== 0)) throw new RangeError('floats');
  const values = new Float32Array(length / 4);
  let to = 0;
  for (const part of parts) {
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
    for (let at = 0; at < part.length; at += 4) values[to++] = view.getFloat32(at, true);
  }
  return values;
}

function readInts(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (const { field, content, value } of fields(bytes)) {
    if (field !== 1) continue;
    if (content === null) values.push(value);
    else for (const cursor = { at: 0 }; cursor.at < content.length;) values.push(varint(content, cursor));
  }
  return values;
}

/** A number of up to 64 bits, signed; beyond ±2^53 its last digits are lost. */
function varint(bytes: Uint8Array, cursor: { at: number }): number {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) break;
    const part = byte & 0x7f;
    if (shift < 28) low += part * 2 ** shift;
    else if (shift === 28) {
      low += (part & 0xf) * 2 ** 28;
      high += part >> 4;
    } else if (shift < 63) high += part * 2 ** (shift - 32);
    else high += (part & 1) * 2 ** 31;
    if (byte < 0x80) return (high >= 2 ** 31 ? high - 2 ** 32 : high) * 2 ** 32 + low;
  }
  throw new RangeError('number without end');
}
