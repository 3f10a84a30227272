import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { splitDataRef } from '../formats/data/dataRef';
import { modelFiles } from '../formats/models/findModel';
import { readingFailure } from '../formats/readingFailure';
import { Failure } from '../protocol/failure';
import type { StudySpec } from '../protocol/study';

/** Tells whether a study's files are still those that it began with: by size, time of change and place on the disk. */
export class Unchanged {
  private constructor(private readonly stamps: ReadonlyMap<string, string>) {}

  /** Notes what the files are now, to be called before they are read. What is not there, reading will tell. */
  static async of(spec: StudySpec): Promise<Unchanged> {
    const references = [spec.data, spec.labels, ...Object.values(spec.inputs ?? {})];
    const data = await Promise.all(
      references.flatMap((reference) => (reference === undefined ? [] : [splitDataRef(reference)])),
    );
    const model = await modelFiles(spec.model, spec.topology).catch(() => []);
    const paths = [...model, ...data.map(({ file }) => file)];
    const stamps = new Map<string, string>();
    for (const path of paths) {
      const stamp = await stampOf(path).catch(() => null);
      if (stamp !== null) stamps.set(path, stamp);
    }
    return new Unchanged(stamps);
  }

  /** @throws Failure naming the first file that is another now, or gone */
  async check(): Promise<void> {
    for (const [path, stamp] of this.stamps) {
      if ((await stampOf(path)) === stamp) continue;
      throw new Failure(`${path} was changed while it was analysed; analyze it again.`, { file: path });
    }
  }
}

/** Of a folder that of every file under it. */
async function stampOf(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) return [stats.size, stats.mtimeMs, stats.ino].join();
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const stamps: string[] = [];
    for (const file of files.sort()) {
      const { size, mtimeMs, ino } = await stat(file);
      stamps.push([file, size, mtimeMs, ino].join());
    }
    return stamps.join('\n');
  } catch (cause) {
    throw readingFailure(path, cause);
  }
}
