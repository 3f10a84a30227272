import { decompressLz4, decompressLz4Raw, decompressZstd } from 'hyparquet-compressors';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** Codecs of the format, by their numbers. */
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];
/** A page may claim this many bytes whatever its packed size… */
const FREE = 2 ** 26;
/** …beyond, no more than the best of the codecs makes of it, and never more than a buffer of a page should have. */
const BEST_RATIO = 1032;
const LARGEST_PAGE = 2 ** 30;

/** The name of a codec. */
export function codecName(codec: number): string {
  return CODECS[codec] ?? `codec ${codec}`;
}

/**
 * Unpacks a page.
 *
 * @param size unpacked, as its header announces
 * @throws RangeError when it claims what it cannot hold, or is damaged; null for a codec that is not read
 */
export function unpackPage(codec: number, packed: Uint8Array, size: number): Uint8Array | null {
  if (size > LARGEST_PAGE || (size > FREE && size > packed.length * BEST_RATIO))
    throw new RangeError('page size');
  const content = unpack(CODECS[codec], packed, size);
  if (content !== null && content.length !== size) throw new RangeError('page size');
  return content;
}

function unpack(codec: string | undefined, packed: Uint8Array, size: number): Uint8Array | null {
  // zlib takes no limit of 0.
  if (size === 0) return new Uint8Array(0);
  switch (codec) {
    case 'UNCOMPRESSED':
      return packed;
    case 'SNAPPY':
      return unpackSnappy(packed, size);
    case 'GZIP':
      return plainBytes(gunzipSync(packed, { maxOutputLength: size }));
    case 'BROTLI':
      return plainBytes(brotliDecompressSync(packed, { maxOutputLength: size }));
    case 'ZSTD':
      return decompressZstd(packed, new Uint8Array(size));
    case 'LZ4':
      return decompressLz4(packed, size);
    case 'LZ4_RAW':
      return decompressLz4Raw(packed, size);
    default:
      return null;
  }
}

/** The same bytes, without what sets a Node buffer apart: its `slice` does not copy. */
function plainBytes({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Snappy's raw format (google/snappy, format_description.txt). */
function unpackSnappy(packed: Uint8Array, size: number): Uint8Array {
  const content = new Uint8Array(size);
  const byte = (at: number): number => {
    const value = packed[at];
    if (value === undefined) throw new RangeError('snappy');
    return value;
  };
  let from = 0;
  while (byte(from++) >= 0x80);
  let to = 0;
  while (from < packed.length) {
    const tag = byte(from++);
    const kind = tag & 3;
    if (kind === 0) {
      let length = tag >> 2;
      if (length >= 60) {
        const bytes = length - 59;
        length = 0;
        for (let i = 0; i < bytes; i++) length += byte(from++) * 2 ** (8 * i);
      }
      length++;
      if (length > packed.length - from || length > size - to) throw new RangeError('snappy');
      content.set(packed.subarray(from, from + length), to);
      from += length;
      to += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    let offset = kind === 1 ? (tag >> 5) * 256 + byte(from++) : byte(from) + byte(from + 1) * 256;
    if (kind >= 2) from += 2;
    if (kind === 3) offset += byte(from++) * 2 ** 16 + byte(from++) * 2 ** 24;
    if (offset === 0 || offset > to || length > size - to) throw new RangeError('snappy');
    for (let i = 0; i < length; i++, to++) content[to] = content[to - offset] ?? 0;
  }
  if (to !== size) throw new RangeError('snappy');
  return content;
}
