import { meanCurves } from '../protocol/meanCurves';
import { areaUnder, relativeArea } from '../core/ablation/curves/area';
import type { ComparedRobustness } from '../protocol/compare';
import type { CurveData } from '../protocol/curves';
import type { StoredRun } from '../protocol/engine';
import { Failure } from '../protocol/failure';

/** The runs that a model's line of a comparison is made from. */
export interface ModelRuns {
  readonly name: string;
  /** A finished run of curves, with random orderings. */
  readonly curves: StoredRun;
  /** A finished analysis of the same model on the same data. */
  readonly units: StoredRun;
}

/**
 * A model's line of a comparison, and the relative AUC of each of its orderings.
 * @param data on which the curves were measured
 * @throws Failure where the run of curves has no random orderings over all its sites
 */
export function comparedModel(
  { name, curves, units }: ModelRuns,
  data: CurveData = 'test',
): ComparedRobustness {
  const rows = curves.experiment?.name === 'curves' ? curves.experiment.rows : [];
  const [summary] = (curves.record.curves?.summary ?? []).filter(
    (line) => line.order === 'random' && line.data === data,
  );
  const mean = meanCurves(rows).find(
    (curve) => curve.order === 'random' && curve.data === data && curve.sites === summary?.sites,
  );
  if (summary === undefined || mean === undefined) {
    throw new Failure(`The run of curves of ${name} has no random orderings: measure them first.`);
  }
  const { headline } = units.record;
  return {
    model: name,
    baseline_accuracy: summary.baseline_accuracy,
    auc: summary.auc,
    auc_sd: summary.auc_sd ?? NaN,
    auc_relative: summary.auc_relative ?? NaN,
    half_fraction: summary.half_fraction ?? NaN,
    worst_unit_drop: headline?.worst?.accuracy_drop ?? NaN,
    dead_units: headline?.dead ?? NaN,
    orderings: mean.accuracy.repeats
      .map((curve) => relativeArea(areaUnder(mean.fractions, curve), curve[0]!, summary.chance))
      .filter((area) => area !== null),
  };
}

/**
 * Where the robustness of checkpoints falls, in a sentence.
 * @param falls the step from which on it does, with its relative AUC; null where it does not
 */
export function fallText(
  falls: { readonly step: number | null; readonly auc_relative: number } | null,
): string {
  return falls === null
    ? 'Robustness does not fall over these checkpoints.'
    : `Robustness is highest at step ${falls.step} (relative AUC ${falls.auc_relative.toFixed(3)}) and falls after it.`;
}
