import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../../protocol/failure';
import { TableBuilder } from '../memoryTable';
import { isPicture } from '../pictures';
import { cellSize, type Column, type ColumnContent, type Numbers, type Table } from '../table';
import { readExample, type Feature } from './example';
import { eachRecord, readRecords, type RecordPlace } from './records';

/** Up to so many numbers of a feature are kept; longer ones are read again from the file. */
const KEPT = 16;
const LONGEST_TEXT = 1024;

/** What was seen of the feature of one name in all records. */
interface Seen {
  readonly kind: Feature['kind'];
  /** How many values, or bytes of the one value; null where that differs. */
  length: number | null;
  pictures: number;
  /** Null where it is not all text. */
  texts: Map<number, string> | null;
  /** Why it cannot be read. */
  problem: string | null;
  records: number;
}

/**
 * Reads a TFRecord file of `tf.Example` as a table: a feature is a column. One pass over the file learns what the
 * features are; long ones (pictures, many numbers) stay in it and are read when asked for.
 *
 * @throws Failure when it is cut short, damaged, or holds something else
 */
export async function openTfRecord(file: string): Promise<Table> {
  const { size } = await stat(file);
  const places: RecordPlace[] = [];
  const seen = new Map<string, Seen>();
  const builder = new TableBuilder(file);
  for await (const { place, data } of eachRecord(file, size)) {
    const row = places.push(place) - 1;
    for (const [name, feature] of parse(data, file, row)) {
      let known = seen.get(name);
      if (known === undefined) seen.set(name, (known = newlySeen(feature)));
      look(known, feature, row);
      const { values } = feature;
      if (feature.kind === 'bytes' || values.length > KEPT || known.kind !== feature.kind) continue;
      const numbers = Array.from(values as ArrayLike<number>);
      builder.addTo(
        name,
        numbers.length === 1 ? (numbers[0] ?? null) : { shape: [numbers.length], values: numbers },
        row,
      );
    }
  }
  const rows = places.length;
  const kept = builder.finish(undefined, rows);
  const columns = [...seen].map(([name, one]): Column => ({
    ...describe(name, one, kept, seen, rows),
    name,
  }));
  const keptIndex = (column: number): number =>
    kept.columns.findIndex(({ name }) => name === columns[column]?.name);
  return {
    file,
    rows,
    columns,
    async numbers(wanted, indices, into) {
      const width = indices.length === 0 ? 0 : into.length / indices.length;
      let offset = 0;
      for (const index of wanted) {
        const column = columns[index];
        const cell = column === undefined ? 0 : cellSize(column);
        const cells = isKept(seen.get(column?.name ?? ''))
          ? await kept.numbers([keptIndex(index)], indices, new Float64Array(indices.length * cell))
          : await fromFile(file, places, column?.name ?? '', indices, cell);
        for (let i = 0; i < indices.length; i++)
          into.set(cells.subarray(i * cell, (i + 1) * cell), i * width + offset);
        offset += cell;
      }
      return into;
    },
    texts(index) {
      const texts = seen.get(columns[index]?.name ?? '')?.texts;
      return Promise.resolve(Array.from({ length: rows }, (_, row) => texts?.get(row) ?? ''));
    },
    async images(index, indices) {
      const name = columns[index]?.name ?? '';
      const found: Uint8Array[] = [];
      await readRecords(file, placesOf(places, indices), (data, i) => {
        const feature = parse(data, file, indices[i] ?? 0, name).get(name);
        found.push(feature?.kind === 'bytes' ? (feature.values[0] ?? new Uint8Array(0)) : new Uint8Array(0));
      });
      return found;
    },
  };
}

function placesOf(places: readonly RecordPlace[], rows: ArrayLike<number>): RecordPlace[] {
  return Array.from(rows, (row) => places[row] ?? { start: 0, length: 0 });
}

function parse(data: Uint8Array, file: string, row: number, only?: string): Map<string, Feature> {
  try {
    return readExample(data, only);
  } catch (cause) {
    throw new Failure(
      `Record ${row} of ${basename(file)} is not a tf.Example, which is what is read of TFRecord files.`,
      { file, cause },
    );
  }
}

function newlySeen(feature: Feature): Seen {
  const first = feature.kind === 'bytes' ? feature.values[0]?.length : feature.values.length;
  const texts = feature.kind === 'bytes' ? new Map<number, string>() : null;
  return { kind: feature.kind, length: first ?? 0, pictures: 0, texts, problem: null, records: 0 };
}

function look(known: Seen, feature: Feature, row: number): void {
  known.records++;
  if (feature.kind !== known.kind) {
    known.problem = 'values of different types';
    return;
  }
  if (feature.kind !== 'bytes') {
    if (feature.values.length !== known.length) known.length = null;
    return;
  }
  const [bytes = new Uint8Array(0), ...more] = feature.values;
  if (more.length > 0) known.problem = 'lists of bytes';
  if (bytes.length !== known.length) known.length = null;
  if (isPicture(bytes)) known.pictures++;
  const text = known.texts === null || known.pictures > 0 ? null : asText(bytes);
  if (text === null) known.texts = null;
  else known.texts?.set(row, text);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function asText(bytes: Uint8Array): string | null {
  if (bytes.length > LONGEST_TEXT || bytes.some((byte) => byte < 9)) return null;
  try {
    return UTF_8.decode(bytes);
  } catch {
    return null;
  }
}

function isKept(seen: Seen | undefined): boolean {
  return seen !== undefined && seen.kind !== 'bytes' && seen.length !== null && seen.length <= KEPT;
}

function describe(
  name: string,
  one: Seen,
  kept: Table,
  seen: ReadonlyMap<string, Seen>,
  rows: number,
): ColumnContent {
  const { kind, length, problem } = one;
  if (problem !== null) return { kind: 'other', what: problem };
  if (kind !== 'bytes') {
    if (length === null) return { kind: 'other', what: 'lists of different lengths' };
    const own = kept.columns.find((column) => column.name === name);
    if (isKept(one) && own !== undefined) return own;
    const dtype = kind === 'float' ? 'float32' : kind;
    return { kind: 'numbers', shape: [length], dtype, range: null, classes: null };
  }
  if (one.pictures > 0 && one.pictures === one.records) return { kind: 'images' };
  if (one.texts !== null) return { kind: 'text' };
  if (length === null || one.records < rows) return { kind: 'other', what: 'bytes' };
  return { kind: 'numbers', shape: rawShape(length, kept, seen), dtype: 'uint8', range: null, classes: null };
}

/** Height, width and channels of raw pictures, where features say so (`height`, `image/width`, `depth`, …). */
function rawShape(length: number, kept: Table, seen: ReadonlyMap<string, Seen>): number[] {
  const size = (word: string): number | null => {
    const column = kept.columns.find(
      ({ name, kind }) => kind === 'numbers' && (name ?? '').split('/').at(-1)?.toLowerCase() === word,
    );
    if (column?.kind !== 'numbers' || column.range === null || !isKept(seen.get(column.name ?? '')))
      return null;
    return column.range.lowest === column.range.highest ? column.range.lowest : null;
  };
  const shape = [size('height'), size('width'), size('depth') ?? size('channels') ?? 1];
  const [height, width, channels] = shape;
  return height != null && width != null && channels != null && height * width * channels === length
    ? [height, width, channels]
    : [length];
}

/** Numbers of a feature, or the bytes of its one value, read from the file; NaN where a record has none. */
async function fromFile(
  file: string,
  places: readonly RecordPlace[],
  name: string,
  rows: ArrayLike<number>,
  cell: number,
): Promise<Numbers> {
  const cells = new Float64Array(rows.length * cell).fill(NaN);
  await readRecords(file, placesOf(places, rows), (data, i) => {
    const feature = parse(data, file, rows[i] ?? 0, name).get(name);
    const values = feature?.kind === 'bytes' ? feature.values[0] : feature?.values;
    if (values?.length === cell) cells.set(values, i * cell);
  });
  return cells;
}
