import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Failure } from '../../../protocol/failure';
import { arrayOf, fileOf } from '../../names';

/**
 * The absolute path of a file or folder that a language model names: relative to a workspace folder, or absolute.
 * `#array` after it stays.
 * @param roots the workspace folders
 * @throws Failure where it is not there, or not inside the workspace, also by way of a link
 */
export async function insideWorkspace(reference: string, roots: readonly string[]): Promise<string> {
  const [file, array] = [fileOf(reference), arrayOf(reference)];
  const candidates = isAbsolute(file) ? [resolve(file)] : roots.map((root) => resolve(root, file));
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  for (const path of candidates) {
    const target = await realpath(path).catch(() => null);
    const whole = target ?? path;
    const inside = (folders: readonly string[], one: string): boolean =>
      folders.some((folder) => isWithin(folder, one));
    if (!inside([...roots, ...real], path) || !inside([...roots, ...real], whole)) {
      throw new Failure(`${file} is not inside the workspace: give a path in one of its folders.`);
    }
    if (target !== null) return array === null ? path : `${path}#${array}`;
  }
  throw new Failure(`${file} is not there: give a path relative to a workspace folder.`);
}

/** A path as a language model is told it: relative to its workspace folder where it is in one. */
export function relativePath(reference: string, roots: readonly string[]): string {
  const root = roots.find((folder) => isWithin(folder, reference));
  return root === undefined ? reference : relative(root, reference).split(sep).join('/');
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
