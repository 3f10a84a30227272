import type { Reliability } from '../../protocol/correlations';
import { rankCorrelation } from './rankCorrelation';

/**
 * Reliability below this is too little: less than half of what makes units differ in importance is then the same on
 * other samples, and a measure that predicted importance perfectly would show a ρ of 0.7 at most.
 */
export const LEAST_RELIABILITY = 0.5;

/**
 * Split-half reliability of a measure over the units of a site: Spearman's ρ between the measure on one half of the
 * samples and on the other, stepped up to all samples by Spearman and Brown's 2r / (1 + r). A negative r is left as
 * it is, where that formula has no meaning. The interval is the bootstrap interval of r, stepped up in the same way.
 * @param first the measure on one half, one entry a unit; NaN where not measured
 * @param second on the other half
 */
export function splitHalfReliability(first: Float64Array, second: Float64Array, seed: number): Reliability {
  const { rho, low, high } = rankCorrelation(first, second, seed);
  const full = orNull(steppedUp(rho));
  return {
    halves: orNull(rho),
    full,
    low: orNull(steppedUp(low)),
    high: orNull(steppedUp(high)),
    verdict: full === null ? 'unknown' : full < LEAST_RELIABILITY ? 'too few samples' : 'reliable',
  };
}

/** Spearman and Brown: the reliability of twice as many samples. */
function steppedUp(r: number): number {
  return r > 0 ? (2 * r) / (1 + r) : r;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * What a rank correlation with importance says, in a word. `positive`, `negative`: the interval leaves out 0 ·
 * `none`: it holds 0 although importance is told reliably · `too few samples`: it holds 0, and importance is not
 * told reliably enough for that to mean anything · `unknown`: no ρ, or no interval.
 */
export type RelationVerdict = 'positive' | 'negative' | 'none' | 'too few samples' | 'unknown';

/** Judges a rank correlation with importance by its interval and the reliability of importance. */
export function judgeRelation(
  low: number | null,
  high: number | null,
  { verdict }: Pick<Reliability, 'verdict'>,
): RelationVerdict {
  if (low === null || high === null) return 'unknown';
  if (low > 0) return 'positive';
  if (high < 0) return 'negative';
  return verdict === 'reliable' ? 'none' : 'too few samples';
}
