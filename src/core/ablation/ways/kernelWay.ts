import type { Control } from '../../control';
import type { Allocate } from '../../kernels/arena';
import type { KernelPool } from '../../kernels/kernelPool';
import { ScoringTask, type ScoredOutcome } from '../../kernels/scoringTask';
import { NEAR_TIE_BOUND } from '../../measures/scoring';
import { operationOf } from '../../network/network';
import { entryChange } from './channelWalk';
import type { SitePlan } from './plan';
import type { SiteContext, Way, WayName, WayOutcome, WayTask } from './way';

/** Predictions are kept in 16 bits. */
const MOST_CLASSES = 65535;

/** Values that a thread subtracts at a time. */
const CLAMPED = 65536;

/** Some samples of a task, as the kernels see them. */
export interface KernelBlock {
  readonly kernels: KernelPool;
  /** Memory until the block is done. */
  readonly allocate: Allocate;
  readonly scoring: ScoringTask;
  readonly task: WayTask;
  /** Those of this block. */
  readonly samples: Int32Array;
  /** Address of float32 `[samples, elements]`: how the entry changes, clamped − plain. */
  readonly deltas: number;
  readonly control: Control;
  readonly progress: (share: number) => void;
}

/** What one way does with the kernels. */
export interface KernelPart {
  readonly name: WayName;
  readonly kernels: KernelPool;
  /** Samples that its kernel takes at a time. */
  readonly sampleBlock: number;
  /** Bytes it takes a sample, beyond what scoring and the changes of the entry take. */
  readonly sampleBytes: number;
  run(block: KernelBlock): Promise<void>;
  dispose(): void;
}

/** A way whose arithmetic is in the kernels: takes as many samples at a time as the workspace holds. */
export function kernelWay(context: SiteContext, plan: SitePlan, part: KernelPart): Way {
  return {
    name: part.name,
    measure: (task, control, progress) => measure(context, plan, part, task, control, progress),
    dispose: () => {
      part.dispose();
    },
  };
}

async function measure(
  context: SiteContext,
  plan: SitePlan,
  part: KernelPart,
  task: WayTask,
  control: Control,
  progress: (share: number) => void,
): Promise<WayOutcome> {
  const { samples, units } = task;
  const bytes = part.sampleBytes + plan.elements! * 4 + units * 6 + context.network.head.classes * 4;
  const atOnce = Math.max(part.sampleBlock, Math.floor(context.workspace / bytes));
  const parts: { readonly from: number; readonly count: number; readonly found: ScoredOutcome }[] = [];
  for (let from = 0; from < samples.length; from += atOnce) {
    const some = samples.subarray(from, from + atOnce);
    const found = await measureSome(context, plan, part, task, some, control, (share) => {
      progress((from + share * some.length) / samples.length);
    });
    if (some.length === samples.length) return found;
    parts.push({ from, count: some.length, found });
  }
  const predicted = new Uint16Array(units * samples.length);
  const lossSum = new Float64Array(units);
  const nearTies: number[] = [];
  for (const { from, count, found } of parts) {
    for (let unit = 0; unit < units; unit++) {
      const row = found.predicted.subarray(unit * count, (unit + 1) * count);
      predicted.set(row, unit * samples.length + from);
      lossSum[unit]! += found.loss_sum[unit]!;
    }
    for (const pair of found.near_ties) {
      nearTies.push(Math.floor(pair / count) * samples.length + from + (pair % count));
    }
  }
  return { predicted, loss_sum: lossSum, near_ties: nearTies };
}

async function measureSome(
  context: SiteContext,
  plan: SitePlan,
  part: KernelPart,
  task: WayTask,
  samples: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<ScoredOutcome> {
  const { kernels } = part;
  const { arena } = kernels;
  const { head } = context.network;
  return arena.within(async (allocate) => {
    const { values, clampedTo } = await entryChange(context, plan, samples, task.draw);
    const deltas = allocate(values.byteLength);
    arena.floats(deltas, values.length).set(values);
    if (clampedTo !== null) {
      const args = [deltas, values.length, clampedTo, CLAMPED];
      const chunks = Math.ceil(values.length / CLAMPED);
      await kernels.run({ kernel: 'clampedChanges', args, chunks, scratch: 0 }, control);
    }
    const scoring = new ScoringTask(arena, allocate, {
      head,
      units: task.units,
      labels: samples.map((index) => context.labels[index]!),
      scores: await context.rows(head.scores, samples),
      predicted: samples.map((index) => context.before.predicted[index]!),
      loss: Float64Array.from(samples, (index) => context.before.loss[index]!),
      bound: NEAR_TIE_BOUND,
      sampleBlock: part.sampleBlock,
    });
    await part.run({ kernels, allocate, scoring, task, samples, deltas, control, progress });
    return scoring.outcome();
  });
}

/** Are the kernels there, and can they ablate units of this site? */
export function kernelsFor({ kernels, network, site }: SiteContext): KernelPool | null {
  const { kind, classes } = network.head;
  if (kind === 'probabilities' || classes > MOST_CLASSES) return null;
  // A state that is clamped is fed back, and changes other units.
  if (operationOf(network, site.id).loop !== undefined) return null;
  return kernels;
}
