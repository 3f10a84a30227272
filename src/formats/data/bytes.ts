import { open, type FileHandle } from 'node:fs/promises';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';

/** A run of bytes of known length that can be read in parts: in memory or on disk. */
export interface Bytes {
  readonly length: number;
  /** All of them, where they are in memory. */
  readonly whole: Uint8Array | null;
  /** The bytes of `[offset, offset + length)`; may be a view: do not write to it. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes that are in memory. */
export function memoryBytes(content: Uint8Array): Bytes {
  return {
    length: content.length,
    whole: content,
    read: (offset, length) => Promise.resolve(content.subarray(offset, offset + length)),
  };
}

/** Up to here (bytes) a part of a file is kept in memory; beyond, it is read when asked for. */
const IN_MEMORY = 2 ** 30;

/**
 * A part of a file: read at once where it is small enough, else when asked for.
 *
 * @throws Failure when the file cannot be read or ends before
 */
export async function fileBytes(path: string, start: number, length: number): Promise<Bytes> {
  if (length <= IN_MEMORY) return memoryBytes(await readPart(path, start, length));
  return { length, whole: null, read: (offset, count) => readPart(path, start + offset, count) };
}

/**
 * Reads exactly `length` bytes of a file from `start` on.
 *
 * @throws Failure when the file cannot be read or ends before
 */
export async function readPart(path: string, start: number, length: number): Promise<Uint8Array> {
  return withFile(path, async (file) => {
    const content = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const step = Math.min(length - filled, 1 << 30);
      const { bytesRead } = await file.read(content, filled, step, start + filled);
      if (bytesRead === 0) throw new Failure(`${path} is cut short.`, { file: path });
      filled += bytesRead;
    }
    return content;
  });
}

/** The first bytes of a file: `length` of them, or fewer where it is shorter. */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  return withFile(path, async (file) => {
    const content = new Uint8Array(length);
    const { bytesRead } = await file.read(content, 0, length, 0);
    return content.subarray(0, bytesRead);
  });
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    return await use(file);
  } catch (cause) {
    throw readingFailure(path, cause);
  } finally {
    await file?.close();
  }
}
