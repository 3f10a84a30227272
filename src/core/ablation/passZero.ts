import { slice, stack, max, mean, min, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import { classSelectivity } from '../measures/selectivity';
import type { Site } from '../network/sites';
import type { PlainForward } from './plainForward';

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
}

/** What is fixed for a run before any ablation. Arrays over samples are by sample index. */
export interface PassZero {
  readonly predicted: Int32Array;
  readonly loss: Float64Array;
  readonly sites: readonly SiteStatistics[];
}

/** Sums over samples of one site's units. */
class SiteSums {
  /** `[classes, units]`: sums of spatial means. */
  readonly byClass: Float64Array;
  readonly active: Float64Array;
  readonly nonzero: Uint8Array;
  readonly negative: Uint8Array;

  constructor(
    readonly units: number,
    readonly classes: number,
  ) {
    this.byClass = new Float64Array(units * classes);
    this.active = new Float64Array(units);
    this.nonzero = new Uint8Array(units);
    this.negative = new Uint8Array(units);
  }

  /** @param values `[3, rows, units]`: mean, largest and smallest element of each feature map */
  add(values: Float32Array, labels: Int32Array): void {
    const { units } = this;
    const block = labels.length * units;
    for (let n = 0; n < labels.length; n++) {
      const classRow = labels[n]! * units;
      for (let u = 0; u < units; u++) {
        const at = n * units + u;
        const largest = values[block + at]!;
        const smallest = values[2 * block + at]!;
        this.byClass[classRow + u]! += values[at]!;
        if (largest > 0) this.active[u]! += 1;
        if (largest !== 0 || smallest !== 0) this.nonzero[u] = 1;
        if (smallest < 0) this.negative[u] = 1;
      }
    }
  }

  /** @param classSizes samples of each class */
  statistics(classSizes: Int32Array): SiteStatistics {
    const { units, classes } = this;
    const samples = classSizes.reduce((sum, size) => sum + size, 0);
    const result: SiteStatistics = {
      selectivity: new Float64Array(units),
      preferred: new Float64Array(units),
      valid: this.negative.map((negative) => 1 - negative),
      mean: new Float64Array(units),
      active: this.active.map((count) => count / samples),
      dead: this.nonzero.map((nonzero) => 1 - nonzero),
    };
    for (let u = 0; u < units; u++) {
      const sums = Float64Array.from({ length: classes }, (_, c) => this.byClass[c * units + u]!);
      result.mean[u] = sums.reduce((sum, value) => sum + value, 0) / samples;
      const { index, preferred } = classSelectivity(sums.map((sum, c) => sum / classSizes[c]!));
      result.selectivity[u] = index;
      result.preferred[u] = preferred;
    }
    return result;
  }
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
  progress: (done: number) => void,
): Promise<PassZero> {
  const sums = new Map(sites.map((site) => [site.id, new SiteSums(site.units, classes)]));
  const outcomes = await forward.run(indices, control, {
    progress,
    observe: (operation, output, rows, part) => {
      const site = sums.get(operation.id);
      if (site === undefined) return;
      const values = tidy(() => extremes(rows < output.shape[0] ? headRows(output, rows) : output));
      site.add(
        values.dataSync<'float32'>(),
        part.map((index) => labels[index]!),
      );
      values.dispose();
    },
  });
  const predicted = new Int32Array(labels.length).fill(-1);
  const loss = new Float64Array(labels.length).fill(NaN);
  const classSizes = new Int32Array(classes);
  indices.forEach((index, n) => {
    predicted[index] = outcomes.predicted[n]!;
    loss[index] = outcomes.loss[n]!;
    classSizes[labels[index]!]! += 1;
  });
  return { predicted, loss, sites: [...sums.values()].map((sum) => sum.statistics(classSizes)) };
}

function headRows(x: Tensor, rows: number): Tensor {
  return slice(
    x,
    x.shape.map(() => 0),
    [rows, ...x.shape.slice(1)],
  );
}

/** `[3, rows, units]`: over all positions of a feature map its mean, largest and smallest element. */
function extremes(x: Tensor): Tensor {
  const positions = x.shape.slice(1, -1).map((_, axis) => axis + 1);
  if (positions.length === 0) return stack([x, x, x]);
  return stack([mean(x, positions), max(x, positions), min(x, positions)]);
}
