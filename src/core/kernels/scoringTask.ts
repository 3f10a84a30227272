import type { Head } from '../network/network';
import type { Allocate, Arena } from './arena';

/** Rows of scores have a multiple of so many: three vectors, which ten classes nearly fill. */
export const PANEL = 12;
/** Score of a class that is not there: its exponential is nothing beside any other. */
const ABSENT = -1e30;
/** Words of a `Task` (assembly/shared/scoring.ts). */
const TASK_WORDS = 11;

/** Units, each clamped by itself on the same samples. Arrays are in the order of these samples. */
export interface ScoredPairs {
  readonly head: Head;
  readonly units: number;
  readonly labels: Int32Array;
  /** Class scores of the unablated network, `[samples, classes]` (`[samples, 1]` for a sigmoid). */
  readonly scores: Float32Array;
  /** What the unablated network predicts; its cross-entropies, nats. */
  readonly predicted: Int32Array;
  readonly loss: Float64Array;
  /** NEAR_TIE_BOUND of scoring.ts. */
  readonly bound: number;
  /** Samples that a kernel takes at a time. */
  readonly sampleBlock: number;
}

/** What kernels wrote; pairs are numbered unit · samples + sample. */
export interface ScoredOutcome {
  /** `[units, samples]`. */
  readonly predicted: Uint16Array;
  /** `[units]`, nats. */
  readonly loss_sum: Float64Array;
  /** Ascending. */
  readonly near_ties: Int32Array;
}

/** Scores in a row that holds `count` class scores. */
export function rowWidth(count: number): number {
  return Math.ceil(count / PANEL) * PANEL;
}

/** The `Task` that kernels score by, in the memory of an arena: predictions start as those without ablation. */
export class ScoringTask {
  /** Address of the `Task`. */
  readonly address: number;
  readonly width: number;
  private readonly at: { readonly predicted: number; readonly nearTies: number; readonly growth: number };

  constructor(
    private readonly arena: Arena,
    allocate: Allocate,
    private readonly pairs: ScoredPairs,
  ) {
    const { head, units, labels } = pairs;
    const samples = labels.length;
    const count = pairs.scores.length / samples;
    this.width = rowWidth(count);
    const scores = allocate(samples * this.width * 4);
    const rows = arena.floats(scores, samples * this.width).fill(ABSENT);
    for (let n = 0; n < samples; n++) {
      for (let c = 0; c < count; c++) rows[n * this.width + c] = pairs.scores[n * count + c]!;
    }
    const labelsAt = allocate(samples * 4);
    arena.integers(labelsAt, samples).set(labels);
    const losses = allocate(samples * 8);
    arena.doubles(losses, samples).set(pairs.loss);
    const predicted = allocate(units * samples * 2);
    const classes = arena.shorts(predicted, units * samples);
    classes.set(pairs.predicted);
    for (let done = samples; done < classes.length; done *= 2) classes.copyWithin(done, 0, done);
    const nearTies = allocate(4 + units * samples * 4);
    arena.integers(nearTies, 1)[0] = 0;
    const growth = allocate(this.blocks * units * 8);
    this.at = { predicted, nearTies, growth };
    this.address = allocate(TASK_WORDS * 4);
    const words = arena.integers(this.address, TASK_WORDS);
    words.set([samples, units, this.width, head.kind === 'sigmoid' ? 1 : 0, 0]);
    words.set([scores, labelsAt, losses, predicted, nearTies, growth], 5);
    arena.floats(this.address, TASK_WORDS)[4] = pairs.bound;
  }

  /** Blocks of samples. */
  get blocks(): number {
    return Math.ceil(this.pairs.labels.length / this.pairs.sampleBlock);
  }

  /** What the kernels found, copied out of the arena. */
  outcome(): ScoredOutcome {
    const { arena, at } = this;
    const { units, labels, loss } = this.pairs;
    const samples = labels.length;
    const before = loss.reduce((sum, value) => sum + value, 0);
    const growth = arena.doubles(at.growth, this.blocks * units);
    const lossSum = new Float64Array(units);
    for (let unit = 0; unit < units; unit++) {
      let sum = before;
      for (let block = 0; block < this.blocks; block++) sum += growth[block * units + unit]!;
      lossSum[unit] = sum;
    }
    const count = arena.integers(at.nearTies, 1)[0]!;
    return {
      predicted: arena.shorts(at.predicted, units * samples).slice(),
      loss_sum: lossSum,
      near_ties: arena
        .integers(at.nearTies + 4, count)
        .slice()
        .sort(),
    };
  }
}
