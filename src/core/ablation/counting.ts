import type { PieceResult } from './piece';
import type { Slice } from './rounds';
import type { WayOutcome } from './ways/way';

/** What a piece is about. */
export interface PieceTask {
  readonly site: number;
  readonly first_unit: number;
  readonly units: number;
  readonly slice: Slice;
}

/**
 * Turns the predictions of a piece's draws into its counts. Starts from the counts of the unablated network and
 * looks only at what changed.
 */
export class PieceCounts {
  readonly result: PieceResult;
  /** `[units, samples]`: draws turned wrong − draws turned right; kept only where there is more than one draw. */
  private readonly net: Int16Array | null;

  /**
   * @param labels `[samples]` of the slice
   * @param baseline `[samples]`: predictions without ablation
   * @param draws of the operator
   */
  constructor(
    task: PieceTask,
    private readonly classes: number,
    private readonly labels: Int32Array,
    private readonly baseline: Int32Array,
    draws: number,
  ) {
    const { units, slice } = task;
    const integers = (length: number): Int32Array => new Int32Array(length);
    this.net = draws > 1 ? new Int16Array(units * slice.samples.length) : null;
    this.result = {
      site: task.site,
      first_unit: task.first_unit,
      units,
      slice: slice.index,
      round: slice.round,
      half: slice.half,
      samples: slice.samples.length,
      draws,
      ablated_correct: integers(units),
      flips_to_wrong: integers(units),
      flips_to_right: integers(units),
      net_squares: new Float64Array(units),
      loss_sum: new Float64Array(units),
      class_correct: integers(units * classes),
      near_ties: integers(units),
    };
    const correct = integers(classes);
    for (let n = 0; n < labels.length; n++) if (baseline[n] === labels[n]) correct[labels[n]!]! += 1;
    const all = correct.reduce((sum, count) => sum + count, 0);
    for (let row = 0; row < units; row++) {
      this.result.ablated_correct[row] = all * draws;
      for (let c = 0; c < classes; c++) this.result.class_correct[row * classes + c] = correct[c]! * draws;
    }
  }

  /**
   * Counts one draw in.
   * @param first row of the outcome's first unit in the piece
   */
  add(first: number, { predicted, loss_sum }: Pick<WayOutcome, 'predicted' | 'loss_sum'>): void {
    const { baseline, result } = this;
    const samples = baseline.length;
    for (let k = 0; k < loss_sum.length; k++) {
      const row = first + k;
      const from = k * samples;
      for (let n = 0; n < samples; n++) {
        const guess = predicted[from + n]!;
        if (guess !== baseline[n]) this.change(row, n, guess);
      }
      result.loss_sum[row]! += loss_sum[k]!;
    }
  }

  /**
   * Counts in what a near-tie, taken for unchanged by {@link add}, was decided to be.
   * @param n place of the sample in the slice
   */
  decide(row: number, n: number, predicted: number): void {
    this.result.near_ties[row]! += 1;
    if (predicted !== this.baseline[n]) this.change(row, n, predicted);
  }

  /** Counts in a prediction that is not the baseline's. */
  private change(row: number, n: number, guess: number): void {
    const { labels, baseline, result, classes, net } = this;
    const label = labels[n]!;
    const way = baseline[n] === label ? 1 : guess === label ? -1 : 0;
    if (way === 0) return;
    if (way > 0) result.flips_to_wrong[row]! += 1;
    else result.flips_to_right[row]! += 1;
    result.ablated_correct[row]! -= way;
    result.class_correct[row * classes + label]! -= way;
    if (net !== null) net[row * labels.length + n]! += way;
  }

  /** The piece's result, once all draws are in. */
  finish(): PieceResult {
    const { result, net } = this;
    if (net === null) {
      result.net_squares.set(result.flips_to_wrong.map((b, row) => b + result.flips_to_right[row]!));
      return result;
    }
    const samples = this.labels.length;
    for (let row = 0; row < result.units; row++) {
      for (let n = 0; n < samples; n++) {
        const change = net[row * samples + n]!;
        result.net_squares[row]! += change * change;
      }
    }
    return result;
  }
}
