import { max, mean, min, stack, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { classSelectivity } from '../measures/selectivity';

/** What a site's units do on the samples when nothing is ablated; one entry a unit. */
export interface SiteStatistics {
  readonly selectivity: Float64Array;
  /** Class of the largest mean activation, −1 if undefined. */
  readonly preferred: Float64Array;
  /** No activation is negative, so that selectivity has its meaning. */
  readonly valid: Uint8Array;
  readonly mean: Float64Array;
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
   * Adds a batch.
   * @param x `[rows, …positions, units]`
   * @param labels `[rows]`
   */
  add(x: Tensor, labels: Int32Array): void {
    if (x.shape.length === 2) {
      this.addSingle(x.dataSync<'float32'>(), labels);
    } else {
      const rows = tidy(() => extremes(x));
      const values = rows.dataSync<'float32'>();
      rows.dispose();
      const size = labels.length * this.units;
      this.addRows(
        values.subarray(0, size),
        values.subarray(size, 2 * size),
        values.subarray(2 * size),
        labels,
      );
    }
    if (this.withElements) this.addElements(x);
  }

  /** @param classSizes samples of each class */
  statistics(classSizes: Int32Array): SiteStatistics {
    const { units, classes, lowest, highest, elementSums } = this;
    const samples = classSizes.reduce((total, size) => total + size, 0);
    const result: SiteStatistics = {
      selectivity: new Float64Array(units),
      preferred: new Float64Array(units),
      valid: Uint8Array.from(lowest, (value) => (value < 0 ? 0 : 1)),
      mean: new Float64Array(units),
      active: this.active.map((count) => count / samples),
      dead: Uint8Array.from(lowest, (value, u) => (value === 0 && highest[u] === 0 ? 1 : 0)),
      lowest,
      highest,
      elementMean: elementSums === null ? null : Float32Array.from(elementSums, (value) => value / samples),
    };
    for (let u = 0; u < units; u++) {
      const sums = Float64Array.from({ length: classes }, (_, c) => this.byClass[c * units + u]!);
      result.mean[u] = sums.reduce((total, value) => total + value, 0) / samples;
      const { index, preferred } = classSelectivity(sums.map((value, c) => value / classSizes[c]!));
      result.selectivity[u] = index;
      result.preferred[u] = preferred;
    }
    return result;
  }

  /** Units of one element: mean, largest and smallest are the same. */
  private addSingle(values: Float32Array, labels: Int32Array): void {
    const { units, byClass, active, lowest, highest } = this;
    for (let n = 0; n < labels.length; n++) {
      const row = n * units;
      const classRow = labels[n]! * units;
      for (let u = 0; u < units; u++) {
        const value = values[row + u]!;
        byClass[classRow + u]! += value;
        if (value > 0) active[u]! += 1;
        if (value > highest[u]!) highest[u] = value;
        if (value < lowest[u]!) lowest[u] = value;
      }
    }
    this.keep(values, labels.length);
  }

  private addRows(
    means: Float32Array,
    largest: Float32Array,
    smallest: Float32Array,
    labels: Int32Array,
  ): void {
    const { units, byClass, active, lowest, highest } = this;
    for (let n = 0; n < labels.length; n++) {
      const classRow = labels[n]! * units;
      const row = n * units;
      for (let u = 0; u < units; u++) {
        const high = largest[row + u]!;
        const low = smallest[row + u]!;
        byClass[classRow + u]! += means[row + u]!;
        if (high > 0) active[u]! += 1;
        if (high > highest[u]!) highest[u] = high;
        if (low < lowest[u]!) lowest[u] = low;
      }
    }
    this.keep(means, labels.length);
  }

  private keep(means: Float32Array, rows: number): void {
    this.activity?.set(means.subarray(0, rows * this.units), this.at * this.units);
    this.at += rows;
  }

  private addElements(x: Tensor): void {
    const total = tidy(() => sum(x, 0));
    const values = total.dataSync<'float32'>();
    total.dispose();
    this.elementSums ??= new Float64Array(values.length);
    for (let e = 0; e < values.length; e++) this.elementSums[e]! += values[e]!;
  }
}

/** `[3, rows, units]`: over all positions of a feature map its mean, largest and smallest element. */
function extremes(x: Tensor): Tensor {
  const positions = x.shape.slice(1, -1).map((_, axis) => axis + 1);
  return stack([mean(x, positions), max(x, positions), min(x, positions)]);
}
