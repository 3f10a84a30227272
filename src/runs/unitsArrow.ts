import {
  Bool,
  DataType,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
  type Data,
  type Vector,
} from 'apache-arrow';
import type { StoredRun } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import type { UnitTable } from '../protocol/units';
import { checkArrow } from './arrowCheck';
import { columnValues, fileColumns, unitRows, type FileColumn } from './unitColumns';

/** Bits, lowest first, of the rows for which `is` holds. */
function bitmap(values: Float64Array, is: (value: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, row) => {
    if (is(value)) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return bits;
}

function arrowColumn(kind: FileColumn['kind'], values: readonly string[] | Float64Array): Data {
  if (!(values instanceof Float64Array)) {
    const [data] = vectorFromArray(values, new Utf8()).data;
    return data ?? makeData({ type: new Utf8() });
  }
  const nullCount = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  const length = values.length;
  const nulls = nullCount === 0 ? null : bitmap(values, (value) => !Number.isNaN(value));
  const common = { length, nullCount, nullBitmap: nulls };
  switch (kind) {
    case 'flag':
      return makeData({ type: new Bool(), ...common, data: bitmap(values, (value) => value === 1) });
    case 'integer':
    case 'unit':
      return makeData({ type: new Int32(), ...common, data: Int32Array.from(values) });
    default:
      return makeData({ type: new Float64(), ...common, data: values.slice() });
  }
}

/**
 * `units.arrow`, or another file of these columns: an Arrow IPC file of one record batch, columns as in `units.csv`,
 * null for not computed.
 */
export function unitsArrow(
  run: Pick<StoredRun, 'record' | 'table'>,
  columns = fileColumns(run.table.classes),
): Uint8Array {
  const children = columns.map((column) => arrowColumn(column.kind, columnValues(run, column)));
  const schema = new Schema(
    columns.map((column, i) => {
      const type = children[i]?.type ?? new Utf8();
      return new Field(column.name, type, column.kind !== 'text' && column.kind !== 'unit');
    }),
  );
  const type = new Struct(schema.fields);
  const batch = new RecordBatch(schema, makeData({ type, length: run.table.rows, nullCount: 0, children }));
  return tableToIPC(new Table([batch]), 'file');
}

/**
 * Reads what {@link unitsArrow} wrote of these columns back into a table of `record`.
 * Throws {@link Failure} where the file is damaged or belongs to another run.
 */
export function readUnitsArrow(
  bytes: Uint8Array,
  columns: readonly FileColumn[],
  record: RunRecord,
  file: string,
  table: UnitTable,
): void {
  const rows = unitRows(record.sites);
  let stored: Table;
  try {
    checkArrow(bytes);
    stored = tableFromIPC(bytes);
  } catch (cause) {
    throw new Failure(`${file} is damaged: resume the run, or delete its folder.`, { file, cause });
  }
  const foreign = (what: string): Failure =>
    new Failure(
      `${file} does not belong to the run.json beside it, ${what}: resume the run, or delete its folder.`,
      {
        file,
      },
    );
  if (stored.numRows !== rows.length)
    throw foreign(`it has ${stored.numRows} rows instead of ${rows.length}`);
  for (const column of columns) {
    const vector: Vector | null = stored.getChild(column.name);
    if (vector === null) throw foreign(`it has no column ${column.name}`);
    if (column.kind === 'text') {
      if (column.name !== 'site') continue;
      const row = rows.findIndex(({ site }, at) => vector.get(at) !== site);
      if (row >= 0) throw foreign(`its row ${row} is of another site`);
      continue;
    }
    const numbers = numbersOf(vector, rows.length);
    if (column.kind === 'unit') {
      const row = rows.findIndex(({ unit }, at) => numbers[at] !== unit);
      if (row >= 0) throw foreign(`its row ${row} is of another unit`);
    } else if (column.kind === 'by_class') {
      const { classes } = table;
      numbers.forEach((value, row) => (table[column.of][row * classes + column.class] = value));
    } else table.columns[column.name].set(numbers);
  }
}

/** `[rows]`: the values of a column, NaN where there is none. */
function numbersOf(vector: Vector, rows: number): Float64Array {
  const numbers = new Float64Array(rows);
  if (!DataType.isFloat(vector.type) && !DataType.isInt(vector.type)) {
    return numbers.map((_, row) => {
      const value: unknown = vector.get(row);
      return value === null ? NaN : Number(value);
    });
  }
  const values = vector.toArray() as ArrayLike<number>;
  for (let row = 0; row < rows; row++) numbers[row] = Number(values[row]);
  // One batch has all rows; a file of several is none of ours, and is read as slowly as it is safe.
  const bits = vector.data.length === 1 ? vector.data[0]!.nullBitmap : null;
  if (vector.nullCount > 0) {
    for (let row = 0; row < rows; row++) {
      const isThere = bits === null ? vector.isValid(row) : ((bits[row >> 3] ?? 0) >> (row & 7)) & 1;
      if (!isThere) numbers[row] = NaN;
    }
  }
  return numbers;
}
