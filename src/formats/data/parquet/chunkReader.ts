import { basename } from 'node:path';
import { Failure } from '../../../protocol/failure';
import { readPart } from '../bytes';
import type { Numbers } from '../table';
import type { Leaf, ParquetMetadata } from './metadata';
import { NotRead, readPages, type ChunkValues } from './pages';

/** Decoded chunks are kept up to so many bytes together, those used last. */
const KEPT = 2 ** 30;
const LARGEST_CHUNK = 2 ** 31 - 1;
/** A row group of a column may hold this many numbers whatever was stored. */
const FREE_NUMBERS = 2 ** 24;

/** Reads the columns of a Parquet file row group by row group, and keeps what it can of them. */
export class ChunkReader {
  private readonly kept = new Map<string, { readonly content: unknown; readonly bytes: number }>();
  private bytes = 0;

  constructor(
    private readonly file: string,
    private readonly metadata: ParquetMetadata,
  ) {}

  /** Entries of a column in a row group, as stored. */
  async values(leafIndex: number, groupIndex: number): Promise<ChunkValues> {
    const leaf = this.metadata.leaves[leafIndex];
    const chunk = this.metadata.groups[groupIndex]?.chunks[leafIndex];
    if (leaf === undefined || chunk === undefined) throw new RangeError('column');
    const title = `Column "${leaf.path[0] ?? ''}" of ${basename(this.file)}`;
    if (chunk.size > LARGEST_CHUNK) {
      throw new Failure(`${title} has row groups of more than 2 GB: write it again with smaller ones.`, {
        file: this.file,
      });
    }
    const packed = await readPart(this.file, chunk.start, chunk.size);
    try {
      return readPages(packed, chunk, leaf);
    } catch (cause) {
      const what =
        cause instanceof NotRead
          ? `is packed by ${cause.message}, which is not read: write it again with compression="snappy"`
          : 'is damaged: its values cannot be read';
      throw new Failure(`${title} ${what}.`, { file: this.file, cause });
    }
  }

  /** Numbers of a column in a row group, row by row; NaN where one is missing. */
  async numbers(
    leafIndex: number,
    groupIndex: number,
    shape: readonly number[],
  ): Promise<Uint8Array | Numbers> {
    return this.keep(`numbers ${leafIndex} ${groupIndex}`, async () => {
      const chunk = await this.values(leafIndex, groupIndex);
      const leaf = this.metadata.leaves[leafIndex];
      const group = this.metadata.groups[groupIndex];
      if (leaf === undefined || group === undefined) throw new RangeError('column');
      const { values } = chunk;
      if (!ArrayBuffer.isView(values)) throw this.uneven(leaf, group.first);
      const numbers =
        chunk.definitions === null && chunk.repetitions === null
          ? values
          : this.cellsOf(chunk, values, leaf, group.rows, shape, group.first);
      if (chunk.repetitions === null && numbers.length !== group.rows) throw this.uneven(leaf, group.first);
      const content = smallest(numbers);
      return { content, bytes: content.byteLength };
    });
  }

  /** Bytes of the cells of a column in a row group; null where one is missing. */
  async cells(leafIndex: number, groupIndex: number): Promise<readonly (Uint8Array | null)[]> {
    return this.keep(`cells ${leafIndex} ${groupIndex}`, async () => {
      const { definitions, values, bytes, entries } = await this.values(leafIndex, groupIndex);
      const most = this.metadata.leaves[leafIndex]?.definition ?? 0;
      let next = 0;
      const content = Array.from({ length: entries }, (_, i) => {
        if (definitions !== null && definitions[i] !== most) return null;
        const value = values[next++];
        return value instanceof Uint8Array ? value : null;
      });
      return { content, bytes };
    });
  }

  /** Puts the entries of lists (or of single numbers, some missing) where they belong. */
  private cellsOf(
    { definitions, repetitions, entries }: ChunkValues,
    values: Numbers,
    leaf: Leaf,
    rows: number,
    shape: readonly number[],
    firstRow: number,
  ): Numbers {
    const width = shape.reduce((product, length) => product * length, 1);
    if (rows * width > Math.max(FREE_NUMBERS, 2 * entries)) throw this.uneven(leaf, firstRow);
    const cells =
      values instanceof Float32Array ? new Float32Array(rows * width) : new Float64Array(rows * width);
    cells.fill(NaN);
    const starts = levelStarts(shape);
    let row = -1;
    let within = 0;
    let next = 0;
    for (let i = 0; i < entries; i++) {
      const level = repetitions?.[i] ?? 0;
      if (level === 0) {
        if (row >= 0 && within !== width && within !== 0) throw this.uneven(leaf, firstRow + row);
        row++;
        within = 0;
      } else if (within >= width || starts[within] !== level) {
        throw this.uneven(leaf, firstRow + row);
      }
      if (row >= rows) throw this.uneven(leaf, firstRow + row);
      if (definitions === null || definitions[i] === leaf.definition) {
        cells[row * width + within] = values[next++] ?? NaN;
      } else if (level === 0 && repetitions?.[i + 1] !== leaf.repetition && width !== 1) {
        // A row without a list: all of its numbers are missing.
        continue;
      }
      within++;
    }
    if (row !== rows - 1 || (within !== width && within !== 0)) throw this.uneven(leaf, firstRow + row);
    return cells;
  }

  private uneven(leaf: Leaf, row: number): Failure {
    return new Failure(
      `Column "${leaf.path[0] ?? ''}" of ${basename(this.file)} holds lists of different lengths (row ${row}): ` +
        'samples are all of one shape.',
      { file: this.file },
    );
  }

  private async keep<T>(key: string, read: () => Promise<{ content: T; bytes: number }>): Promise<T> {
    const known = this.kept.get(key);
    if (known !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.content as T;
    }
    const fresh = await read();
    this.kept.set(key, fresh);
    this.bytes += fresh.bytes;
    for (const [oldest, { bytes }] of this.kept) {
      if (this.bytes <= KEPT || oldest === key) break;
      this.kept.delete(oldest);
      this.bytes -= bytes;
    }
    return fresh.content;
  }
}

/** For each place in a cell: at which level the list begins whose first element it is; the innermost goes on. */
function levelStarts(shape: readonly number[]): Uint8Array {
  const width = shape.reduce((product, length) => product * length, 1);
  const starts = new Uint8Array(width).fill(shape.length);
  let step = width;
  for (let axis = 0; axis < shape.length; axis++) {
    step /= shape[axis] ?? 1;
    for (let at = 0; at < width; at += step) if (starts[at] === shape.length) starts[at] = axis + 1;
  }
  return starts;
}

/** Whole numbers of 0 … 255 as bytes: what pictures in lists are. */
function smallest(numbers: Numbers): Uint8Array | Numbers {
  const bytes = new Uint8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    bytes[i] = numbers[i] ?? NaN;
    if (bytes[i] !== numbers[i]) return numbers;
  }
  return bytes;
}
