import type { CurvePoint, CurveSummary } from '../../../protocol/curves';
import { areaUnder, halfFraction, meanAndDeviation, relativeArea } from './area';

/** A kind of curve with the mean and the spread of its repeats at every point. */
export interface MeanCurve {
  readonly data: CurvePoint['data'];
  readonly sites: string;
  readonly order: CurvePoint['order'];
  readonly direction: CurvePoint['direction'];
  readonly fractions: readonly number[];
  readonly accuracy: readonly number[];
  /** With n − 1; null for one repeat. */
  readonly deviation: readonly (number | null)[];
  /** The repeats, each one value a point. */
  readonly repeats: readonly (readonly number[])[];
}

/** Groups points by kind of curve, in the order they come in. Unfinished curves must have been left out. */
export function meanCurves(points: readonly CurvePoint[]): MeanCurve[] {
  const kinds = new Map<string, CurvePoint[]>();
  for (const point of points) {
    const key = [point.data, point.sites, point.order, point.direction].join('\n');
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, [point]);
    else known.push(point);
  }
  return [...kinds.values()].map((own) => {
    const { data, sites, order, direction } = own[0]!;
    const numbers = [...new Set(own.map((point) => point.repeat))];
    const curves = numbers.map((repeat) => own.filter((point) => point.repeat === repeat));
    const repeats = curves.map((curve) => curve.map((point) => point.accuracy));
    const fractions = curves[0]!.map((point) => point.fraction);
    const spread = fractions.map((_, i) => meanAndDeviation(repeats.map((curve) => curve[i]!)));
    return {
      data,
      sites,
      order,
      direction,
      fractions,
      accuracy: spread.map(({ mean }) => mean),
      deviation: spread.map(({ deviation }) => deviation),
      repeats,
    };
  });
}

/**
 * The figures of each kind of curve.
 * @param chances largest class share of the samples of each data
 */
export function summarize(
  points: readonly CurvePoint[],
  chances: Readonly<Record<CurvePoint['data'], number>>,
): CurveSummary[] {
  return meanCurves(points).map(({ data, sites, order, direction, fractions, accuracy, repeats }) => {
    const chance = chances[data];
    const { mean: auc, deviation } = meanAndDeviation(repeats.map((curve) => areaUnder(fractions, curve)));
    const baseline = accuracy[0]!;
    return {
      data,
      sites,
      order,
      direction,
      repeats: repeats.length,
      baseline_accuracy: baseline,
      chance,
      auc,
      auc_sd: deviation,
      auc_share: auc / baseline,
      auc_relative: relativeArea(auc, baseline, chance),
      half_fraction: halfFraction(fractions, accuracy, chance),
    };
  });
}
