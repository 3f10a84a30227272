import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../protocol/failure';
import { writeAtomically } from './atomicFile';
import { isMissing, writeFailure } from './fileErrors';

/**
 * @param names of the files that are to stand in the folder
 * @throws Failure if one of them is there already
 */
export function refuseExisting(directory: string, names: readonly string[]): void {
  const standing = names.find((name) => existsSync(path.join(directory, name)));
  if (standing === undefined) return;
  const file = path.join(directory, standing);
  throw new Failure(`${file} is there already; choose another folder, or say that it may be replaced.`, {
    file,
  });
}

/**
 * Puts files into a folder: written beside it first, then moved, the last of them last. A folder that is not there yet
 * comes whole.
 * @param files contents by name
 * @throws Failure where they cannot be written; nothing of them is left then beside the folder
 */
export async function placeFiles(
  directory: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const beside = `${path.resolve(directory)}.${process.pid}.tmp`;
  try {
    await mkdir(path.dirname(beside), { recursive: true });
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside);
    for (const [name, content] of files) await writeAtomically(path.join(beside, name), content);
    if (await isThere(directory)) {
      for (const name of files.keys()) await rename(path.join(beside, name), path.join(directory, name));
      await rmdir(beside);
    } else await rename(beside, directory);
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof Failure ? error : writeFailure(error, directory);
  }
}

async function isThere(directory: string): Promise<boolean> {
  try {
    await readdir(directory);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
