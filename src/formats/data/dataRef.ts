import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';

/** A reference to data taken apart: `test.npz#x` is the file `test.npz` and its array `x`. */
export interface DataRef {
  readonly file: string;
  /** Null where the reference names a whole file. */
  readonly array: string | null;
}

/** Splits a reference at its last `#`, unless a file has that very name. It need not exist. */
export async function splitDataRef(reference: string): Promise<DataRef> {
  const at = reference.lastIndexOf('#');
  if (at <= 0 || (await isThere(reference))) return { file: reference, array: null };
  return { file: reference.slice(0, at), array: reference.slice(at + 1) };
}

/** The inverse of {@link splitDataRef}. */
export function joinDataRef({ file, array }: DataRef): string {
  return array === null ? file : `${file}#${array}`;
}

/** @throws Failure when a reference names an array in a file that has no names for what it holds */
export function refuseArrayName({ file, array }: DataRef): void {
  if (array === null) return;
  throw new Failure(`${basename(file)} holds one array without a name: leave out "#${array}".`, { file });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
