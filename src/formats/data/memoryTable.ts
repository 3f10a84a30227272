import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import type { Column, ColumnContent, NumberRange, Numbers, Table } from './table';

/** A cell as a text format gives it; a list is taken apart into numbers, row by row, and their shape. */
export type Cell = number | string | boolean | null | NumberList | OtherCell;

/** A list of numbers, or of such lists. */
export interface NumberList {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What is neither, for people: `objects`. */
export interface OtherCell {
  readonly what: string;
}

/** About so many numbers are kept together, in the smallest type that holds them all. */
const BLOCK_NUMBERS = 1 << 14;
const BLOCK_ROWS = 1024;
/** More cells may be missing than were given by this factor, or so many at all. */
const MOST_MISSING = 10;
const FEW_CELLS = 1 << 20;
/** Cells that say that a number is missing, or not finite. */
const NOT_A_NUMBER = new Set(['', '?', 'na', 'n/a', 'nan', 'null', '+nan', '-nan']);

/** The number a text says, NaN where it says that there is none, null where it is no number. */
export function toNumber(cell: string): number | null {
  const value = Number(cell);
  if (!Number.isNaN(value) && (value !== 0 || cell.trim() !== '')) return value;
  const text = cell.trim().toLowerCase();
  if (NOT_A_NUMBER.has(text)) return NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(text);
  return infinite === null ? null : infinite[1] === '-' ? -Infinity : Infinity;
}

/**
 * Takes rows of cells and makes a table of them that is in memory: numbers packed, each block in the smallest type.
 * Columns may come up late and be missing in some rows.
 */
export class TableBuilder {
  private readonly stores: ColumnStore[] = [];
  private readonly named = new Map<string, number>();
  private rowCount = 0;
  /** Cells so far. */
  private given = 0;

  constructor(private readonly file: string) {}

  /** Adds a row whose cells stand in the columns' order. */
  add(cells: readonly Cell[]): void {
    for (const [column, cell] of cells.entries()) this.store(column).add(cell, this.rowCount);
    this.rowCount++;
  }

  /** Adds a row whose cells have names; one with a new name begins a column. */
  addNamed(cells: Iterable<readonly [string, Cell]>): void {
    for (const [name, cell] of cells) {
      let column = this.named.get(name);
      if (column === undefined) this.named.set(name, (column = this.named.size));
      this.store(column).add(cell, this.rowCount);
    }
    this.rowCount++;
  }

  /** Adds a cell of a column that is given on its own; {@link finish} then counts the longest. */
  addTo(name: string, cell: Cell, row: number): void {
    let column = this.named.get(name);
    if (column === undefined) this.named.set(name, (column = this.named.size));
    this.store(column).add(cell, row);
    this.rowCount = Math.max(this.rowCount, row + 1);
  }

  /**
   * @param header names of the columns; those given with the rows where left out, null for none
   * @param rows how many there are, where the last ones may miss all cells
   */
  finish(header: readonly string[] | null = [...this.named.keys()], rows = this.rowCount): Table {
    const { file, stores } = this;
    this.checkSize();
    for (const store of stores) store.fillTo(rows);
    const columns = stores.map((store, i): Column => ({ ...store.content(), name: header?.[i] ?? null }));
    return {
      file,
      rows,
      columns,
      numbers: (wanted, indices, into) => {
        const width = into.length / indices.length;
        const from = wanted.map((column) => stores[column]);
        for (let i = 0; i < indices.length; i++) {
          let to = i * width;
          for (const store of from) to += store?.copy(indices[i] ?? 0, into, to) ?? 0;
        }
        return Promise.resolve(into);
      },
      texts: (column) => Promise.resolve(stores[column]?.texts ?? []),
      images: () => Promise.resolve([]),
    };
  }

  private store(column: number): ColumnStore {
    let store = this.stores[column];
    if (store === undefined) {
      this.stores[column] = store = new ColumnStore();
      this.checkSize();
    }
    this.given++;
    return store;
  }

  /** Rows that each name columns of their own would fill the memory with what is missing. */
  private checkSize(): void {
    if (this.stores.length * this.rowCount <= MOST_MISSING * this.given + FEW_CELLS) return;
    throw new Failure(`${basename(this.file)} is not a table: its rows do not have the same columns.`, {
      file: this.file,
    });
  }
}

class ColumnStore {
  /** Null until something else than numbers came. */
  texts: string[] | null = null;
  private other: string | null = null;
  /** Null until a number or a list came. */
  private shape: readonly number[] | null = null;
  private width = 1;
  private rowsPerBlock = BLOCK_ROWS;
  private readonly full: (Uint8Array | Numbers)[] = [];
  private open = new Float64Array(0);
  private rows = 0;
  private readonly single = new Float64Array(1);
  private lowest = Infinity;
  private highest = -Infinity;
  private whole = true;

  /** @param row at which it stands; rows left out since the last are missing */
  add(cell: Cell, row: number): void {
    this.fillTo(row);
    if (this.other !== null) this.rows++;
    else if (typeof cell === 'string') this.addText(cell);
    else if (typeof cell === 'number' || cell === null) this.addNumber(cell ?? NaN, cell !== null);
    else if (typeof cell === 'boolean') this.addNumber(Number(cell), true);
    else if ('what' in cell) this.refuse(cell.what);
    else this.addList(cell);
  }

  fillTo(row: number): void {
    while (this.rows < row) this.addNumber(NaN, false);
  }

  content(): ColumnContent {
    if (this.other !== null) return { kind: 'other', what: this.other };
    if (this.texts !== null) return { kind: 'text' };
    const range: NumberRange = { lowest: this.lowest, highest: this.highest, whole: this.whole };
    return { kind: 'numbers', shape: this.shape ?? [], dtype: null, range, classes: null };
  }

  /** Copies the numbers of a row; how many. */
  copy(row: number, into: Numbers, to: number): number {
    const block = this.full[Math.floor(row / this.rowsPerBlock)] ?? this.open;
    const from = (row % this.rowsPerBlock) * this.width;
    if (this.width === 1) into[to] = block[from] ?? NaN;
    else into.set(block.subarray(from, from + this.width), to);
    return this.width;
  }

  private addText(cell: string): void {
    const value = this.texts === null && this.shape?.length !== 1 ? toNumber(cell) : null;
    if (value !== null) {
      this.addNumber(value, !Number.isNaN(value));
    } else if (this.shape !== null && this.shape.length > 0) {
      this.refuse('lists and text');
    } else {
      this.texts ??= this.earlier();
      this.texts.push(cell.trim());
      this.rows++;
    }
  }

  /** @param known false where it stands for what is missing */
  private addNumber(value: number, known: boolean): void {
    if (this.other !== null) {
      this.rows++;
    } else if (this.texts !== null) {
      this.texts.push(known ? String(value) : '');
      this.rows++;
    } else if (this.shape !== null && this.shape.length > 0) {
      if (known) this.refuse('lists and single numbers');
      else this.store(new Array<number>(this.width).fill(NaN));
    } else {
      if (known) this.shape = [];
      this.single[0] = value;
      this.store(this.single);
    }
  }

  private addList({ shape, values }: NumberList): void {
    if (this.texts === null && this.shape === null) this.begin(shape, values.length);
    if (this.texts !== null) this.refuse('lists and text');
    else if (this.shape?.length !== shape.length) this.refuse('lists and single numbers');
    else if (shape.some((size, axis) => this.shape?.[axis] !== size))
      this.refuse('lists of different lengths');
    else this.store(values);
  }

  /** A list came first after rows without anything: those miss as many numbers. */
  private begin(shape: readonly number[], width: number): void {
    const missing = this.rows;
    this.full.length = 0;
    this.rows = 0;
    this.shape = shape;
    this.width = width;
    this.rowsPerBlock = Math.max(1, Math.min(BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / Math.max(1, width))));
    while (this.rows < missing) this.store(new Array<number>(width).fill(NaN));
  }

  private store(values: ArrayLike<number>): void {
    const at = (this.rows % this.rowsPerBlock) * this.width;
    if (at === 0) this.open = new Float64Array(this.rowsPerBlock * this.width);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? NaN;
      this.open[at + i] = value;
      if (value < this.lowest) this.lowest = value;
      if (value > this.highest) this.highest = value;
      if (this.whole && !Number.isInteger(value) && !Number.isNaN(value)) this.whole = false;
    }
    this.rows++;
    if (this.rows % this.rowsPerBlock === 0) this.full.push(packed(this.open));
  }

  /** What the cells said so far, now that one of them is text. */
  private earlier(): string[] {
    const number = new Float64Array(1);
    return Array.from({ length: this.rows }, (_, row) => {
      this.copy(row, number, 0);
      return Number.isNaN(number[0]) ? '' : String(number[0]);
    });
  }

  private refuse(what: string): void {
    this.other = what;
    this.texts = null;
    this.full.length = 0;
    this.rows++;
  }
}

/** The same numbers as bytes or float32 where that loses nothing. */
function packed(block: Float64Array): Uint8Array | Numbers {
  const bytes = Uint8Array.from(block);
  if (block.every((value, i) => Object.is(bytes[i], value))) return bytes;
  const floats = Float32Array.from(block);
  return block.every((value, i) => Object.is(floats[i], value)) ? floats : block;
}
