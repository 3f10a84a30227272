import { readVarint } from '../../varint';

/** A value of Thrift's compact protocol: integers as numbers, binary as bytes, a struct by field number. */
export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;

/** Fields by number. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** Structs and lists within each other; Parquet has fewer than ten. */
const DEEPEST = 32;

/**
 * Reads a struct of Thrift's compact protocol, as Parquet's metadata and page headers are written.
 *
 * @returns it, and where it ends
 * @throws RangeError when it is damaged
 */
export function readThrift(bytes: Uint8Array, from: number): { struct: ThriftStruct; end: number } {
  const reader = new ThriftReader(bytes, from);
  const struct = reader.struct(0);
  return { struct, end: reader.at };
}

class ThriftReader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(depth: number): ThriftStruct {
    if (depth > DEEPEST) throw new RangeError('nested too deeply');
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ;) {
      const byte = this.view.getUint8(this.at++);
      const type = byte & 0x0f;
      if (type === 0) return fields;
      id = byte >> 4 === 0 ? this.zigzag() : id + (byte >> 4);
      fields.set(id, type <= 2 ? type === 1 : this.value(type, depth));
    }
  }

  private value(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return this.view.getUint8(this.at++) === 1;
      case 3:
        return this.view.getInt8(this.at++);
      case 4:
      case 5:
      case 6:
        return this.zigzag();
      case 7:
        this.at += 8;
        return this.view.getFloat64(this.at - 8, true);
      case 8:
        return this.binary();
      case 9:
      case 10:
        return this.list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new RangeError(`unknown type ${type}`);
    }
  }

  private binary(): Uint8Array {
    const length = this.unsigned();
    if (length > this.bytes.length - this.at) throw new RangeError('binary beyond the end');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private list(depth: number): ThriftValue[] {
    if (depth > DEEPEST) throw new RangeError('nested too deeply');
    const byte = this.view.getUint8(this.at++);
    const count = byte >> 4 === 15 ? this.unsigned() : byte >> 4;
    // Each element takes at least one byte.
    if (count > this.bytes.length - this.at) throw new RangeError('list beyond the end');
    return Array.from({ length: count }, () => this.value(byte & 0x0f, depth + 1));
  }

  /** 64-bit integers beyond ±2^53 lose their last digits: sizes that no file has. */
  private zigzag(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private unsigned(): number {
    return readVarint(this.bytes, this);
  }
}
