import { dispose, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import { score } from '../measures/scoring';
import type { Network } from '../network/network';
import { Program, type Observer, type Substitution } from '../network/program';
import type { Samples } from '../samples';

/** Predictions and losses of some samples, in the order asked for. */
export interface Outcomes {
  readonly predicted: Int32Array;
  /** Cross-entropy, nats. */
  readonly loss: Float64Array;
  /** Places of the samples whose prediction another batch size could change. */
  readonly nearTies: readonly number[];
}

/** Called with each operation's output and how many of its rows are samples (the rest is padding). */
export type BatchObserver = (
  operation: Parameters<Observer>[0],
  output: Tensor,
  rows: number,
  indices: Int32Array,
) => void;

/** One batch of a run. */
export interface Batch {
  /** Indices of its samples, padded to the batch size. */
  readonly samples: Int32Array;
  /** Number of its first sample in the run. */
  readonly from: number;
  /** How many of its samples are no padding. */
  readonly rows: number;
}

/** What to put in the place of some operations' outputs in a batch: the ablation. */
export type BatchSubstitution = (
  batch: Batch,
) => Promise<{ readonly map: ReadonlyMap<string, Substitution>; dispose(): void }>;

/**
 * The plain full forward pass at one fixed batch size; the last batch is padded. It decides near-ties and the
 * baseline, so that both depend on the network, the sample and the batch size alone.
 */
export class PlainForward {
  private readonly program: Program;

  /** @param also ids of operations to be computed (and observed) although the scores do not need them */
  constructor(
    private readonly network: Network,
    private readonly samples: Samples,
    readonly batch: number,
    also: readonly string[] = [],
  ) {
    this.program = new Program(network, network.inputs, [network.head.scores, ...also]);
  }

  /** @param indices samples to run */
  async run(
    indices: Int32Array,
    control: Control,
    options: {
      readonly substitute?: BatchSubstitution;
      readonly observe?: BatchObserver;
      readonly progress?: (done: number) => void;
      /** Another batch size than the fixed one, for what need not be the plain pass to the last bit. */
      readonly batch?: number;
    } = {},
  ): Promise<Outcomes> {
    const predicted = new Int32Array(indices.length);
    const loss = new Float64Array(indices.length);
    const nearTies: number[] = [];
    const { observe, substitute, progress, batch = this.batch } = options;
    for (let from = 0; from < indices.length; from += batch) {
      const rows = Math.min(batch, indices.length - from);
      const part = indices.slice(from, from + rows);
      const samples = batch === this.batch ? this.padded(part) : part;
      const changes = await substitute?.({ samples, from, rows });
      const inputs = await this.samples.load(samples);
      try {
        const [scores, ...others] = this.program.run(inputs, {
          ...(changes === undefined ? {} : { substitute: changes.map }),
          ...(observe === undefined
            ? {}
            : {
                observe: (o, output) => {
                  observe(o, output, rows, part);
                },
              }),
        });
        const values = scores!.dataSync<'float32'>();
        for (const value of [scores!, ...others]) value.dispose();
        const labels = part.map((index) => this.samples.labels[index]!);
        const scored = score(this.network.head, values, labels);
        predicted.set(scored.predicted, from);
        loss.set(scored.loss, from);
        for (const n of scored.nearTies) nearTies.push(from + n);
      } finally {
        dispose(inputs);
        changes?.dispose();
      }
      progress?.(from + rows);
      await control.breathe();
    }
    return { predicted, loss, nearTies };
  }

  /**
   * The value of an operation on at most a batch of samples, `[samples, …]`, computed at the fixed batch size; the
   * caller disposes it.
   */
  async valueOf(id: string, indices: Int32Array): Promise<Tensor> {
    const inputs = await this.samples.load(this.padded(indices));
    try {
      const program = new Program(this.network, this.network.inputs, [id]);
      const value = program.run(inputs)[0]!;
      const isInput = inputs.includes(value);
      if (indices.length === this.batch && !isInput) return value;
      const rows = slice(value, 0, indices.length);
      if (!isInput) value.dispose();
      return rows;
    } finally {
      dispose(inputs);
    }
  }

  /** At most a batch of samples, filled up with the first of them. */
  padded(part: Int32Array): Int32Array {
    if (part.length === this.batch) return part;
    const padded = new Int32Array(this.batch).fill(part[0]!);
    padded.set(part);
    return padded;
  }
}
