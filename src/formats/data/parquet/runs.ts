import { readVarint } from '../../varint';

/**
 * Reads numbers in Parquet's hybrid of runs and packed bits (encoding RLE).
 *
 * @param width bits of a number, 0 to 32
 * @param count how many to read
 * @throws RangeError when the bytes end before
 */
export function readRuns(bytes: Uint8Array, width: number, count: number): Int32Array {
  const numbers = new Int32Array(count);
  if (width === 0) return numbers;
  if (width > 32) throw new RangeError('bit width');
  const cursor = { at: 0 };
  const size = (width + 7) >> 3;
  for (let to = 0; to < count;) {
    const header = readVarint(bytes, cursor);
    if (header % 2 === 1) {
      const length = ((header - 1) / 2) * 8;
      const packed = Math.min(length, count - to);
      if (length === 0) throw new RangeError('empty run');
      readBits(bytes, cursor.at, width, numbers, to, packed);
      cursor.at += (length / 8) * width;
      to += packed;
    } else {
      if (header === 0 || cursor.at + size > bytes.length) throw new RangeError('run beyond the end');
      let value = 0;
      for (let i = 0; i < size; i++) value |= (bytes[cursor.at++] ?? 0) << (8 * i);
      const end = Math.min(count, to + header / 2);
      numbers.fill(value, to, end);
      to = end;
    }
  }
  return numbers;
}

/** Reads `count` numbers of `width` bits, lowest bits first. */
function readBits(
  bytes: Uint8Array,
  from: number,
  width: number,
  into: Int32Array,
  to: number,
  count: number,
): void {
  if (from + Math.ceil((count * width) / 8) > bytes.length) throw new RangeError('bits beyond the end');
  if (width === 8) {
    into.set(bytes.subarray(from, from + count), to);
    return;
  }
  let bit = 0;
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let have = 0; have < width;) {
      const left = 8 - (bit & 7);
      const take = Math.min(left, width - have);
      const part = ((bytes[from + (bit >> 3)] ?? 0) >> (bit & 7)) & ((1 << take) - 1);
      value |= part << have;
      have += take;
      bit += take;
    }
    into[to + i] = value;
  }
}

/**
 * Reads whole numbers that are stored as differences (encoding DELTA_BINARY_PACKED), as far as ±2^53.
 *
 * @param most no more numbers than this
 * @returns them, and where they end
 * @throws RangeError when the bytes end before
 */
export function readDeltas(
  bytes: Uint8Array,
  from: number,
  most: number,
): { numbers: Float64Array; end: number } {
  const cursor = { at: from };
  const blockSize = readVarint(bytes, cursor);
  const parts = readVarint(bytes, cursor);
  const count = readVarint(bytes, cursor);
  const partSize = blockSize / parts;
  if (count > most || parts > 512 || blockSize > 2 ** 20 || !Number.isInteger(partSize) || partSize % 8 !== 0)
    throw new RangeError('differences');
  const numbers = new Float64Array(count);
  let value = readSigned(bytes, cursor);
  if (count > 0) numbers[0] = Number(value);
  for (let to = 1; to < count;) {
    const least = readSigned(bytes, cursor);
    const widths = bytes.subarray(cursor.at, cursor.at + parts);
    if (widths.length < parts) throw new RangeError('differences');
    cursor.at += parts;
    for (const width of widths) {
      if (to >= count) break;
      if (width > 64) throw new RangeError('bit width');
      const length = (partSize / 8) * width;
      if (cursor.at + length > bytes.length) throw new RangeError('differences beyond the end');
      for (let i = 0; i < partSize && to < count; i++) {
        value = BigInt.asIntN(64, value + least + readWide(bytes, cursor.at, i * width, width));
        numbers[to++] = Number(value);
      }
      cursor.at += length;
    }
  }
  return { numbers, end: cursor.at };
}

function readWide(bytes: Uint8Array, from: number, firstBit: number, width: number): bigint {
  let low = 0;
  let high = 0;
  for (let have = 0; have < width;) {
    const bit = firstBit + have;
    const take = Math.min(8 - (bit & 7), width - have, have < 32 ? 32 - have : 64);
    const part = ((bytes[from + (bit >> 3)] ?? 0) >> (bit & 7)) & ((1 << take) - 1);
    if (have < 32) low += part * 2 ** have;
    else high += part * 2 ** (have - 32);
    have += take;
  }
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) + BigInt(low);
}

/** A signed (zigzag) number of up to 64 bits. */
function readSigned(bytes: Uint8Array, cursor: { at: number }): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
  }
  throw new RangeError('number without end');
}
