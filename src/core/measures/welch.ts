import { meanAndDeviation } from '../../protocol/meanCurves';
import type { Interval } from './pairedInterval';

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * 95 % interval of the difference of the means of two independent groups, mean(a) − mean(b), their variances
 * unequal (Welch 1947). Null where a group has fewer than two values.
 */
export function welchInterval(a: readonly number[], b: readonly number[]): Interval | null {
  const [p, q] = [meanAndDeviation(a), meanAndDeviation(b)];
  if (p.deviation === null || q.deviation === null) return null;
  const [u, v] = [p.deviation ** 2 / a.length, q.deviation ** 2 / b.length];
  const difference = p.mean - q.mean;
  if (u + v === 0) return { low: difference, high: difference };
  // Satterthwaite's degrees of freedom.
  const freedom = (u + v) ** 2 / (u ** 2 / (a.length - 1) + v ** 2 / (b.length - 1));
  const half = studentPoint(freedom) * Math.sqrt(u + v);
  return { low: difference - half, high: difference + half };
}

/**
 * The 97.5 % point of Student's distribution: exact for 1 and 2 degrees of freedom, else the first terms of its
 * expansion in 1/n about the normal one (Abramowitz and Stegun 26.7.5); to 0.5 % from 3 degrees of freedom on.
 */
export function studentPoint(freedom: number): number {
  if (freedom === 1) return Math.tan(0.475 * Math.PI);
  if (freedom === 2) return 0.95 * Math.sqrt(2 / (4 * 0.975 * 0.025));
  const z2 = Z * Z;
  const terms = [
    1,
    (z2 + 1) / 4,
    ((5 * z2 + 16) * z2 + 3) / 96,
    (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
    ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
  ];
  return terms.reduce((sum, term, power) => sum + (Z * term) / freedom ** power, 0);
}
