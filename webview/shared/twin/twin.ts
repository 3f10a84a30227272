/** One column of the table that is a picture's twin. Rows are numbers from 0. */
export interface TwinColumn {
  /** Its name in files and in tests. */
  readonly id: string;
  /** Its head; the title says more. */
  readonly label: string;
  readonly title?: string;
  /** Least width, pixels. */
  readonly width: number;
  readonly number: boolean;
  /** What it sorts by and what is copied, at full precision: a number (NaN: not known, sorts last) or a text. */
  readonly value: (row: number) => number | string;
  /** As it is shown; the value itself when absent. */
  readonly text?: (row: number) => string;
  /** What is copied, where it is not the value. */
  readonly copied?: (row: number) => number | string;
}

/** A picture as a table: sortable, filterable, copied as tab-separated text. */
export interface Twin {
  /** What the rows are, for people: `All neurons`. */
  readonly label: string;
  readonly rows: number;
  readonly columns: readonly TwinColumn[];
  /** The unit a row is about, as a row of the unit table; a click then selects it. Null: none. */
  readonly unitOf?: (row: number) => number | null;
}
