import { stat } from 'node:fs/promises';
import { isPicture } from '../pictures';
import type { Column, ColumnContent, Table } from '../table';
import { ChunkReader } from './chunkReader';
import { readParquetMetadata, type Leaf, type ParquetMetadata } from './metadata';
import { leafElement, type ChunkValues } from './pages';

const STRINGS = { logical: new Set([1, 4, 12]), converted: new Set([0, 4, 19]) };
const DATES = { logical: new Set([6, 7, 8]), converted: new Set([6, 7, 8, 9, 10, 21]) };
const DECIMALS = { logical: new Set([5]), converted: new Set([5]) };

/** Leaves of lists, of text, of bytes and of numbers. */
type LeafKind = 'numbers' | 'text' | 'bytes' | 'dates' | 'decimals' | 'maps';

/** A column of the table and the leaf that it is read from; numbers of a cell, NaN where they are missing. */
interface LeafColumn {
  readonly leaf: number;
  readonly name: string;
  readonly content: ColumnContent;
}

/**
 * Reads a Parquet file as a table: numbers, lists of them that are equally long (as vectors), text, and pictures in
 * the form of Hugging Face (`{bytes, path}`) or as bytes. A row group of a column is read when asked for.
 *
 * @throws Failure when it is cut short, damaged, encrypted, or packed in a way that is not read
 */
export async function openParquet(file: string): Promise<Table> {
  const { size } = await stat(file);
  const metadata = await readParquetMetadata(file, size);
  const chunks = new ChunkReader(file, metadata);
  const classes = classNames(metadata.notes.get('huggingface'));
  const columns: LeafColumn[] = [];
  for (const [leaf, { path }] of metadata.leaves.entries()) {
    const name = columnName(metadata, leaf);
    if (name === null || /^__index_level_\d+__$/.test(path[0] ?? '')) continue;
    columns.push({ leaf, name, content: await describe(metadata, leaf, chunks, classes.get(name) ?? null) });
  }
  return {
    file,
    rows: metadata.rows,
    columns: columns.map(({ name, content }): Column => ({ ...content, name })),
    async numbers(wanted, rows, into) {
      const width = rows.length === 0 ? 0 : into.length / rows.length;
      let offset = 0;
      for (const index of wanted) {
        const column = columns[index];
        if (column?.content.kind !== 'numbers') continue;
        const { shape } = column.content;
        const cell = shape.reduce((product, length) => product * length, 1);
        for (const { group, at, row } of grouped(metadata, rows)) {
          const values = await chunks.numbers(column.leaf, group, shape);
          for (let i = 0; i < at.length; i++) {
            const from = (row[i] ?? 0) * cell;
            const to = (at[i] ?? 0) * width + offset;
            if (cell === 1) into[to] = values[from] ?? NaN;
            else into.set(values.subarray(from, from + cell), to);
          }
        }
        offset += cell;
      }
      return into;
    },
    async texts(index) {
      const decoder = new TextDecoder();
      const texts: string[] = [];
      for (const [group, { rows }] of metadata.groups.entries()) {
        const cells = await chunks.cells(columns[index]?.leaf ?? 0, group);
        for (let row = 0; row < rows; row++) texts.push(decoder.decode(cells[row] ?? EMPTY));
      }
      return texts;
    },
    async images(index, rows) {
      const found = new Array<Uint8Array>(rows.length).fill(EMPTY);
      for (const { group, at, row } of grouped(metadata, rows)) {
        const cells = await chunks.cells(columns[index]?.leaf ?? 0, group);
        for (const [i, to] of at.entries()) found[to] = cells[row[i] ?? 0] ?? EMPTY;
      }
      return found;
    },
  };
}

const EMPTY = new Uint8Array(0);

/** Rows by the group that they lie in: `at` where they are wanted, `row` which of the group they are. */
function grouped(
  { groups }: ParquetMetadata,
  rows: ArrayLike<number>,
): { readonly group: number; readonly at: number[]; readonly row: number[] }[] {
  const found = new Map<number, { group: number; at: number[]; row: number[] }>();
  for (let i = 0; i < rows.length; i++) {
    const wanted = rows[i] ?? 0;
    let low = 0;
    for (let high = groups.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((groups[middle]?.first ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    let entry = found.get(low);
    if (entry === undefined) found.set(low, (entry = { group: low, at: [], row: [] }));
    entry.at.push(i);
    entry.row.push(wanted - (groups[low]?.first ?? 0));
  }
  return [...found.values()];
}

/**
 * What a column is called: the top field, and for the parts of a struct `field.part`. Pictures are their `bytes`.
 * Null for the path of a picture.
 */
function columnName({ leaves }: ParquetMetadata, index: number): string | null {
  const path = leaves[index]?.path ?? [];
  const [top = ''] = path;
  const family = leaves.filter((leaf) => leaf.path[0] === top);
  if (path.length === 1 || family.length === 1) return top;
  const isImage =
    family.length === 2 && family.every(({ path: [, part] }) => part === 'bytes' || part === 'path');
  if (isImage) return path[1] === 'bytes' ? top : null;
  return path.filter((part, i) => i === 0 || (part !== 'list' && part !== 'element')).join('.');
}

function leafKind(leaf: Leaf): LeafKind {
  const is = (kind: typeof STRINGS): boolean =>
    (leaf.logical !== null && kind.logical.has(leaf.logical)) ||
    (leaf.logical === null && leaf.converted !== null && kind.converted.has(leaf.converted));
  if (leaf.path.includes('key_value')) return 'maps';
  if (is(STRINGS)) return 'text';
  if (is(DATES) || leaf.type === 3) return 'dates';
  if (is(DECIMALS)) return 'decimals';
  return leaf.type === 0 || leafElement(leaf) !== null ? 'numbers' : 'bytes';
}

async function describe(
  metadata: ParquetMetadata,
  index: number,
  chunks: ChunkReader,
  classes: readonly string[] | null,
): Promise<ColumnContent> {
  const leaf = metadata.leaves[index];
  const kind = leaf === undefined ? 'bytes' : leafKind(leaf);
  const group = metadata.groups.findIndex(({ rows }) => rows > 0);
  if (leaf === undefined || (kind !== 'numbers' && kind !== 'text' && kind !== 'bytes'))
    return { kind: 'other', what: kind };
  if (kind === 'text') return leaf.repetition === 0 ? { kind } : { kind: 'other', what: 'lists of text' };
  if (kind === 'bytes') {
    if (leaf.repetition > 0 || group < 0) return { kind: 'other', what: 'lists of bytes' };
    const cell = (await chunks.cells(index, group)).find((one) => one !== null);
    return cell !== undefined && isPicture(cell) ? { kind: 'images' } : { kind: 'other', what: kind };
  }
  const numbers = { kind, dtype: dtypeOf(leaf), range: null, classes } as const;
  if (leaf.repetition === 0) return { ...numbers, shape: [] };
  if (group < 0) return { ...numbers, shape: new Array<number>(leaf.repetition).fill(0) };
  const shape = firstShape(await chunks.values(index, group), leaf);
  return shape === null ? { kind: 'other', what: 'lists of different lengths' } : { ...numbers, shape };
}

function dtypeOf(leaf: Leaf): string {
  if (leaf.type === 0) return 'bool';
  const element = leafElement(leaf);
  if (element === null || leaf.bits === null) return element?.name ?? 'float32';
  return `${leaf.signed ? 'int' : 'uint'}${leaf.bits}`;
}

/** Shape of the first row of a column of lists that is not missing; null where it is no box. */
function firstShape({ repetitions, definitions, entries }: ChunkValues, leaf: Leaf): number[] | null {
  let start = 0;
  for (let end = 1; end <= entries; end++) {
    if (end < entries && repetitions?.[end] !== 0) continue;
    const missing = end - start === 1 && definitions !== null && (definitions[start] ?? 0) < leaf.definition;
    if (missing && end < entries) {
      start = end;
      continue;
    }
    const shape: number[] = [];
    let outer = 1;
    for (let axis = 1; axis <= leaf.repetition; axis++) {
      let count = 0;
      for (let i = start; i < end; i++) if (i === start || (repetitions?.[i] ?? 0) <= axis) count++;
      shape.push(count / outer);
      outer = count;
    }
    return shape.every(Number.isInteger) ? shape : null;
  }
  return null;
}

/** Names of the classes of each column, as Hugging Face's `datasets` leaves them in a file. */
function classNames(note: string | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  try {
    const { info } = JSON.parse(note ?? '{}') as { info?: { features?: Record<string, unknown> } };
    for (const [name, feature] of Object.entries(info?.features ?? {})) {
      const { _type, names } = feature as { _type?: unknown; names?: unknown };
      if (_type !== 'ClassLabel' || !Array.isArray(names)) continue;
      found.set(name, names.map(String));
    }
  } catch {
    // A note that cannot be read names no classes.
  }
  return found;
}
