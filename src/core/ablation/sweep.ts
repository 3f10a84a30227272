import { tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import { score } from '../measures/scoring';
import type { Network } from '../network/network';
import { cutAfter, type Cut } from '../network/program';
import type { Site } from '../network/sites';
import type { Samples } from '../samples';
import { clampUnits, zeroClamp } from './clamp';
import { deletionsOf, maskOf } from './deletions';
import type { PassZero } from './passZero';
import type { PieceResult } from './piece';
import type { PlainForward } from './plainForward';
import type { Slice } from './rounds';

/** Units of a site that one piece may hold: a piece is what a cancel loses. */
export const PIECE_UNITS = 256;

/** Some units of a site, to be ablated one at a time on a slice. */
export interface PieceTask {
  readonly site: number;
  readonly first_unit: number;
  readonly units: number;
  readonly slice: Slice;
}

/**
 * Ablates units one at a time by running the rest of the network again: everything before the site is run once
 * a slice, and units that are zero anyway, or that the scores do not depend on, are not run at all.
 */
export class Sweep {
  private readonly cuts = new Map<number, Cut>();
  private cached: { readonly site: number; readonly slice: number; readonly values: Tensor[] } | null = null;

  constructor(
    private readonly network: Network,
    private readonly sites: readonly Site[],
    private readonly samples: Samples,
    private readonly before: PassZero,
    private readonly forward: PlainForward,
  ) {}

  /**
   * Measures one piece.
   * @param progress called with the number of units done
   * @throws Cancelled
   */
  async run(task: PieceTask, control: Control, progress: (units: number) => void): Promise<PieceResult> {
    const site = this.siteAt(task.site);
    const { slice } = task;
    const { classes } = this.network.head;
    const labels = slice.samples.map((index) => this.samples.labels[index]!);
    const result: PieceResult = {
      site: task.site,
      first_unit: task.first_unit,
      units: task.units,
      slice: slice.index,
      round: slice.round,
      half: slice.half,
      samples: slice.samples.length,
      ablated_correct: new Int32Array(task.units),
      flips_to_wrong: new Int32Array(task.units),
      flips_to_right: new Int32Array(task.units),
      loss_sum: new Float64Array(task.units),
      class_correct: new Int32Array(task.units * classes),
      near_ties: new Int32Array(task.units),
    };
    const baseline = {
      predicted: slice.samples.map((index) => this.before.predicted[index]!),
      loss: Float64Array.from(slice.samples, (index) => this.before.loss[index]!),
    };
    const dead = this.before.sites[task.site]!.dead;
    for (let row = 0; row < task.units; row++) {
      const unit = task.first_unit + row;
      if (dead[unit] === 1 || !site.feeds) {
        count(result, row, classes, labels, baseline.predicted, baseline.predicted, baseline.loss);
      } else {
        const values = await this.valuesBefore(task.site, slice);
        const scores = this.ablate(task.site, unit, values);
        const scored = score(this.network.head, scores, labels);
        await this.decide(site, unit, slice, scored.nearTies, scored.predicted, control);
        result.near_ties[row] = scored.nearTies.length;
        count(result, row, classes, labels, baseline.predicted, scored.predicted, scored.loss);
      }
      progress(row + 1);
      await control.breathe();
    }
    return result;
  }

  /** Frees the cached values. */
  dispose(): void {
    for (const value of this.cached?.values ?? []) value.dispose();
    this.cached = null;
  }

  /** The values that cross the cut after a site, for a slice. */
  private async valuesBefore(site: number, slice: Slice): Promise<readonly Tensor[]> {
    if (this.cached?.site === site && this.cached.slice === slice.index) return this.cached.values;
    this.dispose();
    const input = await this.samples.load(slice.samples);
    const values = this.cutAt(site).prefix.run([input]);
    if (!values.includes(input)) input.dispose();
    this.cached = { site, slice: slice.index, values };
    return values;
  }

  private ablate(site: number, unit: number, values: readonly Tensor[]): Float32Array {
    const { suffix } = this.cutAt(site);
    const { id, units } = this.siteAt(site);
    const scores = tidy(() => {
      const mask = tensor2d(maskOf(this.siteAt(site), [unit]), [1, units]);
      return suffix.run(values, { substitute: new Map([[id, clampUnits(mask, null)]]) })[0]!;
    });
    const result = scores.dataSync<'float32'>();
    scores.dispose();
    return result;
  }

  /** Replaces the predictions of near-ties by those of the plain full forward pass. */
  private async decide(
    site: Site,
    unit: number,
    slice: Slice,
    nearTies: readonly number[],
    predicted: Int32Array,
    control: Control,
  ): Promise<void> {
    if (nearTies.length === 0) return;
    const indices = Int32Array.from(nearTies, (n) => slice.samples[n]!);
    const deletion = { site, clamp: zeroClamp(site), mask: maskOf(site, [unit]) };
    const substitute = deletionsOf(this.forward, [deletion]);
    const plain = await this.forward.run(indices, control, { substitute });
    nearTies.forEach((n, k) => (predicted[n] = plain.predicted[k]!));
  }

  private cutAt(site: number): Cut {
    let cut = this.cuts.get(site);
    if (cut === undefined) {
      cut = cutAfter(this.network, this.siteAt(site).id);
      this.cuts.set(site, cut);
    }
    return cut;
  }

  private siteAt(index: number): Site {
    const site = this.sites[index];
    if (site === undefined) throw new Error(`No site ${String(index)}`);
    return site;
  }
}

/** Adds one unit's outcome on a slice to its row. */
function count(
  into: PieceResult,
  row: number,
  classes: number,
  labels: Int32Array,
  baseline: Int32Array,
  ablated: Int32Array,
  loss: Float64Array,
): void {
  let sum = 0;
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!;
    const wasRight = baseline[n] === label;
    const isRight = ablated[n] === label;
    if (isRight) {
      into.ablated_correct[row]! += 1;
      into.class_correct[row * classes + label]! += 1;
    }
    if (wasRight && !isRight) into.flips_to_wrong[row]! += 1;
    if (!wasRight && isRight) into.flips_to_right[row]! += 1;
    sum += loss[n]!;
  }
  into.loss_sum[row] = sum;
}
