import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';

/** A compressed part of a file. */
export interface Packed {
  readonly path: string;
  readonly kind: 'gzip' | 'raw';
  readonly start: number;
  /** Compressed length in bytes. */
  readonly length: number;
}

/** Deflate packs no tighter than this: a claim beyond it is refused before any memory is taken. */
const BEST_RATIO = 1032;
/** What is unpacked is in memory whole: no more than so many bytes. */
const LARGEST = 2 ** 32;

/**
 * Unpacks a part of a file into exactly `expected` bytes.
 *
 * @throws Failure when it holds fewer bytes (cut short), more, or is damaged
 */
export async function inflateExactly(packed: Packed, expected: number): Promise<Uint8Array> {
  if (expected > packed.length * BEST_RATIO) throw cutShort(packed, expected);
  if (expected > LARGEST) {
    throw new Failure(
      `${basename(packed.path)} holds more than 4 GB packed, too much to unpack in memory: save it unpacked, for ` +
        'example with numpy.savez.',
      { file: packed.path },
    );
  }
  const content = new Uint8Array(expected);
  let filled = 0;
  for await (const chunk of unpack(packed)) {
    if (filled + chunk.length > expected) {
      throw new Failure(
        `${basename(packed.path)} is damaged: it holds more than the ${expected} bytes that it announces.`,
        { file: packed.path },
      );
    }
    content.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled < expected) throw cutShort(packed, expected);
  return content;
}

/** The first `length` unpacked bytes of a part of a file, or fewer where there are fewer. */
export async function inflateStart(packed: Packed, length: number): Promise<Uint8Array> {
  const content = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of unpack(packed)) {
    const part = chunk.subarray(0, length - filled);
    content.set(part, filled);
    filled += part.length;
    if (filled === length) break;
  }
  return content.subarray(0, filled);
}

async function* unpack(packed: Packed): AsyncGenerator<Uint8Array> {
  const { path, start, length } = packed;
  const source = createReadStream(path, { start, end: Math.max(start, start + length - 1) });
  const unpacker = packed.kind === 'gzip' ? createGunzip() : createInflateRaw();
  source.on('error', (error) => unpacker.destroy(error));
  try {
    for await (const chunk of source.pipe(unpacker)) yield chunk as Uint8Array;
  } catch (cause) {
    throw unpackingFailure(packed, cause);
  } finally {
    source.destroy();
    unpacker.destroy();
  }
}

function unpackingFailure(packed: Packed, cause: unknown): Failure {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? '';
  const name = basename(packed.path);
  const options = { file: packed.path, cause };
  if (code === 'Z_BUF_ERROR')
    return new Failure(`${name} is cut short: its compressed data ends early.`, options);
  if (code.startsWith('Z_'))
    return new Failure(`${name} is damaged: its compressed data cannot be unpacked.`, options);
  return readingFailure(packed.path, cause);
}

function cutShort(packed: Packed, expected: number): Failure {
  return new Failure(
    `${basename(packed.path)} is cut short: it holds fewer than the ${expected} bytes that it announces.`,
    { file: packed.path },
  );
}
