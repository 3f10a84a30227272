import { Failure } from '../../protocol/failure';
import type { Evaluation } from '../../protocol/run';
import type { UnitRef } from '../../protocol/study';
import type { Control } from '../control';
import { baselineOf } from '../measures/baseline';
import type { Site } from '../network/sites';
import { zeroClamp } from './clamp';
import { deletionsOf, maskOf, type SiteDeletion } from './deletions';
import type { PassZero } from './passZero';
import type { PlainForward } from './plainForward';

/**
 * Runs the network with a set of units deleted together, on all samples of the study.
 * @param before the network as it is, on the same samples
 * @throws Failure if a unit does not exist
 */
export async function evaluateDeletion(
  forward: PlainForward,
  sites: readonly Site[],
  deleted: readonly UnitRef[],
  indices: Int32Array,
  labels: Int32Array,
  before: PassZero,
  classes: readonly string[],
  control: Control,
): Promise<Evaluation> {
  const substitute = deletionsOf(forward, deletionsFor(sites, deleted));
  const outcomes = await forward.run(indices, control, { substitute });
  const predicted = new Int32Array(labels.length);
  const loss = new Float64Array(labels.length);
  let toWrong = 0;
  let toRight = 0;
  indices.forEach((index, n) => {
    predicted[index] = outcomes.predicted[n]!;
    loss[index] = outcomes.loss[n]!;
    const wasRight = before.predicted[index] === labels[index];
    const isRight = predicted[index] === labels[index];
    if (wasRight && !isRight) toWrong += 1;
    if (!wasRight && isRight) toRight += 1;
  });
  const after = baselineOf(indices, labels, predicted, loss, classes);
  return {
    deleted,
    correct: after.correct,
    samples: after.samples,
    accuracy: after.accuracy,
    loss: after.loss,
    recalls: after.per_class.map(({ recall }) => recall),
    flips_to_wrong: toWrong,
    flips_to_right: toRight,
  };
}

function deletionsFor(sites: readonly Site[], deleted: readonly UnitRef[]): SiteDeletion[] {
  const units = new Map<Site, Set<number>>();
  for (const { site: name, unit } of deleted) {
    const site = sites.find((candidate) => candidate.name === name);
    if (site === undefined || !(unit >= 0 && unit < site.units)) {
      throw new Failure(`The model has no unit ${name} #${String(unit)}.`);
    }
    units.set(site, (units.get(site) ?? new Set()).add(unit));
  }
  return [...units].map(([site, set]) => ({ site, clamp: zeroClamp(site), mask: maskOf(site, set) }));
}
