import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import { score } from '../measures/scoring';
import type { Network } from '../network/network';
import { Program, type Substitution } from '../network/program';
import type { Site } from '../network/sites';
import type { Samples } from '../samples';
import { affectedBy, entryPoints } from './entryPoints';
import type { Batch, Outcomes } from './plainForward';

/** Runs the rest of the network on a batch; gives the outcomes of its samples, the padding left out. */
export type RunBatch = (substitute: ReadonlyMap<string, Substitution>) => Outcomes;

/**
 * The plain forward pass for many ablations of the same sites on the same samples. What stands before the first of
 * the sites is run once a batch and kept, as long as it fits into `memory`; the rest runs with batches of the same
 * size as {@link PlainForward}'s, so that the outcomes are its, to the last bit.
 */
export class CachedForward {
  private readonly prefix: Program;
  private readonly suffix: Program;
  private readonly kept = new Map<number, readonly Tensor[]>();
  private bytes = 0;

  /**
   * @param indices the samples
   * @param sites where units will be ablated, at least one
   * @param batch that of the plain forward pass
   * @param memory bytes that kept values may take
   */
  constructor(
    private readonly network: Network,
    private readonly samples: Samples,
    readonly indices: Int32Array,
    sites: readonly Site[],
    private readonly batch: number,
    private readonly memory: number,
  ) {
    const affected = affectedBy(
      network,
      sites.map((site) => site.id),
    );
    const crossing = entryPoints(network, ({ id }) => !affected.has(id));
    this.prefix = new Program(network, network.inputs, crossing);
    this.suffix = new Program(network, crossing, [network.head.scores]);
  }

  /** Number of batches. */
  get batches(): number {
    return Math.ceil(this.indices.length / this.batch);
  }

  /**
   * Visits all batches in order.
   * @throws Cancelled
   */
  async each(control: Control, visit: (batch: Batch, run: RunBatch) => Promise<void>): Promise<void> {
    for (let from = 0; from < this.indices.length; from += this.batch) {
      const batch = this.batchAt(from);
      const values = await this.valuesOf(batch);
      try {
        await visit(batch, (substitute) => this.runRest(batch, values, substitute));
      } finally {
        if (!this.kept.has(from)) dispose([...values]);
      }
      await control.breathe();
    }
  }

  /** Frees what is kept. */
  dispose(): void {
    for (const values of this.kept.values()) dispose([...values]);
    this.kept.clear();
    this.bytes = 0;
  }

  private batchAt(from: number): Batch {
    const part = this.indices.subarray(from, from + this.batch);
    const samples = new Int32Array(this.batch).fill(part[0]!);
    samples.set(part);
    return { samples, from, rows: part.length };
  }

  private async valuesOf({ samples, from }: Batch): Promise<readonly Tensor[]> {
    const known = this.kept.get(from);
    if (known !== undefined) return known;
    const inputs = await this.samples.load(samples);
    const values = this.prefix.run(inputs);
    dispose(inputs.filter((input) => !values.includes(input)));
    const bytes = values.reduce((sum, value) => sum + 4 * value.size, 0);
    if (this.bytes + bytes <= this.memory) {
      this.bytes += bytes;
      this.kept.set(from, values);
    }
    return values;
  }

  private runRest(
    { samples, rows }: Batch,
    values: readonly Tensor[],
    substitute: ReadonlyMap<string, Substitution>,
  ): Outcomes {
    const scores = this.suffix.run(values, { substitute })[0]!;
    const numbers = scores.dataSync<'float32'>();
    if (!values.includes(scores)) scores.dispose();
    const labels = samples.subarray(0, rows).map((index) => this.samples.labels[index]!);
    return score(this.network.head, numbers, labels);
  }
}
