import type { Rect } from './surface';

/** Points in pixels, found by place: those of each square of a grid are kept together. */
export interface PointIndex {
  /** The point nearest to (`x`, `y`) that is not further than `within` pixels; null where there is none. */
  nearest(x: number, y: number, within: number): number | null;
  /** The points in a rectangle, its edges too, rising. */
  inside(rect: Rect): number[];
  /**
   * The nearest point on one side of a point, within 45° of that direction: sideways counts double. Null where
   * there is none.
   */
  towards(from: number, dx: -1 | 0 | 1, dy: -1 | 0 | 1): number | null;
}

/** Side of a square, pixels. */
const SIDE = 16;

/** An index of the points (`xs[i]`, `ys[i]`) of a plot of `width` × `height` pixels; its points are numbered. */
export function indexPoints(xs: Float32Array, ys: Float32Array, width: number, height: number): PointIndex {
  const columns = Math.max(1, Math.ceil(width / SIDE));
  const rows = Math.max(1, Math.ceil(height / SIDE));
  const clamp = (value: number, count: number): number =>
    Math.min(count - 1, Math.max(0, Math.floor(value / SIDE)));
  const squareOf = (i: number): number => clamp(ys[i]!, rows) * columns + clamp(xs[i]!, columns);
  // Counted, then laid one square after the other.
  const starts = new Int32Array(columns * rows + 1);
  for (let i = 0; i < xs.length; i++) starts[squareOf(i) + 1]!++;
  for (let square = 0; square < columns * rows; square++) starts[square + 1]! += starts[square]!;
  const members = new Int32Array(xs.length);
  const next = starts.slice();
  for (let i = 0; i < xs.length; i++) members[next[squareOf(i)]!++] = i;

  const around = (rect: Rect, visit: (i: number) => void): void => {
    const right = clamp(rect.x + rect.w, columns);
    const bottom = clamp(rect.y + rect.h, rows);
    for (let row = clamp(rect.y, rows); row <= bottom; row++) {
      for (let column = clamp(rect.x, columns); column <= right; column++) {
        const square = row * columns + column;
        for (let at = starts[square]!; at < starts[square + 1]!; at++) visit(members[at]!);
      }
    }
  };
  return {
    nearest(x, y, within) {
      let best: number | null = null;
      let least = within * within;
      around({ x: x - within, y: y - within, w: 2 * within, h: 2 * within }, (i) => {
        const far = (xs[i]! - x) ** 2 + (ys[i]! - y) ** 2;
        if (far > least || (far === least && best !== null && i > best)) return;
        least = far;
        best = i;
      });
      return best;
    },
    inside(rect) {
      const found: number[] = [];
      around(rect, (i) => {
        const [x, y] = [xs[i]!, ys[i]!];
        if (x >= rect.x && x <= rect.x + rect.w && y >= rect.y && y <= rect.y + rect.h) found.push(i);
      });
      return found.sort((a, b) => a - b);
    },
    towards(from, dx, dy) {
      let best: number | null = null;
      let least = Infinity;
      for (let i = 0; i < xs.length; i++) {
        const [sx, sy] = [xs[i]! - xs[from]!, ys[i]! - ys[from]!];
        const along = sx * dx + sy * dy;
        const across = Math.abs(sx * dy) + Math.abs(sy * dx);
        if (along <= 0 || across > along) continue;
        const far = along + 2 * across;
        if (far >= least) continue;
        least = far;
        best = i;
      }
      return best;
    },
  };
}
