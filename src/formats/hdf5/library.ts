import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Module } from 'h5wasm';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';

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

let opened = 0;

/**
 * Opens an HDF5 file. The library sees a file system of its own in which this file alone lies, without a name:
 * links to other files, data outside the file and plug-ins lead nowhere. The file is read as the library asks,
 * never whole.
 * @throws Failure when it is missing or not HDF5
 */
export async function openFile(path: string): Promise<OpenFile> {
  const hdf5 = await library();
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw readingFailure(path, cause);
  }
  let id: bigint | undefined;
  let broken = false;
  const use = <T>(damaged: string, ask: (library: Library, id: bigint) => T): T => {
    if (id === undefined || broken) throw new Failure(damaged, { file: path });
    try {
      return ask(hdf5, id);
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      // Its memory may be in disorder: the next file gets a new one.
      if (!(cause instanceof Error) || cause instanceof WebAssembly.RuntimeError) {
        broken = true;
        running = undefined;
      }
      throw new Failure(damaged, { file: path, cause });
    }
  };
  const close = (): void => {
    if (id !== undefined && !broken) use(`${path} cannot be closed.`, () => hdf5.close_file(id as bigint));
    id = undefined;
    closeSync(descriptor);
  };
  try {
    const { size } = fstatSync(descriptor);
    const files = hdf5.FS as unknown as FileSystem;
    const name = `${opened++}.h5`;
    files.createDataFile('/', name, new Uint8Array(0), true, false);
    const { node } = files.lookupPath(`/${name}`);
    node.usedBytes = size;
    node.stream_ops = { ...node.stream_ops, read: readerOf(descriptor, size) };
    id = -1n;
    id = use(notHdf5(path), () => hdf5.open(`/${name}`, hdf5.H5F_ACC_RDONLY, false, -1, -1));
    files.unlink(`/${name}`);
    if (id < 0n) {
      id = undefined;
      throw new Failure(notHdf5(path), { file: path });
    }
    return { size, use, close };
  } catch (cause) {
    if (id === -1n) id = undefined;
    close();
    throw readingFailure(path, cause);
  }
}

function notHdf5(path: string): string {
  return `${basename(path)} is not an HDF5 file, or it is cut short or damaged.`;
}

function readerOf(descriptor: number, size: number) {
  return (_stream: unknown, memory: Uint8Array, to: number, length: number, from: number): number =>
    from >= size ? 0 : readSync(descriptor, memory, to, Math.min(length, size - from), from);
}
