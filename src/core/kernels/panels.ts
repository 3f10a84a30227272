import type { Allocate, Arena } from './arena';
import { PANEL, rowWidth } from './scoringTask';

/** Numbers of a vector. */
const LANES = 4;

/** The next multiple of four. */
export function wholeVectors(count: number): number {
  return Math.ceil(count / LANES) * LANES;
}

/**
 * Arranges a linear map for the kernels: `[panels, positions, hidden / 4, 12, 4]`, twelve scores a panel, filled up
 * with zeros.
 * @param map `[positions · hidden, scores]`
 */
export function inPanels(map: Float32Array, positions: number, hidden: number): Float32Array {
  const scores = map.length / (positions * hidden);
  const vectors = wholeVectors(hidden) / LANES;
  const panels = rowWidth(scores) / PANEL;
  const arranged = new Float32Array(panels * positions * vectors * PANEL * LANES);
  for (let position = 0; position < positions; position++) {
    for (let unit = 0; unit < hidden; unit++) {
      const from = (position * hidden + unit) * scores;
      for (let c = 0; c < scores; c++) {
        const vector = (Math.floor(c / PANEL) * positions + position) * vectors + (unit >> 2);
        arranged[(vector * PANEL + (c % PANEL)) * LANES + (unit & 3)] = map[from + c]!;
      }
    }
  }
  return arranged;
}

/** Copies the rows of a matrix to a new block of memory, each filled up with zeros to `width` numbers. */
export function placeRows(
  arena: Arena,
  allocate: Allocate,
  rows: Float32Array,
  length: number,
  width: number,
): number {
  const count = rows.length / length;
  const address = allocate(count * width * 4);
  const placed = arena.floats(address, count * width);
  if (width === length) {
    placed.set(rows);
  } else {
    placed.fill(0);
    for (let row = 0; row < count; row++) {
      placed.set(rows.subarray(row * length, (row + 1) * length), row * width);
    }
  }
  return address;
}
