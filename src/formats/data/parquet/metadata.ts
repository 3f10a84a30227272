import { basename } from 'node:path';
import { Failure } from '../../../protocol/failure';
import { readPart } from '../bytes';
import { readThrift, type ThriftStruct, type ThriftValue } from './thrift';

/** A column of a Parquet file as it is stored: the leaf of a tree of fields. */
export interface Leaf {
  /** Names from the top field down. */
  readonly path: readonly string[];
  /** Physical type, by its number in the format. */
  readonly type: number;
  /** Bytes of a cell of fixed length. */
  readonly length: number;
  readonly converted: number | null;
  /** Field number of the logical type; null where there is none. */
  readonly logical: number | null;
  /** A whole number of that logical type is signed. */
  readonly signed: boolean;
  /** Bits of a whole number; null where the type says nothing. */
  readonly bits: number | null;
  /** Largest definition level: fields on the path that may be missing. */
  readonly definition: number;
  /** Largest repetition level: lists on the path. */
  readonly repetition: number;
}

/** Where the pages of one column lie in one row group. Sizes in bytes. */
export interface Chunk {
  readonly codec: number;
  /** Cells, of lists their elements. */
  readonly values: number;
  readonly start: number;
  readonly size: number;
}

/** Rows that are stored together; chunks in the order of the leaves. */
export interface RowGroup {
  readonly first: number;
  readonly rows: number;
  readonly chunks: readonly Chunk[];
}

/** What the end of a Parquet file says. */
export interface ParquetMetadata {
  readonly rows: number;
  readonly leaves: readonly Leaf[];
  readonly groups: readonly RowGroup[];
  /** What the writer left, by key. */
  readonly notes: ReadonlyMap<string, string>;
}

const MAGIC = 0x31524150;
const MAGIC_ENCRYPTED = 0x45524150;
const LARGEST_FOOTER = 2 ** 28;
const MOST_ROWS = 2 ** 31 - 1;
const DEEPEST = 64;
/** A column chunk may claim this many values whatever its size, and beyond so many a byte: runs pack well. */
const FREE_VALUES = 2 ** 24;
const MOST_VALUES_PER_BYTE = 8192;

/** Whether these first bytes are those of a Parquet file. */
export function isParquet(start: Uint8Array): boolean {
  return Buffer.from(start.subarray(0, 4)).toString('latin1') === 'PAR1';
}

/**
 * Reads the metadata of a Parquet file of `size` bytes from its end.
 *
 * @throws Failure when it is cut short, damaged or encrypted
 */
export async function readParquetMetadata(file: string, size: number): Promise<ParquetMetadata> {
  const damaged = (): Failure =>
    new Failure(`${basename(file)} is damaged or cut short: its Parquet metadata cannot be read.`, { file });
  if (size < 12) throw damaged();
  const tail = await readPart(file, size - 8, 8);
  const view = new DataView(tail.buffer, tail.byteOffset);
  if (view.getUint32(4, true) === MAGIC_ENCRYPTED)
    throw new Failure(`${basename(file)} is encrypted, which is not read.`, { file });
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== MAGIC || length > Math.min(size - 12, LARGEST_FOOTER)) throw damaged();
  try {
    return parse(readThrift(await readPart(file, size - 8 - length, length), 0).struct, size);
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged();
    throw cause;
  }
}

/** @throws RangeError when it contradicts itself */
function parse(footer: ThriftStruct, fileSize: number): ParquetMetadata {
  const leaves: Leaf[] = [];
  const schema = structs(footer.get(2));
  const end = addLeaves(schema, 0, [], { definition: -1, repetition: 0 }, leaves);
  if (end !== schema.length) throw new RangeError('schema');
  let first = 0;
  const groups = structs(footer.get(4)).map((group): RowGroup => {
    const rows = count(group.get(3), MOST_ROWS);
    const chunks = structs(group.get(1)).map((column) => readChunk(column, fileSize));
    if (chunks.length !== leaves.length) throw new RangeError('columns');
    // A row has at least one entry in every column.
    if (chunks.length === 0 || chunks.some(({ values }) => values < rows)) throw new RangeError('rows');
    first += rows;
    return { first: first - rows, rows, chunks };
  });
  if (first !== count(footer.get(3), MOST_ROWS)) throw new RangeError('rows');
  const notes = structs(footer.get(5) ?? []).map((note) => [text(note.get(1)), text(note.get(2))] as const);
  return { rows: first, leaves, groups, notes: new Map(notes) };
}

function readChunk(column: ThriftStruct, fileSize: number): Chunk {
  const meta = column.get(3);
  if (!(meta instanceof Map)) throw new RangeError('column');
  const fields = meta as ThriftStruct;
  const size = count(fields.get(7), fileSize);
  const data = count(fields.get(9), fileSize);
  const dictionary = fields.has(11) ? count(fields.get(11), fileSize) : 0;
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  if (start + size > fileSize) throw new RangeError('column beyond the end');
  const values = count(fields.get(5), Math.max(FREE_VALUES, size * MOST_VALUES_PER_BYTE));
  return { codec: count(fields.get(4), 255), values, start, size };
}

/** Adds the leaves under a field, depth first; where its descendants end. */
function addLeaves(
  schema: readonly ThriftStruct[],
  at: number,
  path: readonly string[],
  above: { readonly definition: number; readonly repetition: number },
  leaves: Leaf[],
): number {
  const field = schema[at];
  if (field === undefined || path.length > DEEPEST) throw new RangeError('schema');
  const children = field.has(5) ? count(field.get(5), schema.length) : 0;
  const repetition = field.has(3) ? count(field.get(3), 2) : 0;
  const levels = {
    definition: above.definition + (repetition === 0 && at > 0 ? 0 : 1),
    repetition: above.repetition + (repetition === 2 && at > 0 ? 1 : 0),
  };
  const own = at === 0 ? [] : [...path, text(field.get(4))];
  if (children === 0 && at > 0) {
    const logical = field.get(10);
    const [number, details] = logical instanceof Map ? ([...(logical as ThriftStruct)][0] ?? []) : [];
    const whole = number === 10 && details instanceof Map ? (details as ThriftStruct) : null;
    const converted = field.has(6) ? count(field.get(6), 255) : null;
    leaves.push({
      path: own,
      type: count(field.get(1), 7),
      length: field.has(2) ? count(field.get(2), 2 ** 31) : 0,
      converted,
      logical: number ?? null,
      signed:
        whole !== null ? whole.get(2) === true : !(converted !== null && converted >= 11 && converted <= 14),
      bits: whole !== null ? count(whole.get(1), 64) : wholeBits(converted),
      ...levels,
    });
    return at + 1;
  }
  let next = at + 1;
  for (let child = 0; child < children; child++) next = addLeaves(schema, next, own, levels, leaves);
  return next;
}

/** UINT_8 … UINT_64 are converted types 11 to 14, INT_8 … INT_64 15 to 18. */
function wholeBits(converted: number | null): number | null {
  if (converted === null || converted < 11 || converted > 18) return null;
  return 8 << ((converted - 11) % 4);
}

function structs(value: ThriftValue | undefined): ThriftStruct[] {
  if (!Array.isArray(value)) throw new RangeError('list');
  return value.map((one: ThriftValue) => {
    if (one instanceof Map) return one as ThriftStruct;
    throw new RangeError('struct');
  });
}

function count(value: ThriftValue | undefined, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new RangeError('number');
}

function text(value: ThriftValue | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}
