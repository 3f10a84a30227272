/** Values of rows × columns as they are shown: rows in some order, each perhaps by its own measure. */
export interface Grid {
  /** Table row at each position. */
  readonly rows: Int32Array;
  readonly columns: number;
  /** `[table rows, columns]`; NaN: not known. */
  readonly values: Float64Array;
  /** What the values of a table row are multiplied by; 1 when absent. */
  readonly factors?: Float64Array | undefined;
}

/** What stands for many cells in one pixel: the mean of those known, or the one farthest from 0. */
export type Reduction = 'mean' | 'extreme';

/** Rows two by two: `[rows, columns]`. */
interface Level {
  readonly rows: number;
  readonly values: Float32Array;
  /** How many known cells each value stands for. */
  readonly weights: Uint32Array;
}

/** A grid and coarser and coarser copies of it: level k puts 2^k rows into one. */
export interface Pyramid {
  readonly grid: Grid;
  readonly reduction: Reduction;
  readonly levels: readonly Level[];
}

/** Value of one cell of the grid itself. */
export function cellValue(grid: Grid, position: number, column: number): number {
  const row = grid.rows[position]!;
  return grid.values[row * grid.columns + column]! * (grid.factors?.[row] ?? 1);
}

/** Builds all levels; about 10 ms for 1,000,000 cells. */
export function buildPyramid(grid: Grid, reduction: Reduction): Pyramid {
  const levels: Level[] = [];
  for (let rows = Math.ceil(grid.rows.length / 2); ; rows = Math.ceil(rows / 2)) {
    const cells = rows * grid.columns;
    levels.push({ rows, values: new Float32Array(cells), weights: new Uint32Array(cells) });
    if (rows <= 1) break;
  }
  const pyramid = { grid, reduction, levels };
  updatePyramid(pyramid, 0, grid.rows.length);
  return pyramid;
}

/** Brings the levels up to date after the values at positions `from` … `to` − 1 have changed. */
export function updatePyramid(pyramid: Pyramid, from: number, to: number): void {
  const { levels } = pyramid;
  let [low, high] = [from, to];
  for (let k = 1; k <= levels.length; k++) {
    low = low >> 1;
    high = Math.min(levels[k - 1]!.rows, (high + 1) >> 1);
    for (let row = low; row < high; row++) reduceRow(pyramid, k, row);
  }
}

/** Brings the levels up to date after the values of single positions have changed. */
export function updatePositions(pyramid: Pyramid, positions: Iterable<number>): void {
  let rows = new Set<number>(positions);
  for (let k = 1; k <= pyramid.levels.length; k++) {
    const above = new Set<number>();
    for (const row of rows) above.add(row >> 1);
    for (const row of above) reduceRow(pyramid, k, row);
    rows = above;
  }
}

/** Makes one row of level k (from 1) of the two below it. */
function reduceRow({ grid, reduction, levels }: Pyramid, k: number, row: number): void {
  const extreme = reduction === 'extreme';
  if (k === 1) reduceCells(grid, levels[0]!, row, extreme);
  else reduceLevel(grid.columns, levels[k - 2]!, levels[k - 1]!, row, extreme);
}

// Two functions of one shape, each on arrays of one kind: that is what runs fast.

function reduceCells(grid: Grid, into: Level, row: number, extreme: boolean): void {
  const { columns, values, rows, factors } = grid;
  const first = rows[2 * row]!;
  const second = 2 * row + 1 < rows.length ? rows[2 * row + 1]! : -1;
  const [f, g] = factors === undefined ? [1, 1] : [factors[first]!, factors[second] ?? 1];
  for (let column = 0; column < columns; column++) {
    const p = values[first * columns + column]! * f;
    const q = second < 0 ? NaN : values[second * columns + column]! * g;
    const at = row * columns + column;
    const m = Number.isNaN(p) ? 0 : 1;
    const n = Number.isNaN(q) ? 0 : 1;
    into.weights[at] = m + n;
    into.values[at] = n === 0 ? p : m === 0 ? q : extreme ? farther(p, q) : (p + q) / 2;
  }
}

function reduceLevel(columns: number, from: Level, into: Level, row: number, extreme: boolean): void {
  const { values, weights } = from;
  const first = 2 * row * columns;
  const second = 2 * row + 1 < from.rows ? first + columns : -1;
  for (let column = 0; column < columns; column++) {
    const p = values[first + column]!;
    const m = weights[first + column]!;
    const q = second < 0 ? NaN : values[second + column]!;
    const n = second < 0 ? 0 : weights[second + column]!;
    const at = row * columns + column;
    into.weights[at] = m + n;
    into.values[at] = n === 0 ? p : m === 0 ? q : extreme ? farther(p, q) : (p * m + q * n) / (m + n);
  }
}

function farther(p: number, q: number): number {
  return Math.abs(q) > Math.abs(p) ? q : p;
}

/** The coarsest level (0: the grid itself) of which a pixel of that many rows still needs one row at least. */
export function levelFor(pyramid: Pyramid, rowsPerPixel: number): number {
  const level = Math.floor(Math.log2(Math.max(1, rowsPerPixel)));
  return Math.min(pyramid.levels.length, level);
}

/**
 * What stands for the cells at positions `from` … `to` − 1 and columns `left` … `right` − 1, with the ends moved out
 * to the rows of that level. NaN where no cell is known.
 */
export function reduced(
  pyramid: Pyramid,
  level: number,
  from: number,
  to: number,
  left: number,
  right: number,
): number {
  const { grid, reduction, levels } = pyramid;
  const copy = level === 0 ? null : levels[level - 1]!;
  const rows = copy?.rows ?? grid.rows.length;
  const first = from >> level;
  const last = Math.min(rows, ((to - 1) >> level) + 1);
  let sum = 0;
  let weight = 0;
  let extreme = NaN;
  for (let row = first; row < last; row++) {
    for (let column = left; column < right; column++) {
      const at = row * grid.columns + column;
      const value = copy === null ? cellValue(grid, row, column) : copy.values[at]!;
      if (Number.isNaN(value)) continue;
      const cells = copy === null ? 1 : copy.weights[at]!;
      sum += value * cells;
      weight += cells;
      if (!(Math.abs(value) <= Math.abs(extreme))) extreme = value;
    }
  }
  return reduction === 'extreme' ? extreme : weight === 0 ? NaN : sum / weight;
}

/** The position among `from` … `to` − 1 whose value in a column is farthest from 0; `from` where none is known. */
export function farthest(grid: Grid, from: number, to: number, column: number): number {
  let best = from;
  let size = -1;
  for (let position = from; position < Math.min(to, grid.rows.length); position++) {
    const value = Math.abs(cellValue(grid, position, column));
    if (value > size) [best, size] = [position, value];
  }
  return best;
}
