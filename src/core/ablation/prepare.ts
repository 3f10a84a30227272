import type { Operator } from '../../protocol/study';
import type { Control } from '../control';
import type { KernelPool } from '../kernels/kernelPool';
import { hasOutgoing } from '../measures/outgoing';
import { batchSize } from '../network/memory';
import type { Network } from '../network/network';
import type { Site } from '../network/sites';
import { seedFrom } from '../random';
import type { Samples } from '../samples';
import { BaselineValues } from './baselineValues';
import { zeroClamp, type Clamp } from './clamp';
import { meanClamp } from './operators/mean';
import { constantsTensor, fitConstants, type FittedSite } from './operators/optimal';
import { resampleClamp } from './operators/resample';
import { passZero, type PassZero } from './passZero';
import type { PlainForward } from './plainForward';
import { stratifiedOrder } from './rounds';
import { contextOf, type SweepStudy } from './sweep';
import { unaffectedUnits } from './unaffected';
import { chooseWay } from './ways/choose';
import { planSite } from './ways/plan';
import type { WayName } from './ways/way';

/** Bytes that a study may take, by what for. */
export interface MemoryBudget {
  /** Values of the unablated network that are kept. */
  readonly kept: number;
  /** Activity of all units on all samples. */
  readonly activity: number;
  /** What a way of computing takes for itself at a time. */
  readonly workspace: number;
}

/** Constants that `optimal` was fitted to. */
export interface FittedConstants {
  readonly samples: Int32Array;
  /** By site, `[units]`. */
  readonly constants: readonly Float32Array[];
}

/** A study, opened and not yet run. */
export interface StudyParts {
  readonly network: Network;
  readonly sites: readonly Site[];
  readonly samples: Samples;
  readonly forward: PlainForward;
  /** The study's samples, in class-stratified order. */
  readonly indices: Int32Array;
  readonly operator: Operator;
  /** Draws of `resample`. */
  readonly draws: number;
  /** Quantile bins of the mutual information. */
  readonly bins: number;
  readonly seed: number;
  /** What `optimal` was fitted to before, so that a run goes on with the same constants; null: fit. */
  readonly fitted: FittedConstants | null;
  readonly kernels: KernelPool | null;
  readonly budget: MemoryBudget;
  readonly way: WayName | null;
}

/** A study after pass 0: all that is fixed before the first ablation. */
export interface PreparedStudy {
  readonly sweep: SweepStudy;
  readonly before: PassZero;
  /** By site: `[samples, units]` means over positions, in the order of `indices`; null where it is too large. */
  readonly activity: readonly (Float32Array | null)[];
  /** Samples to measure on, in order: all but those that `optimal` was fitted on. */
  readonly measured: Int32Array;
  /** What `optimal` was fitted on; empty for other operators. */
  readonly fitted: Int32Array;
  /** Frees what is kept. */
  dispose(): void;
}

/** Samples that go through pass 0 at once, where memory allows it. */
const PASS_BATCH = 2048;

/** The most samples that `optimal` is fitted on, and their largest share of all. */
const FITTED = { samples: 512, share: 0.25 };

/**
 * Runs pass 0 and fixes what the operator clamps to.
 * @param progress called with the share done, 0 … 1
 * @throws Cancelled
 */
export async function prepareStudy(
  parts: StudyParts,
  control: Control,
  progress: (share: number) => void,
): Promise<PreparedStudy> {
  const { network, sites, samples, forward, indices, operator, budget } = parts;
  const isFitted = operator === 'optimal';
  const values = new BaselineValues(network, samples, indices, wantedValues(network, sites), budget.kept);
  // The values of a site without positions are its activity.
  const shared = sites.map(({ id, shape }) => (shape.length === 1 ? values.all(id) : null));
  const separate = activityArrays(sites, shared, indices.length, budget.activity);
  try {
    const before = await passZero(forward, sites, samples.labels, network.head.classes, indices, control, {
      activity: separate,
      values: shared,
      kernels: parts.kernels,
      batch: batchSize(network, PASS_BATCH),
      elementMeans: operator === 'mean',
      observe: values.observe,
      progress: (done) => {
        progress((done / indices.length) * (isFitted ? 0.5 : 1));
      },
    });
    const fitted = isFitted
      ? (parts.fitted?.samples ?? fittingSamples(samples.labels, indices, parts.seed))
      : new Int32Array(0);
    const base: Omit<SweepStudy, 'clamps' | 'unaffected'> = {
      network,
      sites,
      samples,
      indices,
      before,
      forward,
      values,
      kernels: parts.kernels,
      workspace: budget.workspace,
      way: parts.way,
    };
    const clamps = await clampsOf(parts, base, fitted, control, (share) => {
      progress(0.5 + share / 2);
    });
    const unaffected = sites.map((site, k) =>
      unaffectedUnits(site, clamps[k]!, before.sites[k]!, hasOutgoing(network, site)),
    );
    const isHeldOut = new Set(fitted);
    return {
      sweep: { ...base, clamps, unaffected },
      before,
      activity: sites.map((_, k) => shared[k] ?? separate[k]!),
      measured: indices.filter((index) => !isHeldOut.has(index)),
      fitted,
      dispose: () => {
        values.dispose();
      },
    };
  } catch (error) {
    values.dispose();
    throw error;
  }
}

/** What each site's units are clamped to. */
async function clampsOf(
  parts: StudyParts,
  study: Omit<SweepStudy, 'clamps' | 'unaffected'>,
  fitted: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<readonly Clamp[]> {
  const { sites, operator } = parts;
  if (operator !== 'optimal') return sites.map((site, k) => plainClamp(parts, site, study.before, k));
  if (parts.fitted === null) return fitAll(study, fitted, control, progress);
  const { constants } = parts.fitted;
  return sites.map((site, k) => ({ kind: 'constant', shape: channelShape(site), values: constants[k]! }));
}

/** A constant a unit, alike at all positions. */
function channelShape({ shape, units }: Site): number[] {
  return [1, ...shape.slice(0, -1).map(() => 1), units];
}

function plainClamp(
  { operator, indices, seed, draws }: StudyParts,
  site: Site,
  before: PassZero,
  k: number,
): Clamp {
  if (operator === 'mean') return meanClamp(site, before.sites[k]!);
  if (operator === 'resample') return resampleClamp(indices, seed, draws);
  return zeroClamp(site);
}

/** A seeded, class-stratified share of the samples. */
function fittingSamples(labels: Int32Array, indices: Int32Array, seed: number): Int32Array {
  const count = Math.min(FITTED.samples, Math.floor(indices.length * FITTED.share));
  const order = stratifiedOrder(
    indices.map((index) => labels[index]!),
    seedFrom(seed, 'optimal'),
  );
  return order.slice(0, count).map((at) => indices[at]!);
}

/** Fits the constants of all sites, one after another. */
async function fitAll(
  study: Omit<SweepStudy, 'clamps' | 'unaffected'>,
  fitted: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<Clamp[]> {
  const clamps: Clamp[] = [];
  for (const [k, site] of study.sites.entries()) {
    if (!site.feeds) {
      const values = new Float32Array(site.units);
      clamps.push({ kind: 'constant', shape: channelShape(site), values });
      continue;
    }
    const constants = new Float32Array(site.units);
    const context = {
      ...contextOf(study, k, zeroClamp(site)),
      replacement: () => Promise.resolve(constantsTensor(site, constants)),
    };
    const way = await chooseWay(context, study.way);
    try {
      const fit: FittedSite = { site, way, statistics: study.before.sites[k]!, constants };
      clamps.push(
        await fitConstants(fit, fitted, control, (share) => {
          progress((k + share) / study.sites.length);
        }),
      );
    } finally {
      way.dispose();
    }
  }
  return clamps;
}

/** What the quick ways read again and again: the value at a site, what the next layer makes of it, the scores. */
function wantedValues(network: Network, sites: readonly Site[]): string[] {
  const plans = sites.filter((site) => site.feeds).map((site) => ({ site, plan: planSite(network, site) }));
  const quick = plans.filter(({ plan }) => plan.rest.kind !== 'general');
  return [
    network.head.scores,
    ...quick.flatMap(({ site, plan }) => [
      site.id,
      plan.entry,
      ...(plan.rest.kind === 'hidden' ? [plan.rest.preactivation] : []),
    ]),
  ];
}

/** Room for the activity of the sites that share none, as far as it goes. */
function activityArrays(
  sites: readonly Site[],
  shared: readonly (Float32Array | null)[],
  samples: number,
  budget: number,
): (Float32Array | null)[] {
  let left = budget;
  return sites.map(({ units }, k) => {
    const elements = samples * units;
    if (shared[k] !== null || elements * 4 > left) return null;
    left -= elements * 4;
    return new Float32Array(elements);
  });
}
