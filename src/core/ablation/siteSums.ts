import {
  cast,
  concat,
  greater,
  matMul,
  max,
  mean,
  min,
  reshape,
  sum,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { UnitSums } from '../kernels/unitSums';
import { classSelectivity } from '../measures/selectivity';

/** What a site's units do on the samples when nothing is ablated; one entry a unit. */
export interface SiteStatistics {
  readonly selectivity: Float64Array;
  /** Class of the largest mean activation, −1 if undefined. */
  readonly preferred: Float64Array;
  /** No activation is negative, so that selectivity has its meaning. */
  readonly valid: Uint8Array;
  readonly mean: Float64Array;
  /** `[units, classes]`: mean activation on the samples of each class; NaN for a class without samples. */
  readonly classMeans: Float64Array;
  /** Share of samples with any element > 0. */
  readonly active: Float64Array;
  /** 0 on every element and sample. */
  readonly dead: Uint8Array;
  /** Smallest and largest activation of any element on any sample. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
  /** `[…site.shape]`: mean over samples of every element; null where it was not asked for. */
  readonly elementMean: Float32Array | null;
}

/** Sums over samples of one site's units, batch by batch. */
export class SiteSums {
  /** `[classes, units]`: sums of means over positions. */
  private readonly byClass: Float64Array;
  private readonly active: Float64Array;
  private readonly lowest: Float32Array;
  private readonly highest: Float32Array;
  private elementSums: Float64Array | null = null;
  private at = 0;

  /**
   * @param activity `[samples, units]`, filled with the means over positions in the order they come; or null
   * @param withElements sum every element too, for the mean of each
   */
  constructor(
    private readonly units: number,
    private readonly classes: number,
    private readonly activity: Float32Array | null,
    private readonly withElements: boolean,
  ) {
    this.byClass = new Float64Array(units * classes);
    this.active = new Float64Array(units);
    this.lowest = new Float32Array(units).fill(Infinity);
    this.highest = new Float32Array(units).fill(-Infinity);
  }

  /**
   * Adds a batch: sums over its samples are made by the backend, sums over batches in float64.
   * @param x `[rows, …positions, units]`
   * @param labels `[rows]`
   */
  add(x: Tensor, labels: Int32Array): void {
    const { units, classes, byClass, active, lowest, highest } = this;
    const [sums, means] = tidy(() => reduced(x, membership(labels, classes), this.activity !== null));
    const values = sums!.dataSync<'float32'>();
    sums!.dispose();
    for (let at = 0; at < classes * units; at++) byClass[at]! += values[at]!;
    const rest = values.subarray(classes * units);
    for (let u = 0; u < units; u++) {
      active[u]! += rest[u]!;
      highest[u] = Math.max(highest[u]!, rest[units + u]!);
      lowest[u] = Math.min(lowest[u]!, rest[2 * units + u]!);
    }
    if (means !== undefined) {
      this.activity?.set(means.dataSync<'float32'>(), this.at * units);
      if (means !== x) means.dispose();
    }
    this.at += labels.length;
    if (this.withElements) this.addElements(x);
  }

  /** @param classSizes samples of each class */
  statistics(classSizes: Int32Array): SiteStatistics {
    const { byClass, active, lowest, highest, elementSums } = this;
    return statisticsOf({ byClass, active, lowest, highest }, elementSums, classSizes);
  }

  private addElements(x: Tensor): void {
    const total = tidy(() => sum(x, 0));
    const values = total.dataSync<'float32'>();
    total.dispose();
    this.elementSums ??= new Float64Array(values.length);
    for (let e = 0; e < values.length; e++) this.elementSums[e]! += values[e]!;
  }
}

/**
 * What sums over the samples say of a site's units.
 * @param elementSums `[…site.shape]`: sums over samples of every element, or null
 * @param classSizes samples of each class
 */
export function statisticsOf(
  { byClass, active, lowest, highest }: UnitSums,
  elementSums: Float64Array | null,
  classSizes: Int32Array,
): SiteStatistics {
  const units = active.length;
  const samples = classSizes.reduce((total, size) => total + size, 0);
  const result: SiteStatistics = {
    selectivity: new Float64Array(units),
    preferred: new Float64Array(units),
    valid: Uint8Array.from(lowest, (value) => (value < 0 ? 0 : 1)),
    mean: new Float64Array(units),
    classMeans: new Float64Array(units * classSizes.length),
    active: active.map((count) => count / samples),
    dead: Uint8Array.from(lowest, (value, u) => (value === 0 && highest[u] === 0 ? 1 : 0)),
    lowest,
    highest,
    elementMean: elementSums === null ? null : Float32Array.from(elementSums, (value) => value / samples),
  };
  for (let u = 0; u < units; u++) {
    const means = result.classMeans.subarray(u * classSizes.length, (u + 1) * classSizes.length);
    let total = 0;
    for (let c = 0; c < means.length; c++) {
      const sum = byClass[c * units + u]!;
      means[c] = sum / classSizes[c]!;
      total += sum;
    }
    result.mean[u] = total / samples;
    const { index, preferred } = classSelectivity(means);
    result.selectivity[u] = index;
    result.preferred[u] = preferred;
  }
  return result;
}

/** `[classes, rows]`: 1 where a row is of a class. */
function membership(labels: Int32Array, classes: number): Tensor2D {
  const values = new Float32Array(classes * labels.length);
  labels.forEach((label, row) => (values[label * labels.length + row] = 1));
  return tensor2d(values, [classes, labels.length]);
}

/**
 * Reduces a batch over its samples to `[classes + 3, units]`: sums of the means over positions by class, samples with
 * any element > 0, largest and smallest element; and gives those means `[rows, units]` where they are wanted.
 */
function reduced(x: Tensor, classesOf: Tensor2D, withMeans: boolean): Tensor[] {
  const positions = x.shape.slice(1, -1).map((_, axis) => axis + 1);
  const isSingle = positions.length === 0;
  const means = isSingle ? x : mean(x, positions);
  const largest = isSingle ? x : max(x, positions);
  const smallest = isSingle ? x : min(x, positions);
  const row = (values: Tensor): Tensor => reshape(values, [1, x.shape.at(-1)!]);
  const sums = concat([
    matMul(classesOf, means as Tensor2D),
    row(sum(cast(greater(largest, 0), 'float32'), 0)),
    row(max(largest, 0)),
    row(min(smallest, 0)),
  ]);
  return withMeans ? [sums, means] : [sums];
}
