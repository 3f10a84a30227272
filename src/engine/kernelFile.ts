import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The compiled kernels: beside the bundle, or in the repository's dist/ when run from source. Null where they have
 * not been built.
 */
export function readKernels(): Uint8Array<ArrayBuffer> | null {
  const places = [__dirname, join(__dirname, '../../dist')];
  const file = places.map((place) => join(place, 'kernels.wasm')).find((each) => existsSync(each));
  return file === undefined ? null : new Uint8Array(readFileSync(file));
}
