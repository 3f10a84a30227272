/** How seconds grow with a size. */
export interface Growth {
  readonly sizes: readonly number[];
  readonly seconds: readonly number[];
  /** Least squares seconds = fixed + each · size. */
  readonly fixed_s: number;
  readonly each_s: number;
  /** Share of the variance of the seconds that this line explains. */
  readonly r_squared: number;
  /** Slope of log(seconds) over log(size): 1 where the time is proportional. */
  readonly exponent: number;
}

/** Fits a line to times of at least two sizes. */
export function growthOf(sizes: readonly number[], seconds: readonly number[]): Growth {
  const line = leastSquares(sizes, seconds);
  const exponent = leastSquares(sizes.map(Math.log), seconds.map(Math.log)).slope;
  return {
    sizes,
    seconds,
    fixed_s: line.intercept,
    each_s: line.slope,
    r_squared: line.explained,
    exponent,
  };
}

function leastSquares(
  x: readonly number[],
  y: readonly number[],
): { intercept: number; slope: number; explained: number } {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  const products = mean(x.map((value, i) => (value - middleX) * (y[i]! - middleY)));
  const slope = products / mean(x.map((value) => (value - middleX) ** 2));
  const variance = mean(y.map((value) => (value - middleY) ** 2));
  return {
    intercept: middleY - slope * middleX,
    slope,
    explained: variance === 0 ? 1 : (slope * products) / variance,
  };
}
