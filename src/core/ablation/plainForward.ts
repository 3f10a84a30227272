import type { Tensor } from '@tensorflow/tfjs-core';
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
}

/** Called with each operation's output and how many of its rows are samples (the rest is padding). */
export type BatchObserver = (
  operation: Parameters<Observer>[0],
  output: Tensor,
  rows: number,
  indices: Int32Array,
) => void;

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
    this.program = new Program(network, [network.input], [network.head.scores, ...also]);
  }

  /**
   * @param indices samples to run
   * @param substitute what to put in the place of some operations' outputs: the ablation
   */
  async run(
    indices: Int32Array,
    control: Control,
    options: {
      readonly substitute?: ReadonlyMap<string, Substitution>;
      readonly observe?: BatchObserver;
      readonly progress?: (done: number) => void;
    } = {},
  ): Promise<Outcomes> {
    const outcomes = { predicted: new Int32Array(indices.length), loss: new Float64Array(indices.length) };
    for (let from = 0; from < indices.length; from += this.batch) {
      const rows = Math.min(this.batch, indices.length - from);
      const part = indices.slice(from, from + rows);
      const padded = new Int32Array(this.batch).fill(part[0]!);
      padded.set(part);
      const labels = part.map((index) => this.samples.labels[index]!);
      const input = await this.samples.load(padded);
      try {
        const { observe } = options;
        const [scores, ...others] = this.program.run([input], {
          ...(options.substitute === undefined ? {} : { substitute: options.substitute }),
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
        const scored = score(this.network.head, values, labels);
        outcomes.predicted.set(scored.predicted, from);
        outcomes.loss.set(scored.loss, from);
      } finally {
        input.dispose();
      }
      options.progress?.(from + rows);
      await control.breathe();
    }
    return outcomes;
  }
}
