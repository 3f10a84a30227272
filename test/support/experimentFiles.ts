import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What differs between two runs of the same thing: when, how long, and where. */
const TIMES = new Set(['created', 'started', 'finished', 'seconds', 'estimate']);

/**
 * All files of an experiment's directory by their paths, without times and without the directory's own path. The page
 * for people, which tells times, is left out.
 */
export async function experimentFiles(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== 'report.html')
    .map((entry) => path.join(entry.parentPath, entry.name));
  const found = new Map<string, string>();
  for (const file of files.sort()) {
    const bytes = await readFile(file);
    const isRecord = /^(run|experiment)\.json$/.test(path.basename(file));
    const text = isRecord ? withoutTimes(bytes.toString(), directory) : bytes.toString('latin1');
    found.set(path.relative(directory, file), text);
  }
  return found;
}

function withoutTimes(text: string, directory: string): string {
  const value = JSON.parse(text.replaceAll(directory, '')) as unknown;
  return JSON.stringify(value, (key, inner: unknown) => (TIMES.has(key) ? undefined : inner), 1);
}
