import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { readingFailure } from './readingFailure';

/**
 * The sha256 of a file's bytes, in lower-case hex; the file is streamed, never in memory whole.
 *
 * @throws Failure when the file is missing or cannot be read
 */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await addFile(hash, path);
  return hash.digest('hex');
}

/**
 * One sha256 for a model that lies in several files, in lower-case hex. It does not depend on the folder nor
 * on the order given: the files are taken by base name (by UTF-16 code unit; equal names by whole path), and of
 * each is hashed: the base name in UTF-8, one zero byte, the length in bytes as decimal digits, one zero byte,
 * the bytes.
 *
 * @throws Failure when a file is missing or cannot be read
 */
export async function hashFiles(paths: readonly string[]): Promise<string> {
  return hashNamed(paths.map((path) => ({ path, name: basename(path) })));
}

/**
 * The sha256 of data, in lower-case hex: of a file as {@link hashFile}; of a folder as {@link hashFiles} over all
 * files under it, but with their paths from the folder, with `/`, for base names. Hidden files and folders and
 * links are left out.
 *
 * @throws Failure when a file or folder is missing or cannot be read
 */
export async function hashData(path: string): Promise<string> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw readingFailure(path, cause);
  });
  if (!stats.isDirectory()) return hashFile(path);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw readingFailure(path, cause);
  });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep))
    .filter((parts) => !parts.some((part) => part.startsWith('.')))
    .map((parts) => ({ path: join(path, ...parts), name: parts.join('/') }));
  return hashNamed(files);
}

/**
 * The sha256 of data in several places, in lower-case hex: of one as {@link hashData}, of more that of their
 * sha256s in the order given, each followed by a line feed.
 *
 * @throws Failure when a file or folder is missing or cannot be read
 */
export async function hashAll(paths: readonly string[]): Promise<string> {
  const [first, ...more] = paths;
  if (first !== undefined && more.length === 0) return hashData(first);
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${await hashData(path)}\n`);
  return hash.digest('hex');
}

async function hashNamed(files: { readonly path: string; readonly name: string }[]): Promise<string> {
  files.sort((a, b) => compare(a.name, b.name) || compare(a.path, b.path));
  const hash = createHash('sha256');
  for (const { path, name } of files) {
    const { size } = await stat(path).catch((cause: unknown) => {
      throw readingFailure(path, cause);
    });
    hash.update(`${name}\0${size}\0`, 'utf8');
    await addFile(hash, path);
  }
  return hash.digest('hex');
}

async function addFile(hash: Hash, path: string): Promise<void> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
  } catch (cause) {
    throw readingFailure(path, cause);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
