import {
  Field,
  Float64,
  Int32,
  Int8,
  makeData,
  RecordBatch,
  RecordBatchReader,
  Schema,
  Struct,
  Table,
  tableToIPC,
  type Data,
  type DataType,
} from 'apache-arrow';
import type { PieceResult } from '../core/ablation/piece';
import { checkArrow } from './arrowCheck';

/**
 * Where the whole messages of an Arrow IPC stream end, in bytes from its start, up to the first that is cut
 * off or is no message. Framing: `ff ff ff ff`, int32 length of the metadata, the metadata (a flatbuffer,
 * padded), the body, whose length the metadata tells (Arrow columnar format, "Encapsulated message format").
 */
export function wholeMessages(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends: number[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const metadata = view.getInt32(at + 4, true);
    const body = at + 8 + metadata;
    if (view.getUint32(at, true) !== 0xffffffff || metadata <= 0 || body > bytes.length) break;
    const length = bodyLength(view, at + 8, body);
    if (length === null || body + length > bytes.length) break;
    at = body + length;
    ends.push(at);
  }
  return ends;
}

/** `bodyLength`, the fourth field (int64) of the flatbuffer table `Message`; null where it makes no sense. */
function bodyLength(view: DataView, start: number, end: number): number | null {
  const within = (at: number, size: number): boolean => at >= start && at + size <= end;
  if (!within(start, 4)) return null;
  const table = start + view.getUint32(start, true);
  if (!within(table, 4)) return null;
  const vtable = table - view.getInt32(table, true);
  if (!within(vtable, 4)) return null;
  const slot = 4 + 2 * 3;
  if (view.getUint16(vtable, true) < slot + 2) return 0;
  if (!within(vtable + slot, 2)) return null;
  const offset = view.getUint16(vtable + slot, true);
  if (offset === 0) return 0;
  if (!within(table + offset, 8)) return null;
  const length = Number(view.getBigInt64(table + offset, true));
  return length >= 0 && Number.isSafeInteger(length) ? length : null;
}

/** Columns of the journal before those of the classes; one row a unit of a piece. */
const COLUMNS: readonly (readonly [name: string, type: DataType])[] = [
  ['site', new Int32()],
  ['unit', new Int32()],
  ['slice', new Int32()],
  ['round', new Int32()],
  ['half', new Int8()],
  ['samples', new Int32()],
  ['draws', new Int32()],
  ['ablated_correct', new Int32()],
  ['flips_to_wrong', new Int32()],
  ['flips_to_right', new Int32()],
  ['net_squares', new Float64()],
  ['loss_sum', new Float64()],
  ['near_ties', new Int32()],
];

const schemas = new Map<number, Schema>();

function journalSchema(classes: number): Schema {
  const known = schemas.get(classes);
  if (known !== undefined) return known;
  const fields = COLUMNS.map(([name, type]) => new Field(name, type, false));
  for (let index = 0; index < classes; index++)
    fields.push(new Field(`class_correct_${index}`, new Int32(), false));
  const schema = new Schema(fields);
  schemas.set(classes, schema);
  return schema;
}

/** The stream's first message: its schema. */
export function schemaMessage(classes: number): Uint8Array {
  const bytes = tableToIPC(new Table(journalSchema(classes)), 'stream');
  return bytes.slice(0, wholeMessages(bytes)[0]);
}

function columnData(data: Int32Array | Int8Array | Float64Array): Data {
  if (data instanceof Int32Array) return makeData({ type: new Int32(), data });
  if (data instanceof Int8Array) return makeData({ type: new Int8(), data });
  return makeData({ type: new Float64(), data });
}

/** A piece as one record batch message. `site` and `slice` are indices. Throws RangeError on odd lengths. */
export function pieceMessage(piece: PieceResult, classes: number): Uint8Array {
  const { units } = piece;
  if (piece.class_correct.length !== units * classes || piece.ablated_correct.length !== units)
    throw new RangeError(`a piece of ${units} units and ${classes} classes has arrays of other lengths`);
  const same = (value: number): Int32Array => new Int32Array(units).fill(value);
  const data: (Int32Array | Int8Array | Float64Array)[] = [
    same(piece.site),
    Int32Array.from({ length: units }, (_, i) => piece.first_unit + i),
    same(piece.slice),
    same(piece.round),
    new Int8Array(units).fill(piece.half),
    same(piece.samples),
    same(piece.draws),
    piece.ablated_correct,
    piece.flips_to_wrong,
    piece.flips_to_right,
    piece.net_squares,
    piece.loss_sum,
    piece.near_ties,
  ];
  for (let index = 0; index < classes; index++)
    data.push(
      Int32Array.from({ length: units }, (_, unit) => piece.class_correct[unit * classes + index] ?? 0),
    );
  const schema = journalSchema(classes);
  const children = data.map(columnData);
  const struct = makeData({ type: new Struct(schema.fields), length: units, nullCount: 0, children });
  const bytes = tableToIPC(new Table([new RecordBatch(schema, struct)]), 'stream');
  const [start, end] = wholeMessages(bytes);
  return bytes.slice(start, end);
}

/** What of a journal is whole. */
export interface JournalContent {
  /** Bytes up to the end of the last whole piece; 0 where not even the schema is whole. */
  readonly length: number;
  readonly pieces: PieceResult[];
}

/**
 * Reads a journal up to its last whole piece.
 * Throws Error where what is whole is not a journal of that many classes.
 */
export function readJournal(bytes: Uint8Array, classes: number): JournalContent {
  const ends = wholeMessages(bytes);
  const [schemaEnd] = ends;
  if (schemaEnd === undefined) return { length: 0, pieces: [] };
  const pieces: PieceResult[] = [];
  const whole = bytes.slice(0, ends.at(-1));
  checkArrow(whole);
  const reader = RecordBatchReader.from(whole).open();
  const names = journalSchema(classes).fields.map((field) => `${field.name} ${String(field.type)}`);
  const found = reader.schema.fields.map((field) => `${field.name} ${String(field.type)}`);
  if (names.join() !== found.join()) throw new Error(`columns are ${found.join()}, not ${names.join()}`);
  for (const batch of reader) {
    const piece = readPiece(batch, classes);
    // A crash of the machine can leave zeros where a message should be: no piece has no samples.
    if (piece === null) break;
    pieces.push(piece);
  }
  return { length: ends[pieces.length] ?? schemaEnd, pieces };
}

function readPiece(batch: RecordBatch, classes: number): PieceResult | null {
  const units = batch.numRows;
  const column = (name: string): ArrayLike<number> => {
    const values: unknown = batch.getChild(name)?.toArray();
    if (!(values instanceof Int32Array || values instanceof Int8Array || values instanceof Float64Array))
      throw new Error(`column ${name} is missing`);
    return values;
  };
  const first = (name: string): number => column(name)[0] ?? 0;
  const half = first('half');
  if (units === 0 || first('samples') < 1 || (half !== 0 && half !== 1)) return null;
  const class_correct = new Int32Array(units * classes);
  for (let index = 0; index < classes; index++) {
    const values = column(`class_correct_${index}`);
    for (let unit = 0; unit < units; unit++) class_correct[unit * classes + index] = values[unit] ?? 0;
  }
  return {
    site: first('site'),
    first_unit: first('unit'),
    units,
    slice: first('slice'),
    round: first('round'),
    half,
    samples: first('samples'),
    draws: first('draws'),
    ablated_correct: Int32Array.from(column('ablated_correct')),
    flips_to_wrong: Int32Array.from(column('flips_to_wrong')),
    flips_to_right: Int32Array.from(column('flips_to_right')),
    net_squares: Float64Array.from(column('net_squares')),
    loss_sum: Float64Array.from(column('loss_sum')),
    near_ties: Int32Array.from(column('near_ties')),
    class_correct,
  };
}
