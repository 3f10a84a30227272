import { decode, elementType, type ElementType } from '../elements';
import type { Numbers } from '../table';
import type { Chunk, Leaf } from './metadata';
import { readDeltas, readRuns } from './runs';
import { readThrift, type ThriftStruct } from './thrift';
import { codecName, unpackPage } from './unpack';

/** The values of one column in one row group, without those that are missing; levels tell where those are. */
export interface ChunkValues {
  /** Definition level of each entry; null where none can be missing. */
  readonly definitions: Int32Array | null;
  /** Repetition level of each entry; null where the column has no lists. */
  readonly repetitions: Int32Array | null;
  readonly entries: number;
  readonly values: Numbers | readonly Uint8Array[];
  /** Bytes that it keeps in memory, about. */
  readonly bytes: number;
}

const BOOLEAN = 0;
const INT32 = 1;
const BYTE_ARRAY = 6;
const FIXED = 7;
const FLOAT16 = 15;
/** Physical types INT32, INT64, FLOAT, DOUBLE as elements. */
const ELEMENTS: Readonly<Record<number, ElementType>> = {
  1: elementType('int', 4, true),
  2: elementType('int', 8, true),
  4: elementType('float', 4, true),
  5: elementType('float', 8, true),
};
const DICTIONARY_PAGE = 2;
const DATA_PAGE = 0;
const DATA_PAGE_2 = 3;

/** A chunk of one kind of page, or of a codec or encoding, that is not read: with its name. */
export class NotRead extends Error {}

/** How the numbers of a column lie in a file; null for text and bytes. */
export function leafElement(leaf: Leaf): ElementType | null {
  if (leaf.type === FIXED && leaf.logical === FLOAT16) return elementType('float', 2, true);
  const element = ELEMENTS[leaf.type] ?? null;
  return element?.kind === 'int' && !leaf.signed ? elementType('uint', element.size, true) : element;
}

/**
 * Reads all pages of one column in one row group.
 *
 * @param bytes the chunk as it lies in the file
 * @throws RangeError when it is damaged; NotRead for a codec or encoding that is not read
 */
export function readPages(bytes: Uint8Array, chunk: Chunk, leaf: Leaf): ChunkValues {
  const reader = new PageReader(chunk, leaf);
  for (let at = 0; at < bytes.length && reader.entries < chunk.values;) {
    const { struct, end } = readThrift(bytes, at);
    const size = field(struct, 3);
    if (end + size > bytes.length) throw new RangeError('page beyond the end');
    reader.add(struct, bytes.subarray(end, end + size));
    at = end + size;
  }
  return reader.finish();
}

function field(struct: ThriftStruct, id: number): number {
  const value = struct.get(id);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new RangeError('page header');
}

type Values = Numbers | readonly Uint8Array[];

class PageReader {
  entries = 0;
  private dictionary: Values | null = null;
  private readonly definitions: Int32Array[] = [];
  private readonly repetitions: Int32Array[] = [];
  private readonly parts: Values[] = [];
  private bytes = 0;

  constructor(
    private readonly chunk: Chunk,
    private readonly leaf: Leaf,
  ) {}

  add(header: ThriftStruct, packed: Uint8Array): void {
    const type = field(header, 1);
    const size = field(header, 2);
    const details = header.get(type === DICTIONARY_PAGE ? 7 : type === DATA_PAGE ? 5 : 8);
    if (type !== DICTIONARY_PAGE && type !== DATA_PAGE && type !== DATA_PAGE_2) return;
    if (!(details instanceof Map)) throw new RangeError('page header');
    const page = details as ThriftStruct;
    const count = field(page, 1);
    if (type === DICTIONARY_PAGE) {
      const content = this.unpack(packed, size);
      this.dictionary = this.plain(content, count);
      return;
    }
    if (count > this.chunk.values - this.entries) throw new RangeError('too many values');
    this.entries += count;
    if (type === DATA_PAGE) this.addPage(page, this.unpack(packed, size), count);
    else this.addPage2(page, packed, size, count);
  }

  finish(): ChunkValues {
    if (this.entries !== this.chunk.values) throw new RangeError('too few values');
    const { leaf, entries } = this;
    const values = joined(this.parts);
    return {
      definitions: leaf.definition === 0 ? null : joinedLevels(this.definitions, entries),
      repetitions: leaf.repetition === 0 ? null : joinedLevels(this.repetitions, entries),
      entries,
      values,
      bytes: this.bytes + (ArrayBuffer.isView(values) ? values.byteLength : 8 * values.length) + 8 * entries,
    };
  }

  private addPage(page: ThriftStruct, content: Uint8Array, count: number): void {
    let at = 0;
    const levels = (most: number): Int32Array => {
      const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
      const length = view.getUint32(at, true);
      if (length > content.length - at - 4) throw new RangeError('levels beyond the end');
      at += 4 + length;
      return readRuns(content.subarray(at - length, at), bits(most), count);
    };
    if (this.leaf.repetition > 0) this.repetitions.push(levels(this.leaf.repetition));
    const present = this.leaf.definition > 0 ? this.addDefinitions(levels(this.leaf.definition)) : count;
    this.parts.push(this.values(field(page, 2), content.subarray(at), present));
  }

  private addPage2(page: ThriftStruct, packed: Uint8Array, size: number, count: number): void {
    const definitions = field(page, 5);
    const repetitions = field(page, 6);
    const at = definitions + repetitions;
    if (at > packed.length || at > size) throw new RangeError('levels beyond the end');
    const { leaf } = this;
    if (leaf.repetition > 0)
      this.repetitions.push(readRuns(packed.subarray(0, repetitions), bits(leaf.repetition), count));
    const levels = packed.subarray(repetitions, at);
    const present =
      leaf.definition > 0 ? this.addDefinitions(readRuns(levels, bits(leaf.definition), count)) : count;
    const rest = packed.subarray(at);
    const content = page.get(7) === false ? rest : this.unpack(rest, size - at);
    this.parts.push(this.values(field(page, 4), content, present));
  }

  /** How many values of a page are there. */
  private addDefinitions(levels: Int32Array): number {
    this.definitions.push(levels);
    let present = 0;
    for (const level of levels) if (level === this.leaf.definition) present++;
    return present;
  }

  private unpack(packed: Uint8Array, size: number): Uint8Array {
    const content = unpackPage(this.chunk.codec, packed, size);
    if (content === null) throw new NotRead(codecName(this.chunk.codec));
    this.bytes += content.length;
    return content;
  }

  private values(encoding: number, content: Uint8Array, count: number): Values {
    switch (encoding) {
      case 0:
        return this.plain(content, count);
      case 2:
      case 8:
        return this.fromDictionary(content, count);
      case 3: {
        const length = new DataView(content.buffer, content.byteOffset, content.byteLength).getUint32(
          0,
          true,
        );
        return Float64Array.from(readRuns(content.subarray(4, 4 + length), 1, count));
      }
      case 5:
        return this.wrapped(exactly(readDeltas(content, 0, count).numbers, count));
      case 6:
        return lengthsThenBytes(content, count).values;
      case 7:
        return prefixes(content, count);
      case 9:
        return this.split(content, count);
      default:
        throw new NotRead(`encoding ${encoding}`);
    }
  }

  private fromDictionary(content: Uint8Array, count: number): Values {
    const { dictionary } = this;
    if (count === 0) return new Float64Array(0);
    if (dictionary === null) throw new RangeError('no dictionary');
    const indices = readRuns(content.subarray(1), content[0] ?? 0, count);
    for (const index of indices)
      if (index < 0 || index >= dictionary.length) throw new RangeError('dictionary');
    if (ArrayBuffer.isView(dictionary)) {
      const values = dictionary instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
      for (let i = 0; i < count; i++) values[i] = dictionary[indices[i] ?? 0] ?? NaN;
      return values;
    }
    return Array.from(indices, (index) => dictionary[index] ?? new Uint8Array(0));
  }

  private plain(content: Uint8Array, count: number): Values {
    const { leaf } = this;
    if (leaf.type === BOOLEAN) {
      if (count > content.length * 8) throw new RangeError('values beyond the end');
      return Float64Array.from({ length: count }, (_, i) => ((content[i >> 3] ?? 0) >> (i & 7)) & 1);
    }
    if (leaf.type === BYTE_ARRAY) return byteArrays(content, count);
    const element = leafElement(leaf);
    const size = element?.size ?? leaf.length;
    if (count * size > content.length) throw new RangeError('values beyond the end');
    if (element === null)
      return Array.from({ length: count }, (_, i) => content.subarray(i * size, (i + 1) * size));
    const into =
      element.kind === 'float' && element.size <= 4 ? new Float32Array(count) : new Float64Array(count);
    return decode(element, content.subarray(0, count * size), into);
  }

  /** Differences are of signed numbers, and run over. */
  private wrapped(numbers: Float64Array): Float64Array {
    const { type, signed } = this.leaf;
    if (type === INT32) return numbers.map((value) => (signed ? value | 0 : value >>> 0));
    return signed ? numbers : numbers.map((value) => (value < 0 ? value + 2 ** 64 : value));
  }

  /** Encoding BYTE_STREAM_SPLIT: all first bytes, then all second bytes, … */
  private split(content: Uint8Array, count: number): Values {
    const size = leafElement(this.leaf)?.size ?? this.leaf.length;
    if (count * size > content.length) throw new RangeError('values beyond the end');
    const bytes = new Uint8Array(count * size);
    for (let b = 0; b < size; b++) {
      for (let i = 0; i < count; i++) bytes[i * size + b] = content[b * count + i] ?? 0;
    }
    return this.plain(bytes, count);
  }
}

function bits(most: number): number {
  return 32 - Math.clz32(most);
}

function exactly<T extends ArrayLike<unknown>>(values: T, count: number): T {
  if (values.length !== count) throw new RangeError('too few values');
  return values;
}

/** Lengths (of 4 bytes) and bytes in turn. */
function byteArrays(content: Uint8Array, count: number): Uint8Array[] {
  if (count * 4 > content.length) throw new RangeError('values beyond the end');
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const values: Uint8Array[] = [];
  for (let at = 0; values.length < count;) {
    const length = view.getUint32(at, true);
    at += 4;
    if (length > content.length - at) throw new RangeError('value beyond the end');
    values.push(content.subarray(at, at + length));
    at += length;
  }
  return values;
}

/** Encoding DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. */
function lengthsThenBytes(content: Uint8Array, count: number, from = 0): { values: Uint8Array[] } {
  const { numbers, end } = readDeltas(content, from, count);
  exactly(numbers, count);
  let at = end;
  const values = Array.from(numbers, (length) => {
    if (length < 0 || length > content.length - at) throw new RangeError('value beyond the end');
    at += length;
    return content.subarray(at - length, at);
  });
  return { values };
}

/** A page of values that share beginnings makes no more bytes than this. */
const MOST_SHARED = 2 ** 28;

/** Encoding DELTA_BYTE_ARRAY: how much each value takes over from the one before, then the rests. */
function prefixes(content: Uint8Array, count: number): Uint8Array[] {
  const { numbers, end } = readDeltas(content, 0, count);
  exactly(numbers, count);
  let before: Uint8Array = new Uint8Array(0);
  let total = 0;
  return lengthsThenBytes(content, count, end).values.map((rest, i) => {
    const shared = numbers[i] ?? 0;
    total += shared + rest.length;
    if (shared < 0 || shared > before.length || total > MOST_SHARED) throw new RangeError('prefix');
    const value = new Uint8Array(shared + rest.length);
    value.set(before.subarray(0, shared));
    value.set(rest, shared);
    before = value;
    return value;
  });
}

function joined(parts: readonly Values[]): Values {
  const [first, ...more] = parts;
  if (first === undefined) return new Float64Array(0);
  if (more.length === 0) return first;
  if (parts.every((part): part is Numbers => ArrayBuffer.isView(part))) {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const all = parts.every((part) => part instanceof Float32Array)
      ? new Float32Array(length)
      : new Float64Array(length);
    let to = 0;
    for (const part of parts) {
      all.set(part, to);
      to += part.length;
    }
    return all;
  }
  return parts.flatMap((part) => (ArrayBuffer.isView(part) ? [] : part));
}

function joinedLevels(parts: readonly Int32Array[], entries: number): Int32Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new Int32Array(entries);
  let to = 0;
  for (const part of parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}
