/**
 * An unsigned LEB128 number at a cursor, which it moves; beyond 2^53 its last digits are lost.
 * @throws RangeError when it has no end
 */
export function readVarint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
  throw new RangeError('number without end');
}
