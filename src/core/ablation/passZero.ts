import { slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import type { KernelPool } from '../kernels/kernelPool';
import { unitSums, type UnitSums } from '../kernels/unitSums';
import type { Site } from '../network/sites';
import type { BatchObserver, PlainForward } from './plainForward';
import { SiteSums, statisticsOf, type SiteStatistics } from './siteSums';

/** What is fixed for a run before any ablation. Arrays over samples are by sample index. */
export interface PassZero {
  readonly predicted: Int32Array;
  readonly loss: Float64Array;
  readonly sites: readonly SiteStatistics[];
}

/** What pass 0 keeps beside its statistics. */
export interface PassZeroOptions {
  /** By site: `[samples, units]` to be filled with means over positions, in the order of the samples; or null. */
  readonly activity?: readonly (Float32Array | null)[];
  /** By site: `[samples, units]` that `observe` has filled by the end of the pass, where it can; or null. */
  readonly values?: readonly (Float32Array | null)[];
  /** Sum up these values. */
  readonly kernels?: KernelPool | null;
  /** Find the mean of every element of the sites. */
  readonly elementMeans?: boolean;
  /** Samples that go through at once; those that come near a tie are decided by the plain pass all the same. */
  readonly batch?: number;
  /** Called with every operation's output too. */
  readonly observe?: BatchObserver;
  /** Called with the number of samples done. */
  readonly progress?: (done: number) => void;
}

/**
 * Runs every sample once (science.md, "Passes"): predictions, losses, and the statistics of all sites.
 * @param indices the study's samples
 */
export async function passZero(
  forward: PlainForward,
  sites: readonly Site[],
  labels: Int32Array,
  classes: number,
  indices: Int32Array,
  control: Control,
  options: PassZeroOptions = {},
): Promise<PassZero> {
  const { kernels = null } = options;
  const summedAfterwards = sites.map(({ units }, k) =>
    kernels !== null && units % 4 === 0 ? (options.values?.[k] ?? null) : null,
  );
  const sums = new Map(
    sites.flatMap((site, k) => {
      const activity = options.activity?.[k] ?? null;
      const own = new SiteSums(site.units, classes, activity, options.elementMeans ?? false);
      return summedAfterwards[k] === null ? [[site.id, own] as const] : [];
    }),
  );
  const outcomes = await forward.run(indices, control, {
    ...(options.progress === undefined ? {} : { progress: options.progress }),
    ...(options.batch === undefined ? {} : { batch: options.batch }),
    observe: (operation, output, rows, part) => {
      options.observe?.(operation, output, rows, part);
      const site = sums.get(operation.id);
      if (site === undefined) return;
      const isWhole = rows === output.shape[0];
      const values = isWhole ? output : headRows(output, rows);
      site.add(
        values,
        part.map((index) => labels[index]!),
      );
      if (!isWhole) values.dispose();
    },
  });
  const ties = Int32Array.from(outcomes.nearTies);
  const decided = await forward.run(
    ties.map((n) => indices[n]!),
    control,
  );
  ties.forEach((n, k) => (outcomes.predicted[n] = decided.predicted[k]!));
  const predicted = new Int32Array(labels.length).fill(-1);
  const loss = new Float64Array(labels.length).fill(NaN);
  const classSizes = new Int32Array(classes);
  indices.forEach((index, n) => {
    predicted[index] = outcomes.predicted[n]!;
    loss[index] = outcomes.loss[n]!;
    classSizes[labels[index]!]! += 1;
  });
  const statistics: SiteStatistics[] = [];
  const ordered = indices.map((index) => labels[index]!);
  for (const [k, site] of sites.entries()) {
    const values = summedAfterwards[k];
    if (kernels === null || values == null) {
      statistics.push(sums.get(site.id)!.statistics(classSizes));
      continue;
    }
    const found = await unitSums(kernels, values, ordered, classes, control);
    statistics.push(statisticsOf(found, options.elementMeans === true ? totalsOf(found) : null, classSizes));
  }
  return { predicted, loss, sites: statistics };
}

/** `[units]`: sums over all classes. */
function totalsOf({ byClass, active }: UnitSums): Float64Array {
  const units = active.length;
  const totals = new Float64Array(units);
  byClass.forEach((sum, at) => (totals[at % units]! += sum));
  return totals;
}

function headRows(x: Tensor, rows: number): Tensor {
  return slice(
    x,
    x.shape.map(() => 0),
    [rows, ...x.shape.slice(1)],
  );
}
