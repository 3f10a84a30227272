import { meanAndDeviation } from '../../protocol/meanCurves';
import { meanInterval } from '../measures/meanInterval';
import { welchInterval } from '../measures/welch';

/** Fewer networks of a setting than this tell nothing of networks (science.md: three seeds or more). */
export const LEAST_NETWORKS = 3;

/** A difference or a ratio with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Whether all groups have enough networks to tell. */
export function enough(...groups: readonly (readonly number[])[]): boolean {
  return groups.every(({ length }) => length >= LEAST_NETWORKS);
}

/** mean(a) − mean(b) of two groups of networks, with Welch's interval; null where one is too small. */
export function differenceOf(a: readonly number[], b: readonly number[]): Estimate | null {
  const interval = enough(a, b) ? welchInterval(a, b) : null;
  return interval === null ? null : { value: meanOf(a) - meanOf(b), ...interval };
}

/** The mean of differences, each within one network; null where there are too few. */
export function pairedDifference(differences: readonly number[]): Estimate | null {
  const found = enough(differences) ? meanInterval(differences) : null;
  return found === null ? null : { value: found.mean, low: found.low, high: found.high };
}

/** The mean of correlations, one a network, its interval cut off at −1 and 1; null where there are too few. */
export function meanRho(rhos: readonly number[]): Estimate | null {
  const found = pairedDifference(rhos);
  return found === null
    ? null
    : { value: found.value, low: Math.max(-1, found.low), high: Math.min(1, found.high) };
}

/** mean(a) / mean(b), with Welch's interval of the logarithms; null where a group is too small. */
export function ratioOf(a: readonly number[], b: readonly number[]): Estimate | null {
  const logs = (values: readonly number[]): number[] => values.map(Math.log);
  const found = differenceOf(logs(a), logs(b));
  if (found === null || !Number.isFinite(found.value)) return null;
  return { value: meanOf(a) / meanOf(b), low: Math.exp(found.low), high: Math.exp(found.high) };
}

/**
 * Whether a difference lies on the side that was expected: true and false where its interval leaves out 0, null
 * where it holds 0.
 */
export function liesOn(side: 'above' | 'below', difference: Estimate | null): boolean | null {
  if (difference === null) return null;
  if (difference.low > 0) return side === 'above';
  if (difference.high < 0) return side === 'below';
  return null;
}

/** All of some answers: false where one is false, else null where one cannot be told. */
export function all(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.length === 0 || answers.includes(null) ? null : true;
}

/** The arithmetic mean. */
export function meanOf(values: readonly number[]): number {
  return meanAndDeviation(values).mean;
}
