import { stat } from 'node:fs/promises';

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

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
