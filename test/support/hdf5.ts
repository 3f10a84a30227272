import { writeFile } from 'node:fs/promises';
import type { File } from 'h5wasm';

let files = 0;

/** Writes an HDF5 file with h5wasm, in memory first. */
export async function writeHdf5(path: string, fill: (file: File) => void): Promise<void> {
  const hdf5 = await import('h5wasm');
  const { FS } = await hdf5.ready;
  const name = `/written${files++}.h5`;
  const file = new hdf5.File(name, 'w');
  fill(file);
  file.close();
  await writeFile(path, FS.readFile(name));
  FS.unlink(name);
}
