import type { FittedConstants, MemoryBudget, StudyParts } from '../core/ablation/prepare';
import type { WayName } from '../core/ablation/ways/way';
import type { KernelPool } from '../core/kernels/kernelPool';
import { QUANTILE_BINS } from '../core/measures/quantileBins';
import type { Samples } from '../core/samples';
import type { RunRecord } from '../protocol/run';
import { DEFAULT_DRAWS, type StudySpec } from '../protocol/study';
import { forwardOf, type OpenStudy } from './openStudy';

/** The memory that the engine may take, where nothing else is said: 2 GiB. */
export const DEFAULT_MEMORY_LIMIT = 2 * 2 ** 30;

/** What the process takes before any study: Node, TensorFlow, the model and the data. */
const STANDING_BYTES = 700 * 2 ** 20;

/** What the machine gives to a study. */
export interface Resources {
  readonly kernels: KernelPool | null;
  readonly budget: MemoryBudget;
  /** Every site computed this way, as far as it applies, for tests and comparisons; null: the quickest. */
  readonly way: WayName | null;
}

/** Shares a limit on the process's memory out among what a study keeps. */
export function budgetOf(limit: number): MemoryBudget {
  const free = Math.max(limit - STANDING_BYTES, limit / 8);
  return { kept: free * 0.35, activity: free * 0.15, workspace: free * 0.3 };
}

/**
 * An open study with what computes it.
 * @param fitted constants of an earlier session of the same run
 */
export function studyParts(
  study: OpenStudy,
  spec: StudySpec,
  samples: Samples,
  { kernels, budget, way }: Resources,
  fitted: FittedConstants | null = null,
): StudyParts {
  return {
    network: study.network,
    sites: study.sites,
    samples,
    forward: forwardOf(study, samples),
    indices: study.indices,
    operator: spec.operator,
    draws: spec.draws ?? DEFAULT_DRAWS,
    bins: spec.bins ?? QUANTILE_BINS,
    seed: spec.seed,
    fitted,
    kernels,
    budget,
    way,
  };
}

/** The constants that a run under `optimal` was fitted to; null where it has none, or of other sites. */
export function fittedConstants({ sites }: OpenStudy, record: RunRecord | null): FittedConstants | null {
  const clamp = record?.clamp;
  if (clamp?.operator !== 'optimal') return null;
  const constants = sites.map(({ name }) => Float32Array.from(clamp.constants[name] ?? []));
  if (constants.some((values, k) => values.length !== sites[k]!.units)) return null;
  return { samples: Int32Array.from(clamp.fitted_on), constants };
}
