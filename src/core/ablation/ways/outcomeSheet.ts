import { score } from '../../measures/scoring';
import type { Block } from './blocks';
import type { SiteContext, WayOutcome, WayTask } from './way';

/** Collects the outcomes of a task; what is not put keeps the outcome of the network as it is. */
export class OutcomeSheet {
  /** `[units, samples]`: cross-entropy, nats. */
  private readonly loss: Float64Array;
  private readonly predicted: Uint16Array;
  private readonly nearTies: number[] = [];

  constructor(
    private readonly context: SiteContext,
    private readonly task: WayTask,
  ) {
    const { units, samples } = task;
    this.loss = new Float64Array(units * samples.length);
    this.predicted = new Uint16Array(units * samples.length);
    samples.forEach((index, n) => {
      this.predicted[n] = context.before.predicted[index]!;
      this.loss[n] = context.before.loss[index]!;
    });
    for (let unit = 1; unit < units; unit++) {
      this.predicted.copyWithin(unit * samples.length, 0, samples.length);
      this.loss.copyWithin(unit * samples.length, 0, samples.length);
    }
  }

  /**
   * @param changed `[units, samples]` of the task: only these pairs are put
   * @param scores `[units, samples, classes]` of the block
   */
  put(block: Block, changed: Uint8Array, scores: Float32Array): void {
    const { samples } = this.task;
    const indices = samples.subarray(block.first_sample, block.first_sample + block.samples);
    const labels = indices.map((index) => this.context.labels[index]!);
    const width = scores.length / (block.units.length * block.samples);
    block.units.forEach((unit, row) => {
      const from = row * block.samples * width;
      const scored = score(
        this.context.network.head,
        scores.subarray(from, from + block.samples * width),
        labels,
      );
      const pair = unit * samples.length + block.first_sample;
      for (let n = 0; n < block.samples; n++) {
        if (changed[pair + n] === 0) continue;
        this.predicted[pair + n] = scored.predicted[n]!;
        this.loss[pair + n] = scored.loss[n]!;
      }
      for (const n of scored.nearTies) if (changed[pair + n] === 1) this.nearTies.push(pair + n);
    });
  }

  outcome(): WayOutcome {
    const { units, samples } = this.task;
    const sums = new Float64Array(units);
    for (let unit = 0; unit < units; unit++) {
      let sum = 0;
      const from = unit * samples.length;
      for (let n = from; n < from + samples.length; n++) sum += this.loss[n]!;
      sums[unit] = sum;
    }
    return { predicted: this.predicted, loss_sum: sums, near_ties: this.nearTies };
  }
}
