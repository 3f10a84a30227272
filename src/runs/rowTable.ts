import {
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
  type Data,
} from 'apache-arrow';
import { Failure } from '../protocol/failure';
import { csvField } from './unitsCsv';

/** A column of a table whose rows are objects. */
export interface RowColumn<Row> {
  readonly name: keyof Row & string;
  readonly kind: 'text' | 'integer' | 'real';
}

/** Rows as CSV: one header line; numbers are the shortest that read back exactly. */
export function rowsCsv<Row extends object>(
  columns: readonly RowColumn<Row>[],
  rows: readonly Row[],
): string {
  const lines = rows.map((row) => columns.map(({ name }) => csvField(String(row[name]))).join(','));
  return `${[columns.map(({ name }) => name).join(','), ...lines].join('\n')}\n`;
}

/**
 * Reads what {@link rowsCsv} wrote.
 * @throws Failure where the file is damaged
 */
export function readRowsCsv<Row extends object>(
  columns: readonly RowColumn<Row>[],
  text: string,
  file: string,
): Row[] {
  const [head, ...records] = parseRecords(text);
  const damaged = (): Failure => new Failure(`${file} is damaged: delete this run's folder.`, { file });
  if (head?.join() !== columns.map(({ name }) => name).join()) throw damaged();
  return records.map((fields) => {
    if (fields.length !== columns.length) throw damaged();
    const entries = columns.map(({ name, kind }, i): [string, string | number] => {
      const field = fields[i]!;
      if (kind === 'text') return [name, field];
      const value = Number(field);
      if (field === '' || Number.isNaN(value)) throw damaged();
      return [name, value];
    });
    return Object.fromEntries(entries) as Row;
  });
}

/** The records of a CSV text, quoted fields as RFC 4180 has them. */
function parseRecords(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return [];
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    records.push(fields);
    fields = [];
  }
  return records;
}

/** Rows as an Arrow IPC file of one record batch. */
export function rowsArrow<Row extends object>(
  columns: readonly RowColumn<Row>[],
  rows: readonly Row[],
): Uint8Array {
  const children = columns.map(({ name, kind }): Data => {
    if (kind === 'text') {
      const [data] = vectorFromArray(
        rows.map((row) => String(row[name])),
        new Utf8(),
      ).data;
      return data ?? makeData({ type: new Utf8() });
    }
    const values = rows.map((row) => Number(row[name]));
    const length = rows.length;
    return kind === 'integer'
      ? makeData({ type: new Int32(), length, nullCount: 0, data: Int32Array.from(values) })
      : makeData({ type: new Float64(), length, nullCount: 0, data: Float64Array.from(values) });
  });
  const schema = new Schema(columns.map(({ name }, i) => new Field(name, children[i]!.type, false)));
  const type = new Struct(schema.fields);
  const batch = new RecordBatch(schema, makeData({ type, length: rows.length, nullCount: 0, children }));
  return tableToIPC(new Table([batch]), 'file');
}
