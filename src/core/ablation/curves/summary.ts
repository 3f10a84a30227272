import type { CurvePoint, CurveSummary } from '../../../protocol/curves';
import { meanAndDeviation, meanCurves } from '../../../protocol/meanCurves';
import { areaUnder, halfFraction, relativeArea } from './area';

/**
 * The figures of each kind of curve.
 * @param chances largest class share of the samples of each data
 */
export function summarize(
  points: readonly CurvePoint[],
  chances: Readonly<Record<CurvePoint['data'], number>>,
): CurveSummary[] {
  return meanCurves(points).map(({ data, sites, order, direction, fractions, accuracy: line }) => {
    const chance = chances[data];
    const { mean: accuracy, repeats } = line;
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
