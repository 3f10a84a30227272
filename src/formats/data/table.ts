/** What the cells of a column are, one kind a column. `shape` is that of one cell: `[]` for a single number. */
export type ColumnContent =
  | {
      readonly kind: 'numbers';
      readonly shape: readonly number[];
      /** Element type as stored; null where the format has no types. */
      readonly dtype: string | null;
      /** Where the format has no types: what its numbers are, missing ones left out. */
      readonly range: NumberRange | null;
      /** Names of the classes that its numbers stand for, where the file says so. */
      readonly classes: readonly string[] | null;
    }
  | { readonly kind: 'text' }
  /** Packed pictures: PNG, JPEG, … */
  | { readonly kind: 'images' }
  /** What no network takes, and what it is, for people: `dates`, `lists of different lengths`. */
  | { readonly kind: 'other'; readonly what: string };

/** A column of a table. */
export type Column = ColumnContent & {
  /** Null where the file has no header. */
  readonly name: string | null;
};

/** Of all numbers of a column: the ends, and whether all are whole. */
export interface NumberRange {
  readonly lowest: number;
  readonly highest: number;
  readonly whole: boolean;
}

/** Numbers to be filled in. */
export type Numbers = Float32Array | Float64Array;

/** Samples in rows: read when asked for, in blocks, by whatever means the format has. */
export interface Table {
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /**
   * Numbers of some columns, row by row in the order asked, the cells of a row one behind the other; NaN where one
   * is missing.
   *
   * @param columns of kind `numbers`
   * @param into as long as rows times the sizes of their cells
   */
  numbers<T extends Numbers>(columns: readonly number[], rows: ArrayLike<number>, into: T): Promise<T>;
  /** All cells of a column of kind `text`; empty where one is missing. */
  texts(column: number): Promise<readonly string[]>;
  /** Cells of a column of kind `images`, in the order asked. */
  images(column: number, rows: ArrayLike<number>): Promise<readonly Uint8Array[]>;
}

/** Numbers `0 … count − 1`: all rows of a table. */
export function upTo(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index);
}

/** How many numbers a cell of this shape holds. */
export function cellSize(column: Column): number {
  return column.kind === 'numbers' ? column.shape.reduce((product, size) => product * size, 1) : 0;
}
