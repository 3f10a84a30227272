/** Kinds of messages. */
const SCHEMA = 1;
const BATCH = 3;
/** More fields and buffers than any file of a run has: a reader goes through all that are claimed. */
const MOST_PARTS = 100_000;

/**
 * Checks the metadata of an Arrow file or stream before the library reads it: it goes through as many fields, nodes and
 * buffers as the metadata claims, whether they are there or not.
 * @throws RangeError where a claim goes beyond the bytes
 */
export function checkArrow(bytes: Uint8Array): void {
  const buffer = new Flatbuffer(bytes);
  const isFile = Buffer.from(bytes.subarray(0, 6)).toString('latin1') === 'ARROW1';
  const length = isFile ? buffer.int32(bytes.length - 10) : 0;
  const end = isFile ? bytes.length - 10 - length : bytes.length;
  for (let at = isFile ? 8 : 0; at + 8 <= end;) at = buffer.message(at);
  if (!isFile) return;
  const footer = buffer.table(end);
  buffer.schema(buffer.field(footer, 1));
  for (const slot of [2, 3]) {
    const { start, count } = buffer.vector(footer, slot, 24);
    for (let i = 0; i < count; i++) {
      const at = buffer.int64(start + 24 * i);
      if (buffer.message(at) > end) throw new RangeError('A block that ends');
    }
  }
}

/** Reads tables and vectors of Arrow's metadata (FlatBuffers); every place is checked to be within the bytes. */
class Flatbuffer {
  private readonly view: DataView;
  private parts = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int32(at: number): number {
    return this.view.getInt32(at, true);
  }

  int64(at: number): number {
    return Number(this.view.getBigInt64(at, true));
  }

  /** Where the table begins that a place points to. */
  table(at: number): number {
    return at + this.view.getUint32(at, true);
  }

  /** Where a field of a table lies; 0: it is left out. */
  field(table: number, slot: number): number {
    const fields = table - this.int32(table);
    const place = 4 + 2 * slot;
    if (place + 2 > this.view.getUint16(fields, true)) return 0;
    const offset = this.view.getUint16(fields + place, true);
    return offset === 0 ? 0 : table + offset;
  }

  /** @param size of an element in bytes */
  vector(table: number, slot: number, size: number): { readonly start: number; readonly count: number } {
    const at = this.field(table, slot);
    if (at === 0) return { start: 0, count: 0 };
    const start = this.table(at) + 4;
    const count = this.view.getUint32(start - 4, true);
    this.parts += count;
    if (start + count * size > this.bytes.length || this.parts > MOST_PARTS)
      throw new RangeError(`${count} elements are claimed`);
    return { start, count };
  }

  /** @returns where the next message begins; the end of the bytes after the last */
  message(at: number): number {
    this.parts = 0;
    const length = this.int32(at + 4);
    if (this.int32(at) !== -1 || length < 0) throw new RangeError('No message');
    if (length === 0) return this.bytes.length;
    const message = this.table(at + 8);
    const kind = this.field(message, 1);
    const header = this.field(message, 2);
    const type = header === 0 || kind === 0 ? 0 : this.view.getUint8(kind);
    if (type === SCHEMA) this.schema(header);
    else if (type === BATCH) this.batch(this.table(header));
    else throw new RangeError('A message of a kind that is not written');
    const body = this.field(message, 3);
    const bodyLength = body === 0 ? 0 : this.int64(body);
    if (!(bodyLength >= 0)) throw new RangeError('A body of negative length');
    return at + 8 + length + bodyLength;
  }

  /** Rows of the batch, rows and missing ones of each column, and where the columns' buffers lie. */
  private batch(batch: number): void {
    const rows = this.field(batch, 0);
    const nodes = this.vector(batch, 1, 16);
    const buffers = this.vector(batch, 2, 16);
    const numbers = [nodes, buffers].flatMap(({ start, count }) =>
      Array.from({ length: 2 * count }, (_, i) => this.int64(start + 8 * i)),
    );
    for (const number of [...numbers, ...(rows === 0 ? [] : [this.int64(rows)])]) {
      if (!(number >= 0 && number <= this.bytes.length)) throw new RangeError(`${number} is claimed`);
    }
  }

  /** @param at points to it */
  schema(at: number): void {
    if (at === 0) return;
    const schema = this.table(at);
    this.fields(schema, 1, 0);
    this.vector(schema, 2, 4);
  }

  private fields(table: number, slot: number, depth: number): void {
    const { start, count } = this.vector(table, slot, 4);
    if (depth > 8) throw new RangeError('Fields within fields');
    for (let i = 0; i < count; i++) {
      const field = this.table(start + 4 * i);
      this.fields(field, 5, depth + 1);
      this.vector(field, 6, 4);
    }
  }
}
