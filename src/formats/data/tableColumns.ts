import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { isLabelWord, readName } from './names';
import { upTo, type Table } from './table';

/** A file name of a picture. */
const PICTURE_NAME = /\.(png|jpe?g|bmp|gif|tiff?|webp)$/i;
const KEY_WORDS = new Set('file filename filenames name path image img id'.split(' '));
/** Rows looked at to see whether texts name files. */
const SOME = 100;

/**
 * The columns that may be the labels, best first: those named so (`label`, `class`, `target`, `y`, `species`, …);
 * else the only column of text; else the last or the first, if it holds few distinct whole numbers.
 *
 * @param except a column that is known to be something else
 */
export async function guessLabelColumns(table: Table, except: number | null = null): Promise<number[]> {
  const all = table.columns.map((_, column) => column).filter((column) => column !== except);
  const able = all.filter((column) => canBeLabels(table, column));
  const nameOf = (column: number): string => table.columns[column]?.name ?? '';
  const exact = able.filter((column) => isLabelWord(nameOf(column)));
  if (exact.length > 0) return exact;
  const named = able.filter((column) => readName(nameOf(column)).role === 'labels');
  if (named.length > 0) return named;
  const classes = able.filter((column) => {
    const content = table.columns[column];
    return content?.kind === 'numbers' && content.classes !== null;
  });
  if (classes.length > 0) return classes;
  const texts = able.filter((column) => table.columns[column]?.kind === 'text');
  if (texts.length === 1) return texts;
  if (texts.length > 1) return [];
  // Beside pictures or lists, a single column of numbers is what is left for the labels.
  const rest = all.length > able.length ? able : [...new Set([all.at(-1) ?? 0, all[0] ?? 0])];
  const ranked: { column: number; likeness: number }[] = [];
  for (const column of rest) ranked.push({ column, likeness: await classLikeness(table, column) });
  return ranked
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ column }) => column);
}

/** Text, single numbers, or lists that may be one-hot. */
function canBeLabels(table: Table, column: number): boolean {
  const content = table.columns[column];
  if (content?.kind === 'text') return true;
  if (content?.kind !== 'numbers') return false;
  if (content.shape.length === 0) return true;
  return content.shape.length === 1 && readName(content.name ?? '').role === 'labels';
}

/** 0: cannot be classes · 1: few whole numbers · 2: few whole numbers without a gap, from 0 or 1 on. */
async function classLikeness(table: Table, column: number): Promise<0 | 1 | 2> {
  const content = table.columns[column];
  if (content?.kind !== 'numbers' || content.shape.length > 0) return 0;
  const distinct = new Set<number>();
  const most = Math.min(1000, Math.max(2, table.rows / 2));
  for (const value of await table.numbers([column], upTo(table.rows), new Float64Array(table.rows))) {
    if (!Number.isInteger(value) || value < 0) return 0;
    if (distinct.add(value).size > most) return 0;
  }
  if (distinct.size < 2) return 0;
  const lowest = Math.min(...distinct);
  return lowest <= 1 && Math.max(...distinct) - lowest + 1 === distinct.size ? 2 : 1;
}

/**
 * The column that holds the labels.
 *
 * @param except as for {@link guessLabelColumns}
 * @throws Failure when there is none, or no samples
 */
export async function firstGuess(table: Table, except: number | null = null): Promise<number> {
  const file = table.file;
  const name = basename(file);
  if (table.rows === 0) throw new Failure(`${name} holds no samples.`, { file });
  if (table.columns.length < 2) {
    throw new Failure(`${name} has a single column: samples need values and a label, side by side.`, {
      file,
    });
  }
  const [column] = await guessLabelColumns(table, except);
  if (column === undefined) {
    throw new Failure(
      `${name} has no column that is surely the labels: name it (label column), by its header or index.`,
      {
        file,
      },
    );
  }
  return column;
}

/** The column of a table of labels that names the samples, by their files; null where there is none. */
export async function guessKeys(table: Table): Promise<number | null> {
  if (table.columns.length < 2) return null;
  for (const [index, column] of table.columns.entries()) {
    if (column.kind !== 'text') continue;
    const texts = await table.texts(index);
    if (texts.slice(0, SOME).every((text) => PICTURE_NAME.test(text))) return index;
    const words = (column.name ?? '').toLowerCase().split(/[^a-z]+/);
    if (words.some((word) => KEY_WORDS.has(word)) && new Set(texts).size === texts.length) return index;
  }
  return null;
}

/** @throws Failure when there is no such column: with those there are */
export function findColumn(table: Table, key: string): number {
  const { columns } = table;
  const byName = columns.findIndex(({ name }) => name === key.trim());
  if (byName >= 0) return byName;
  const index = /^-?\d+$/.test(key.trim()) ? Number(key) : NaN;
  const column = index < 0 ? columns.length + index : index;
  if (column >= 0 && column < columns.length) return column;
  const names = columns.slice(0, 12).map(({ name }, i) => name ?? String(i));
  const known = columns.every(({ name }) => name === null)
    ? `its ${columns.length} columns have no names, give an index from 0`
    : `it has ${names.join(', ')}${columns.length > 12 ? ', …' : ''}`;
  throw new Failure(`${basename(table.file)} has no column "${key}": ${known}.`, { file: table.file });
}

/** How a column is named in a study: by its header where that is unmistakable, else by its index. */
export function columnKey(table: Table, column: number): string {
  const name = table.columns[column]?.name ?? '';
  return name !== '' && table.columns.findIndex((one) => one.name === name) === column
    ? name
    : String(column);
}

/** How a person calls a column: `column "label" of train.csv`. */
export function columnTitle(table: Table, column: number): string {
  const name = table.columns[column]?.name ?? '';
  return `column ${name === '' ? column : `"${name}"`} of ${basename(table.file)}`;
}
