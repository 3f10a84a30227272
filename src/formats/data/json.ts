import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { isObject } from '../isObject';
import { jsonDepth } from '../jsonDepth';
import { readingFailure } from '../readingFailure';
import { readPart, readStart } from './bytes';
import { TableBuilder, type Cell } from './memoryTable';
import { isLabelWord } from './names';
import type { Table } from './table';

/** A JSON file is read whole, up to here (bytes). */
const LARGEST = 2 ** 28;
/** A line of JSON Lines, in characters. */
const LONGEST_LINE = 2 ** 26;
/** Lists within lists, as cells. */
const MOST_AXES = 8;
/** Brackets within brackets, before a text is parsed. */
const DEEPEST = 64;
/** How much of a file is looked at to tell JSON Lines from JSON (bytes). */
const PREVIEW = 1 << 22;

/** Whether a file that begins like JSON has one value on each line: then its first line is whole. */
export async function isJsonLines(file: string): Promise<boolean> {
  const text = new TextDecoder().decode(await readStart(file, PREVIEW)).replace(/^\uFEFF/, '');
  const [first = '', second] = text.split(/\n/).filter((line) => line.trim() !== '');
  if (second === undefined) return /\.(jsonl|ndjson)$/i.test(file);
  return parsed(first, file) !== undefined;
}

/**
 * Reads a JSON file of rows: a list of records or of rows, or lists by name; and what pandas writes (`to_json`, in
 * every orientation). An object of plain values is read as names and labels.
 *
 * @throws Failure when it is not JSON, holds something else, or is too large to be read whole
 */
export async function openJson(file: string): Promise<Table> {
  const { size } = await stat(file);
  if (size > LARGEST) {
    throw new Failure(
      `${basename(file)} is too large to be read whole (${Math.round(size / 2 ** 20)} MB): save it as JSON Lines, ` +
        'one record a line.',
      { file },
    );
  }
  const text = new TextDecoder().decode(await readPart(file, 0, size)).replace(/^\uFEFF/, '');
  const value = parsed(text, file);
  if (value === undefined) throw new Failure(`${basename(file)} is not JSON, or it is cut short.`, { file });
  return tableOf(value, file);
}

/**
 * Reads JSON Lines: a record, or a row, on each line.
 *
 * @throws Failure when a line is not JSON, or the file cannot be read
 */
export async function openJsonLines(file: string): Promise<Table> {
  const builder = new TableBuilder(file);
  let line = 0;
  for await (const text of lines(file)) {
    line++;
    const trimmed = text.replace(/^\uFEFF/, '').trim();
    if (trimmed === '') continue;
    const value = parsed(trimmed, file);
    if (value === undefined) throw new Failure(`Line ${line} of ${basename(file)} is not JSON.`, { file });
    addRow(builder, value);
  }
  return builder.finish();
}

async function* lines(file: string): AsyncGenerator<string> {
  const source = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
  const parts: string[] = [];
  let length = 0;
  try {
    for await (const chunk of source as AsyncIterable<string>) {
      let from = 0;
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
        parts.push(chunk.slice(from, end));
        yield parts.splice(0).join('');
        length = 0;
        from = end + 1;
      }
      parts.push(chunk.slice(from));
      length += chunk.length - from;
      if (length > LONGEST_LINE) {
        throw new Failure(`${basename(file)} holds a line that does not end: it is not JSON Lines.`, {
          file,
        });
      }
    }
  } catch (cause) {
    throw readingFailure(file, cause);
  } finally {
    source.destroy();
  }
  yield parts.join('');
}

/** Undefined where a text is not JSON. @throws Failure where lists and objects lie too deep in each other */
function parsed(text: string, file: string): unknown {
  if (jsonDepth(text) > DEEPEST) {
    throw new Failure(
      `${basename(file)} nests lists or objects more than ${DEEPEST} deep: it is not a table.`,
      {
        file,
      },
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function columnName(value: unknown): string {
  return isPlain(value) ? String(value) : '';
}

function tableOf(value: unknown, file: string): Table {
  if (Array.isArray(value)) return rowsTable(value, null, file);
  if (!isObject(value)) throw noTable(file);
  const { columns, data, schema } = value;
  if (Array.isArray(columns) && Array.isArray(data)) return rowsTable(data, columns.map(columnName), file);
  if (isObject(schema) && Array.isArray(data)) return rowsTable(data, null, file);
  const entries = Object.entries(value);
  const lists = entries.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const [only, ...more] = lists;
  if (only !== undefined && more.length === 0) return rowsTable(only[1], null, file);
  if (only !== undefined) return columnsTable(lists, file);
  const objects = entries.filter((entry): entry is [string, Fields] => isObject(entry[1]));
  if (objects.length === entries.length && objects.length > 0) return objectsTable(objects, file);
  if (!entries.every(([, cell]) => isPlain(cell)) || entries.length === 0) throw noTable(file);
  const builder = new TableBuilder(file);
  for (const [name, label] of entries) builder.add([name, toCell(label)]);
  return builder.finish(['name', 'label']);
}

/** Rows: records, or lists of cells, of which the first may name the columns. */
function rowsTable(rows: readonly unknown[], header: readonly string[] | null, file: string): Table {
  const builder = new TableBuilder(file);
  const [first, second] = rows;
  const names =
    header ??
    (Array.isArray(first) &&
    first.length > 0 &&
    first.every((cell) => typeof cell === 'string') &&
    Array.isArray(second) &&
    second.some((cell) => typeof cell !== 'string')
      ? first
      : null);
  for (const row of names !== null && header === null ? rows.slice(1) : rows) addRow(builder, row);
  return names === null ? builder.finish() : builder.finish(names);
}

function addRow(builder: TableBuilder, row: unknown): void {
  if (isObject(row)) builder.addNamed(Object.entries(row).map(([name, cell]) => [name, toCell(cell)]));
  else builder.add(Array.isArray(row) ? row.map(toCell) : [toCell(row)]);
}

/** Lists by name. Where they are not equally long, those as long as the labels. */
function columnsTable(lists: readonly (readonly [string, readonly unknown[]])[], file: string): Table {
  const lengths = new Map<number, number>();
  for (const [, list] of lists) lengths.set(list.length, (lengths.get(list.length) ?? 0) + 1);
  const labels = lists.find(([name]) => isLabelWord(name));
  const common = labels?.[1].length ?? [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  if ((lengths.get(common) ?? 0) < 2) {
    const sizes = lists.slice(0, 12).map(([name, list]) => `${name} (${list.length})`);
    throw new Failure(
      `${basename(file)} holds lists of different lengths: ${sizes.join(', ')}; samples and labels are equally many.`,
      { file },
    );
  }
  const builder = new TableBuilder(file);
  for (const [name, list] of lists) {
    if (list.length !== common) continue;
    for (const [row, cell] of list.entries()) builder.addTo(name, toCell(cell), row);
  }
  return builder.finish();
}

/** Objects by name, as pandas writes columns (`{"x": {"0": 1, …}}`) and rows (`{"0": {"x": 1, …}, …}`). */
function objectsTable(objects: readonly (readonly [string, Fields])[], file: string): Table {
  const builder = new TableBuilder(file);
  const isNumber = (name: string): boolean => /^\d+$/.test(name);
  const inner = Object.keys(objects[0]?.[1] ?? {});
  if (inner.length > 0 && inner.every(isNumber)) {
    const rows = new Map(inner.map((key, row) => [key, row]));
    for (const [name, cells] of objects) {
      for (const [key, cell] of Object.entries(cells)) {
        const row = rows.get(key);
        if (row !== undefined) builder.addTo(name, toCell(cell), row);
      }
    }
    return builder.finish();
  }
  const numbered = objects.every(([key]) => isNumber(key));
  for (const [key, record] of objects) {
    const cells = Object.entries(record).map(([name, cell]) => [name, toCell(cell)] as const);
    builder.addNamed(numbered ? cells : [['name', key], ...cells]);
  }
  return builder.finish();
}

function toCell(value: unknown): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value;
  if (!Array.isArray(value)) return { what: 'objects' };
  const shape: number[] = [];
  for (let at: unknown = value; Array.isArray(at); at = at[0]) {
    if (shape.push(at.length) > MOST_AXES) return { what: 'lists within lists within lists' };
  }
  const values: number[] = [];
  const problem = collect(value, shape, 0, values);
  return problem === null ? { shape, values } : { what: problem };
}

/** Puts the numbers of lists within lists into one list; what stands in the way, if anything. */
function collect(value: unknown, shape: readonly number[], axis: number, into: number[]): string | null {
  if (axis === shape.length) {
    if (typeof value === 'number') into.push(value);
    else if (typeof value === 'boolean') into.push(Number(value));
    else if (value === null) into.push(NaN);
    else return typeof value === 'string' ? 'lists of text' : 'lists of different lengths';
    return null;
  }
  if (!Array.isArray(value) || value.length !== shape[axis]) return 'lists of different lengths';
  for (const part of value) {
    const problem = collect(part, shape, axis + 1, into);
    if (problem !== null) return problem;
  }
  return null;
}

function noTable(file: string): Failure {
  return new Failure(
    `${basename(file)} holds no table: give a list of records, [{"x": …, "label": …}, …], or lists by name, ` +
      '{"x": […], "label": […]}.',
    { file },
  );
}
