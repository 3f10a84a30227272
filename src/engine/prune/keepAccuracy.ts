import type { Clamp } from '../../core/ablation/clamp';
import { DeletionSets } from '../../core/ablation/deletionSet';
import { halvesOf } from '../../core/ablation/halves';
import { PlainForward } from '../../core/ablation/plainForward';
import { measureUnits } from '../../core/ablation/unitMeasures';
import type { Control } from '../../core/control';
import { withoutUnits } from '../../core/network/withoutUnits';
import type { Site } from '../../core/network/sites';
import { planPruning } from '../../core/prune/plan';
import { searchUnits, type Accuracy } from '../../core/prune/search';
import type { Samples } from '../../core/samples';
import { parametersOf } from '../../formats/models/pruning/parameters';
import { Failure } from '../../protocol/failure';
import type { PruneStep } from '../../protocol/prune';
import type { Evaluation } from '../../protocol/run';
import type { StudySpec, UnitRef } from '../../protocol/study';
import type { OpenStudy } from '../openStudy';
import { studyParts, type Resources } from '../resources';
import { deletionsFor, lostUnits, plannedStudy, type BuildStudy } from './build';

/** The most samples that units are ranked on; the accuracy is that of the whole half. */
const RANKED = 1024;

/** A study in which the units that can go are searched. */
export interface SearchStudy {
  readonly study: OpenStudy;
  readonly spec: StudySpec;
  readonly samples: Samples;
  readonly forward: PlainForward;
  readonly clamps: ReadonlyMap<string, Clamp>;
  readonly source: BuildStudy['source'];
  readonly shapes: BuildStudy['shapes'];
  readonly resources: Resources;
  readonly control: Control;
  /** Told of the share of the units measured in a step. */
  readonly progress: (share: number) => void;
}

/** The units that can go, and what that costs. */
export interface Found {
  readonly deleted: readonly UnitRef[];
  readonly steps: readonly PruneStep[];
  readonly heldBack: { readonly samples: number; readonly before: number; readonly after: number };
}

/**
 * Finds the units that a network can do without on one half of the samples, and measures on the other what that costs.
 * Only units are looked at that a saved model can be without and that the class depends on.
 * @param share of the accuracy that must stay, 0 … 1
 * @throws Failure if there are no such units, or too few samples for two halves
 * @throws Cancelled
 */
export async function unitsToSpare(search: SearchStudy, share: number): Promise<Found> {
  const { study, spec, samples, forward, clamps, source, control } = search;
  const { network } = study;
  const sites = study.sites.filter((site) => isSparable(site, search));
  const file = study.model.file;
  if (sites.length === 0) {
    throw new Failure(`${file} has no neurons that a saved model could be without.`, { file });
  }
  if (study.indices.length < 2) {
    throw new Failure(`${spec.data} has one sample only: one half chooses and the other reports.`);
  }
  const halves = halvesOf(study.indices).map((indices) => ({
    indices,
    sets: new DeletionSets(
      {
        network,
        sites: study.sites,
        samples,
        forward,
        indices,
        operator: spec.operator,
        clampOf: (site) => clamps.get(site.id)!,
      },
      search.resources.budget.kept / 2,
    ),
  }));
  const [choosing, held] = halves as [(typeof halves)[0], (typeof halves)[0]];
  const accuracyOf = async ({ sets }: typeof choosing, deleted: readonly UnitRef[]): Promise<Accuracy> => {
    const evaluation = await sets.evaluate(deleted, { outputs: false }, control);
    return { accuracy: evaluation.accuracy, error: errorOf(evaluation) };
  };
  const steps: PruneStep[] = [];
  try {
    const deleted = await searchUnits(
      {
        sites,
        importance: (gone) => importanceOf(search, sites, choosing.indices.slice(0, RANKED), gone),
        accuracy: (gone) => accuracyOf(choosing, gone),
      },
      share,
      control,
      async (gone, accuracy) => {
        const planned = { ...search, network, deletions: deletionsFor(study.sites, gone, clamps) };
        const plan = planPruning(plannedStudy(planned, file));
        steps.push({
          units_deleted: gone.length,
          parameters: parametersOf(source, network.operations, plan),
          accuracy,
          held_back_accuracy: (await accuracyOf(held, gone)).accuracy,
        });
      },
    );
    const [before, after] = [steps[0]!, steps.at(-1)!];
    const heldBack = {
      samples: held.indices.length,
      before: before.held_back_accuracy,
      after: after.held_back_accuracy,
    };
    return { deleted, steps, heldBack };
  } finally {
    for (const { sets } of halves) sets.dispose();
  }
}

/**
 * Standard error of the difference of two accuracies on the same samples, a share: √(b + c − (b − c)²/n)/n, with b and c
 * the samples that flip to wrong and to right (Agresti, Categorical Data Analysis, matched pairs).
 */
function errorOf({ flips_to_wrong: b, flips_to_right: c, samples }: Evaluation): number {
  return Math.sqrt(b + c - (b - c) ** 2 / samples) / samples;
}

/** Can a saved model be without units of it, and do classes depend on it? */
function isSparable({ id, kind, feeds }: Site, { spec, source }: SearchStudy): boolean {
  const isState = kind === 'recurrent' && spec.operator !== 'zero';
  return feeds && !isState && source.operations.get(id)?.around === 1;
}

/** Sweeps all units in the network without some. */
async function importanceOf(
  { study, spec, samples, clamps, resources, control, progress }: SearchStudy,
  sites: readonly Site[],
  indices: Int32Array,
  deleted: readonly UnitRef[],
): Promise<{ readonly loss_increase: Float64Array; readonly accuracy_drop: Float64Array }> {
  const lost = [...lostUnits(deletionsFor(sites, deleted, clamps), study.model.file).values()];
  const network = lost.length === 0 ? study.network : withoutUnits(study.network, lost);
  const parts = {
    ...studyParts(study, spec, samples, resources),
    network,
    sites,
    forward: new PlainForward(network, samples, study.batch),
    indices,
  };
  const own = sites.map(({ id }) => clamps.get(id)!);
  const { columns } = await measureUnits(parts, own, new Set(), control, progress);
  return { loss_increase: columns.loss_increase, accuracy_drop: columns.accuracy_drop };
}
