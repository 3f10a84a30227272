import { basename, extname } from 'node:path';
import { readStart } from '../formats/data/bytes';
import { looksLikeModel } from './looksLikeModel';
import { isToolFile } from './searchRules';

const START = 4096;

/** May a file hold labelled samples, by its name and beginning? Of most formats the name is enough. */
export async function looksLikeData(path: string): Promise<boolean> {
  // Labels of an IDX pair are found from its images.
  if (/idx1-ubyte(\.gz)?$/.test(path)) return false;
  switch (extname(path).toLowerCase()) {
    case '.h5':
    case '.hdf5':
      return (await looksLikeModel(path)) === null;
    case '.json':
      return !isToolFile(basename(path)) && (await beginsLikeTable(path));
    default:
      return true;
  }
}

async function beginsLikeTable(path: string): Promise<boolean> {
  try {
    if ((await looksLikeModel(path)) !== null) return false;
    return isTableStart(Buffer.from(await readStart(path, START)).toString('utf8'));
  } catch {
    return false;
  }
}

/** Does a JSON text begin like rows: a list of records or of rows, lists by name, or a record on each line? */
export function isTableStart(text: string): boolean {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (/^\[\s*[[{]/.test(start) || /^\{\s*"(?:[^"\\]|\\.)*"\s*:\s*[[{]/.test(start)) return true;
  return /^\{[^\n]*\}\s*\n\s*\{/.test(start);
}
