/** The value of a line at `x`, between its points linearly; null beyond its ends. */
export function valueAt(xs: readonly number[], ys: readonly number[], x: number): number | null {
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] === x) return ys[i]!;
    if (i > 0 && xs[i - 1]! < x && x < xs[i]!) {
      const part = (x - xs[i - 1]!) / (xs[i]! - xs[i - 1]!);
      return ys[i - 1]! + part * (ys[i]! - ys[i - 1]!);
    }
  }
  return null;
}
