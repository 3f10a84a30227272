import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../../protocol/failure';
import { readingFailure } from '../../readingFailure';
import { readPart } from '../bytes';
import { maskedCrc32c } from './crc32c';

/** Where a record's data lies in a file; in bytes. */
export interface RecordPlace {
  readonly start: number;
  readonly length: number;
}

/** Length and its checksum before the data, the data's checksum after it. */
const BEFORE = 12;
const AFTER = 4;
const BLOCK = 1 << 22;
/** A record is kept in memory whole. */
const LONGEST = 2 ** 30;

/** Whether these first bytes are those of a TFRecord file: the checksum of the first length is right. */
export function isTfRecord(start: Uint8Array): boolean {
  if (start.length < BEFORE) return false;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  return view.getUint32(8, true) === maskedCrc32c(start.subarray(0, 8));
}

/**
 * Goes through all records of a TFRecord file, from the first to the last, in blocks.
 *
 * @param size of the file, in bytes
 * @throws Failure when it is cut short or damaged: lengths and data are held against their checksums
 */
export async function* eachRecord(
  file: string,
  size: number,
): AsyncGenerator<{ readonly place: RecordPlace; readonly data: Uint8Array }> {
  const broken = (what: string, record: number): Failure =>
    new Failure(`${basename(file)} is ${what} (record ${record}).`, { file });
  let block = new Uint8Array(0);
  let blockStart = 0;
  const bytesAt = async (start: number, length: number): Promise<Uint8Array> => {
    if (start < blockStart || start + length > blockStart + block.length) {
      block = (await readPart(file, start, Math.min(size - start, Math.max(BLOCK, length)))) as typeof block;
      blockStart = start;
    }
    return block.subarray(start - blockStart, start - blockStart + length);
  };
  for (let at = 0, record = 0; at < size; record++) {
    if (at + BEFORE > size) throw broken('cut short', record);
    const head = await bytesAt(at, BEFORE);
    const view = new DataView(head.buffer, head.byteOffset, BEFORE);
    if (view.getUint32(8, true) !== maskedCrc32c(head.subarray(0, 8)))
      throw broken('damaged: the checksum of a length is wrong', record);
    const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
    const start = at + BEFORE;
    if (start + length + AFTER > size) throw broken('cut short', record);
    if (length > LONGEST) throw broken('not read: it holds a record of more than 1 GB', record);
    const whole = await bytesAt(start, length + AFTER);
    const data = whole.subarray(0, length);
    const checksum = new DataView(whole.buffer, whole.byteOffset + length, AFTER).getUint32(0, true);
    if (checksum !== maskedCrc32c(data)) throw broken('damaged: the checksum of a record is wrong', record);
    yield { place: { start, length }, data };
    at = start + length + AFTER;
  }
}

/**
 * Reads the data of some records again.
 *
 * @throws Failure when the file has become shorter, or cannot be read
 */
export async function readRecords(
  file: string,
  places: readonly RecordPlace[],
  use: (data: Uint8Array, index: number) => void,
): Promise<void> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw readingFailure(file, cause);
  });
  try {
    for (const [index, { start, length }] of places.entries()) {
      const data = new Uint8Array(length);
      const { bytesRead } = await handle.read(data, 0, length, start);
      if (bytesRead !== length) throw new Failure(`${file} is cut short.`, { file });
      use(data, index);
    }
  } catch (cause) {
    throw readingFailure(file, cause);
  } finally {
    await handle.close();
  }
}
