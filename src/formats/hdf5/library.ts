import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Module } from 'h5wasm';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';
import { beginsCollection, collectionLength, isSoundCollection } from './globalHeap';

/** The HDF5 library, compiled to WebAssembly. */
export type Library = typeof Module;

/** A file that the library has open. Sizes in bytes. */
export interface OpenFile {
  readonly size: number;
  /**
   * Asks the library something about the file; nothing may be awaited in between.
   * @param damaged what to say when the library cannot answer
   * @throws Failure when it cannot
   */
  use<T>(damaged: string, ask: (library: Library, id: bigint) => T): T;
  close(): void;
}

/** The parts of the library's file system that its types hide. */
interface FileNode {
  usedBytes: number;
  stream_ops: Record<string, unknown>;
}

interface FileSystem {
  createDataFile(folder: string, name: string, data: Uint8Array, read: boolean, write: boolean): void;
  lookupPath(path: string): { node: FileNode };
  unlink(path: string): void;
}

/** Where the library lies: beside the bundle, or in its package when run from source. */
const PLACES = [
  join(__dirname, 'hdf5.mjs'),
  join(__dirname, '../../../node_modules/h5wasm/dist/esm/hdf5_util.js'),
];

let running: Promise<Library> | undefined;

function library(): Promise<Library> {
  running ??= start();
  return running;
}

async function start(): Promise<Library> {
  const file = PLACES.find((place) => existsSync(place));
  if (file === undefined) throw new Error('The HDF5 library is not there: build first');
  const { default: create } = (await import(pathToFileURL(file).href)) as {
    default: (options: object) => Promise<Library>;
  };
  // It would print what is wrong with a file.
  return create({ noInitialRun: true, print: silent, printErr: silent });
}

function silent(): void {
  // Says nothing.
}

/** Memory (bytes) that the library may keep for the next file: it grows up to 2 GiB, and never shrinks. */
const MOST_KEPT = 2 ** 28;

let opened = 0;

/** Bytes of a file as they are asked for. */
interface Source {
  readonly size: number;
  /** Copies up to `length` bytes from `from` on to `memory` at `to`; returns how many. */
  read(memory: Uint8Array, to: number, length: number, from: number): number;
  close(): void;
}

function fileSource(path: string): Source {
  try {
    const descriptor = openSync(path, 'r');
    return {
      size: fstatSync(descriptor).size,
      read: (memory, to, length, from) => readSync(descriptor, memory, to, length, from),
      close: () => closeSync(descriptor),
    };
  } catch (cause) {
    throw readingFailure(path, cause);
  }
}

function memorySource(content: Uint8Array): Source {
  return {
    size: content.length,
    read: (memory, to, length, from) => {
      memory.set(content.subarray(from, from + length), to);
      return length;
    },
    close: () => undefined,
  };
}

/**
 * Opens an HDF5 file. The library sees a file system of its own in which this file alone lies, without a name:
 * links to other files, data outside the file and plug-ins lead nowhere. The file is read as the library asks,
 * never whole.
 * @param content its bytes, where they are in memory; `path` is then only for messages
 * @throws Failure when it is missing or not HDF5
 */
export async function openFile(path: string, content?: Uint8Array): Promise<OpenFile> {
  const hdf5 = await library();
  const source = content === undefined ? fileSource(path) : memorySource(content);
  const damaged = `${basename(path)} is not an HDF5 file, or it is cut short or damaged.`;
  let id: bigint | undefined;
  let broken = false;
  const guard = <T>(sentence: string, ask: () => T): T => {
    if (broken) throw new Failure(sentence, { file: path });
    try {
      return ask();
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      // Its memory may be in disorder: the next file gets a new one.
      running = undefined;
      if (!(cause instanceof Error) || cause instanceof WebAssembly.RuntimeError) broken = true;
      throw new Failure(sentence, { file: path, cause });
    }
  };
  const close = (): void => {
    const opened = id;
    id = undefined;
    try {
      if (opened !== undefined && !broken) guard(damaged, () => hdf5.close_file(opened));
    } finally {
      source.close();
      if (hdf5.HEAPU8.length > MOST_KEPT) running = undefined;
    }
  };
  try {
    const name = `/${opened++}.h5`;
    place(hdf5, name, source);
    const made = guard(damaged, () => hdf5.open(name, hdf5.H5F_ACC_RDONLY, false, -1, -1));
    (hdf5.FS as unknown as FileSystem).unlink(name);
    if (made < 0n) throw new Failure(damaged, { file: path });
    id = made;
  } catch (error) {
    close();
    throw error;
  }
  return {
    size: source.size,
    use: (sentence, ask) =>
      guard(sentence, () => {
        if (id === undefined) throw new Error('The file is closed');
        return ask(hdf5, id);
      }),
    close,
  };
}

/** Puts a file into the library's own file system. */
function place(hdf5: Library, name: string, source: Source): void {
  const files = hdf5.FS as unknown as FileSystem;
  files.createDataFile('/', name.slice(1), new Uint8Array(0), true, false);
  const { node } = files.lookupPath(name);
  node.usedBytes = source.size;
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream: unknown, memory: Uint8Array, to: number, length: number, from: number): number => {
      if (from >= source.size) return 0;
      const count = source.read(memory, to, Math.min(length, source.size - from), from);
      const bytes = memory.subarray(to, to + count);
      // The library says of zeros that they are no such thing.
      if (beginsCollection(bytes) && !isSound(source, bytes, from)) bytes.fill(0);
      return count;
    },
  };
}

/** @param start the first bytes of a collection of the global heap */
function isSound(source: Source, start: Uint8Array, from: number): boolean {
  const length = collectionLength(start);
  if (length === null || from + length > source.size) return false;
  const collection = new Uint8Array(length);
  source.read(collection, 0, length, from);
  return isSoundCollection(collection);
}
