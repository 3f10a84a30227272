import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Clamp } from '../../core/ablation/clamp';
import { maskOf, type SiteDeletion } from '../../core/ablation/deletions';
import type { Control } from '../../core/control';
import type { Site } from '../../core/network/sites';
import type { LostUnits } from '../../core/network/withoutUnits';
import { constantValues } from '../../core/prune/constants';
import { planConstants, planPruning, type PlannedStudy, type PrunePlan } from '../../core/prune/plan';
import type { ValueShapes } from '../../core/prune/channels';
import {
  layersModelBytes,
  loadLayersModelBytes,
  type LayersModelBytes,
} from '../../formats/models/layersModelBytes';
import type { LayersSource } from '../../formats/models/layersSource';
import { canSet, freedomOf } from '../../formats/models/pruning/abilities';
import { buildPruned } from '../../formats/models/pruning/prunedModel';
import { Cancelled, Failure } from '../../protocol/failure';
import type { UnitRef } from '../../protocol/study';
import { differenceFrom, TOLERANCE, type Deleted, type Difference } from './values';

/** A model without some units, as it will be on disk, checked. */
export interface CheckedModel {
  readonly plan: PrunePlan;
  readonly bytes: LayersModelBytes;
  /** Loaded from them; the caller disposes it. */
  readonly model: LayersModel;
  readonly difference: Difference;
}

/** What is to be built, and on what it is checked. */
export interface BuildStudy extends Deleted {
  readonly source: LayersSource;
  readonly shapes: ValueShapes;
  /** The samples to check on. */
  readonly indices: Int32Array;
  readonly file: string;
  readonly shard: string;
}

/** Units as what is clamped at each site. */
export function deletionsFor(
  sites: readonly Site[],
  deleted: readonly UnitRef[],
  clamps: ReadonlyMap<string, Clamp>,
): SiteDeletion[] {
  return sites.flatMap((site) => {
    const units = deleted.flatMap(({ site: name, unit }) => (name === site.name ? [unit] : []));
    return units.length === 0 ? [] : [{ site, clamp: clamps.get(site.id)!, mask: maskOf(site, units) }];
  });
}

/**
 * What sites are clamped to, as what is gone for good.
 * @throws Failure for what no saved model can do
 */
export function lostUnits(deletions: readonly SiteDeletion[], file: string): Map<string, LostUnits> {
  return new Map(
    deletions.map(({ site, clamp, mask }) => {
      if (clamp.kind !== 'constant') throw new Error(`${site.name} is clamped to no constant`);
      const isState = site.kind === 'recurrent';
      if (isState && clamp.values.some((value) => value !== 0)) {
        throw new Failure(
          `The states of ${site.name} are fed back and can only be saved as zeros; choose the operator zero, or leave its neurons in.`,
          { file },
        );
      }
      return [site.id, { id: site.id, mask, shape: clamp.shape, values: clamp.values }];
    }),
  );
}

/** A network with units lost, as plans are made for it. */
export function plannedStudy(
  { network, deletions, source, shapes }: Pick<BuildStudy, 'network' | 'deletions' | 'source' | 'shapes'>,
  file: string,
): PlannedStudy {
  const lost = lostUnits(deletions, file);
  return {
    network,
    lost,
    shapes,
    constants: constantValues(network, lost, shapes),
    freedom: (operation) => freedomOf(source, operation),
    canSet: (operation, value) => canSet(source, operation, value),
    sites: deletions.map(({ site }) => site),
  };
}

/**
 * Builds the model and compares it with the network: the smallest first, then, where that is not exact, one in which
 * every neuron is kept as a constant.
 * @throws Failure where none gives the same outputs
 * @throws Cancelled
 */
export async function buildChecked(
  study: BuildStudy,
  control: Control,
  progress: (share: number) => void,
): Promise<CheckedModel> {
  const planned = plannedStudy(study, study.file);
  const weaker = 'without it the outputs were not the same';
  const attempts = [() => planPruning(planned), () => planConstants(planned, weaker)];
  let last: unknown = null;
  for (const attempt of attempts) {
    try {
      const checked = await check(study, attempt(), control, progress);
      if (checked.difference.relative <= TOLERANCE) return checked;
      checked.model.dispose();
      last = new Error(`outputs differ by ${String(checked.difference.absolute)}`);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      last = error;
    }
  }
  if (last instanceof Failure) throw last;
  throw new Failure(
    `${study.file} cannot be saved without these neurons: what was built does not give the outputs of the network with them deleted.`,
    { file: study.file, cause: last },
  );
}

async function check(
  study: BuildStudy,
  plan: PrunePlan,
  control: Control,
  progress: (share: number) => void,
): Promise<CheckedModel> {
  const built = await buildPruned(study.source, study.network.operations, plan, study.shapes);
  let bytes: LayersModelBytes;
  try {
    bytes = await layersModelBytes(built, study.shard);
  } finally {
    built.dispose();
  }
  const model = await loadLayersModelBytes(bytes);
  try {
    const difference = await differenceFrom(model, study, study.indices, control, progress);
    return { plan, bytes, model, difference };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** A plan in which nothing is taken out. */
export function wholePlan({ network, shapes }: Pick<BuildStudy, 'network' | 'shapes'>): PrunePlan {
  const kept = new Map(
    network.operations.map(({ id }) => [id, new Uint8Array(shapes.get(id)?.at(-1) ?? 0).fill(1)]),
  );
  return { kept, foldings: new Map(), set: new Map(), putIn: [], sites: [] };
}
