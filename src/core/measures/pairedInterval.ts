/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/** An interval of a difference of two proportions, as fractions. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % interval of (b − c) / n for paired samples, of which b changed one way and c the other.
 * Bonett and Price (2012): Wald's interval on p = (b + 1)/(n + 2), (c + 1)/(n + 2), kept within −1 … 1.
 */
export function pairedInterval(b: number, c: number, n: number): Interval {
  const p = (b + 1) / (n + 2);
  const q = (c + 1) / (n + 2);
  const half = Z * Math.sqrt((p + q - (p - q) ** 2) / (n + 2));
  return { low: Math.max(-1, p - q - half), high: Math.min(1, p - q + half) };
}

/**
 * 95 % interval of the mean over samples of a difference that is itself a mean over draws: the normal interval of
 * a mean of n independent values; where none of them differs from 0, that of {@link pairedInterval}.
 * @param sum over the samples
 * @param squares sum of the squares over the samples
 */
export function drawnInterval(sum: number, squares: number, n: number): Interval {
  if (squares === 0 || n < 2) return pairedInterval(0, 0, n);
  const mean = sum / n;
  const half = Z * standardError(mean, squares, n);
  return { low: Math.max(-1, mean - half), high: Math.min(1, mean + half) };
}

/**
 * Two-sided p-value of such a mean against 0, by the same normal approximation: {@link drawnInterval} leaves 0 out
 * where it is below 0.05.
 */
export function drawnTest(sum: number, squares: number, n: number): number {
  if (squares === 0 || n < 2) return 1;
  const mean = sum / n;
  return normalTails(Math.abs(mean) / standardError(mean, squares, n));
}

/** Of a mean of n values with these squares; rounding does not take it below 0. */
function standardError(mean: number, squares: number, n: number): number {
  return Math.sqrt(Math.max(0, squares - n * mean * mean) / (n - 1) / n);
}

/** P(|Z| > z) of a standard normal Z, to 1.5e-7 (Abramowitz and Stegun 7.1.26, for the error function). */
function normalTails(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const terms = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return terms.reduce((sum, term) => (sum + term) * t, 0) * Math.exp(-x * x);
}

/**
 * Exact McNemar test: two-sided p-value of b against c under Binomial(b + c, ½), 1 where nothing changed.
 */
export function mcnemarExact(b: number, c: number): number {
  const changed = b + c;
  if (changed === 0) return 1;
  const fewer = Math.min(b, c);
  // The largest term first, the rest by the ratio of neighbours: no factorial of a large number.
  let logTerm = -changed * Math.LN2;
  for (let k = 1; k <= fewer; k++) logTerm += Math.log((changed - k + 1) / k);
  let term = 1;
  let sum = 1;
  for (let k = fewer; k > 0; k--) {
    term *= k / (changed - k + 1);
    sum += term;
    if (term < sum * Number.EPSILON) break;
  }
  return Math.min(1, 2 * Math.exp(logTerm + Math.log(sum)));
}

/**
 * Benjamini and Hochberg's step-up procedure.
 * @param p p-values
 * @param q false discovery rate to keep
 * @returns for each p-value whether its hypothesis is rejected
 */
export function benjaminiHochberg(p: ArrayLike<number>, q: number): boolean[] {
  const order = Array.from(p, (_, index) => index).sort((a, b) => p[a]! - p[b]!);
  let rejected = 0;
  order.forEach((index, rank) => {
    if (p[index]! <= ((rank + 1) / order.length) * q) rejected = rank + 1;
  });
  const result = new Array<boolean>(order.length).fill(false);
  for (const index of order.slice(0, rejected)) result[index] = true;
  return result;
}
