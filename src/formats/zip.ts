import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure } from '../protocol/failure';
import { fileBytes, memoryBytes, readPart, type Bytes } from './data/bytes';
import { inflateExactly, inflateStart } from './data/inflate';

/** One file inside a zip archive, as its directory lists it; sizes in bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** Its first `length` bytes, unpacked, or fewer where it is shorter. */
  start(length: number): Promise<Uint8Array>;
  /**
   * Its bytes from `from` on, unpacked and, where they are in memory, checked against its checksum.
   *
   * @throws Failure when it is cut short or damaged
   */
  load(from: number): Promise<Bytes>;
}

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const FULL_32 = 0xffffffff;

/** Whether these first bytes are those of a zip archive, also of an empty one. */
export function isZip(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5);
}

/**
 * Lists a zip archive (PKWARE APPNOTE, with zip64) from its directory alone.
 *
 * @throws Failure when it is cut short or damaged
 */
export async function openZip(file: string): Promise<ZipEntry[]> {
  const { size } = await stat(file);
  const { start, length, count } = await findDirectory(file, size);
  if (start + length > size) throw cutShort(file);
  const directory = await readPart(file, start, length);
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const entries: ZipEntry[] = [];
  try {
    for (let at = 0, i = 0; i < count; i++) {
      if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw damaged(file);
      const nameLength = view.getUint16(at + 28, true);
      const extraLength = view.getUint16(at + 30, true);
      const name = Buffer.from(directory.subarray(at + 46, at + 46 + nameLength)).toString('utf8');
      const extra = new DataView(directory.buffer, directory.byteOffset + at + 46 + nameLength, extraLength);
      const sizes = [
        view.getUint32(at + 24, true),
        view.getUint32(at + 20, true),
        view.getUint32(at + 42, true),
      ];
      const [unpacked = 0, packed = 0, offset = 0] = widen(sizes, extra);
      const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
      const method = encrypted ? -1 : view.getUint16(at + 10, true);
      entries.push(
        entryAt({
          file,
          fileSize: size,
          name,
          method,
          crc: view.getUint32(at + 16, true),
          unpacked,
          packed,
          offset,
        }),
      );
      at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    }
  } catch (cause) {
    throw cause instanceof RangeError ? damaged(file, cause) : cause;
  }
  return entries;
}

/** Where the archive's directory lies: its end record is found from the back, past a comment if there is one. */
async function findDirectory(
  file: string,
  size: number,
): Promise<{ start: number; length: number; count: number }> {
  const tailLength = Math.min(size, 22 + 0xffff);
  const tail = await readPart(file, size - tailLength, tailLength);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let end = tailLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw cutShort(file);
  const count = view.getUint16(end + 10, true);
  const length = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  const locator = end - 20;
  const is64 = locator >= 0 && view.getUint32(locator, true) === END_64_LOCATOR;
  if (!is64) return { count, length, start };
  const at = Number(view.getBigUint64(locator + 8, true));
  if (at + 56 > size) throw cutShort(file);
  const record = await readPart(file, at, 56);
  const wide = new DataView(record.buffer, record.byteOffset);
  if (wide.getUint32(0, true) !== END_64) throw damaged(file);
  return {
    count: Number(wide.getBigUint64(32, true)),
    length: Number(wide.getBigUint64(40, true)),
    start: Number(wide.getBigUint64(48, true)),
  };
}

/** Replaces 32-bit sizes that are full by those of the zip64 extra field, which stand there in the same order. */
function widen(sizes: readonly number[], extra: DataView): number[] {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let from = at + 4;
    return sizes.map((size) => {
      if (size !== FULL_32) return size;
      from += 8;
      return Number(extra.getBigUint64(from - 8, true));
    });
  }
  return [...sizes];
}

interface Listed {
  readonly file: string;
  readonly fileSize: number;
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly unpacked: number;
  readonly packed: number;
  readonly offset: number;
}

function entryAt(listed: Listed): ZipEntry {
  const { file, name, unpacked, packed, method } = listed;
  return {
    name,
    size: unpacked,
    async start(length) {
      const start = await contentStart(listed);
      if (method === 0) return readPart(file, start, Math.min(length, unpacked));
      return inflateStart({ path: file, kind: 'raw', start, length: packed }, Math.min(length, unpacked));
    },
    async load(from) {
      const start = await contentStart(listed);
      const content =
        method === 0
          ? await fileBytes(file, start, unpacked)
          : memoryBytes(await inflateExactly({ path: file, kind: 'raw', start, length: packed }, unpacked));
      if (content.whole === null) return fileBytes(file, start + from, unpacked - from);
      if (crc32(content.whole) !== listed.crc) throw damaged(file);
      return memoryBytes(content.whole.subarray(from));
    },
  };
}

async function contentStart({
  file,
  fileSize,
  name,
  method,
  unpacked,
  packed,
  offset,
}: Listed): Promise<number> {
  if (method !== 0 && method !== 8) {
    const how = method === -1 ? 'encrypted' : `packed by method ${method}`;
    throw new Failure(
      `${name} in ${basename(file)} is ${how}, which is not read: save it again with the program that made it, ` +
        'not with an archiver.',
      { file },
    );
  }
  if (offset + 30 > fileSize) throw cutShort(file);
  const header = await readPart(file, offset, 30);
  const view = new DataView(header.buffer, header.byteOffset);
  if (view.getUint32(0, true) !== LOCAL_HEADER || (method === 0 && packed !== unpacked)) throw damaged(file);
  const start = offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + packed > fileSize) throw cutShort(file);
  return start;
}

function cutShort(file: string): Failure {
  return new Failure(`${basename(file)} is cut short: it is not a whole zip archive.`, { file });
}

function damaged(file: string, cause?: unknown): Failure {
  return new Failure(`${basename(file)} is damaged: its zip archive cannot be read.`, { file, cause });
}
