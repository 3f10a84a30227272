import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFailure } from './fileErrors';

/** Makes a rename last through a power cut; where folders cannot be synced (Windows) there is nothing to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/**
 * Writes a file whole or not at all: to `<file>.tmp`, synced, then renamed over `file`.
 * Throws {@link Failure} where it cannot be written; the old file is then still there.
 */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeFailure(error, file);
  }
}
