import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Failure } from '../protocol/failure';
import { isObject } from './isObject';
import { readingFailure } from './readingFailure';

/** Names of a model's classes, in the order of its outputs, and where they stand. */
export interface ClassNames {
  readonly file: string;
  readonly names: readonly string[];
}

/** Names of files that are looked for, best first. */
const FILES = [
  'class_names.txt',
  'class_names.json',
  'labels.txt',
  'classes.txt',
  'class_indices.json',
  'labels.json',
  'classes.json',
  'metadata.json',
];
/** Bytes of a file with more names than any model tells apart. */
const LARGEST = 2 ** 24;

/**
 * Reads the names of classes: a text file of one name a line, numbered (`0 cat`, as Teachable Machine writes) or not;
 * a JSON list; a JSON object of `name: index` or `index: name`; or a JSON object that has one of these as `labels`
 * (Teachable Machine's `metadata.json`), `class_names`, `classes`, `class_indices` or `id2label`.
 *
 * @throws Failure when it cannot be read or holds something else
 */
export async function readClassNames(file: string): Promise<ClassNames> {
  const text = await readText(file);
  const names = extname(file).toLowerCase() === '.json' ? fromJson(text, file) : fromLines(text);
  const twice = names?.find((name, i) => names.indexOf(name) !== i);
  if (names === null || names.length === 0) {
    throw new Failure(
      `${basename(file)} holds no names of classes: write one a line in a text file, or a JSON list.`,
      { file },
    );
  }
  if (twice !== undefined) {
    throw new Failure(
      `${basename(file)} names the class "${twice}" twice: every class needs a name of its own.`,
      {
        file,
      },
    );
  }
  return { file, names };
}

/**
 * The names of a model's classes, from a file of a usual name beside the model, else beside or in the data. Files that
 * hold something else, or not `classes` names, are passed over.
 *
 * @param model the model's file
 * @param data the data's file or folder
 */
export async function findClassNames(
  model: string,
  data: string,
  classes: number,
): Promise<ClassNames | null> {
  for (const folder of new Set([dirname(model), data, dirname(data)])) {
    const present = await readdir(folder).catch((): string[] => []);
    const places = FILES.flatMap((wanted) => present.filter((name) => name.toLowerCase() === wanted));
    for (const name of places) {
      try {
        const found = await readClassNames(join(folder, name));
        if (found.names.length === classes) return found;
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure;
      }
    }
  }
  return null;
}

async function readText(file: string): Promise<string> {
  try {
    const stats = await stat(file);
    if (stats.isFile() && stats.size > LARGEST) {
      throw new Failure(`${basename(file)} is too large to be the names of classes.`, { file });
    }
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw readingFailure(file, cause);
  }
}

function fromLines(text: string): string[] | null {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (text.includes('\0')) return null;
  const numbered = lines.map((line) => /^(\d{1,9})(?:\s*[:,]\s*|\s+)(\S.*)$/.exec(line));
  const inOrder = numbered.every((match, index) => match !== null && Number(match[1]) === index);
  return inOrder ? numbered.map((match) => match?.[2] ?? '') : lines;
}

function fromJson(text: string, file: string): string[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Failure(`${basename(file)} is not JSON that can be read.`, { file, cause });
  }
  if (isObject(json)) {
    for (const key of ['class_names', 'labels', 'classes', 'class_indices', 'id2label', 'label2id']) {
      const inner = json[key];
      if (Array.isArray(inner) || isObject(inner)) return namesOf(inner);
    }
  }
  return namesOf(json);
}

/** Of a list, of `name: index`, or of `index: name`; each index once, from 0 on. */
function namesOf(json: unknown): string[] | null {
  if (Array.isArray(json)) return json.every(isName) ? json.map(String) : null;
  if (!isObject(json)) return null;
  const names: (string | undefined)[] = new Array<undefined>(Object.keys(json).length);
  for (const [key, value] of Object.entries(json)) {
    // Keras' own index of ImageNet: {"0": ["n01440764", "tench"]}.
    const stated: unknown = Array.isArray(value) ? value[value.length - 1] : value;
    const [index, name] = typeof stated === 'number' ? [stated, key] : [Number(key), stated];
    if (typeof name !== 'string' || !Number.isInteger(index) || index < 0 || index >= names.length)
      return null;
    if (names[index] !== undefined) return null;
    names[index] = name;
  }
  return names.every((name) => name !== undefined) ? names : null;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
