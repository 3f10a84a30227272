import { meanAndDeviation } from '../../protocol/meanCurves';
import { studentPoint } from './welch';

/** A mean with its 95 % interval. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/**
 * Mean and 95 % interval of Student of values drawn independently, such as the figures of networks trained from
 * different seeds. Null for fewer than two, which have no interval.
 */
export function meanInterval(values: readonly number[]): MeanInterval | null {
  const { mean, deviation } = meanAndDeviation(values);
  if (deviation === null) return null;
  const half = (studentPoint(values.length - 1) * deviation) / Math.sqrt(values.length);
  return { mean, low: mean - half, high: mean + half, count: values.length };
}
