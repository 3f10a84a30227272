import type { Control } from '../control';
import type { Allocate } from './arena';
import type { KernelPool } from './kernelPool';
import { placeRows, wholeVectors } from './panels';
import { rowWidth, type ScoringTask } from './scoringTask';

/** Samples of a chunk. */
const SAMPLES = 32;
/** Units whose flips are looked for at once (assembly/jacobian.ts). */
const BLOCK = 16;
/** Samples of a chunk of the clustering (assembly/clusters.ts). */
const CLUSTERED = 64;
/** Units of a chunk of the table. */
const UNITS = 64;
/** Centres at most, and how many samples there must be for each. */
const CENTRES = 64;
const SAMPLES_A_CENTRE = 32;
/** Samples that centres are found from, and how often they are moved. */
const MOST_CLUSTERED = 2048;
const MOVES = 3;

/** One dense layer with a ReLU, and the linear map of what follows. */
export interface DenseLayer {
  /** `[elements, hidden]`. */
  readonly weights: Float32Array;
  readonly hidden: number;
  /** `[hidden, scores]`. */
  readonly map: Float32Array;
}

/** What a run ablates: unit = element of the layer's input. */
export interface JacobianRun {
  readonly scoring: ScoringTask;
  readonly units: number;
  readonly firstUnit: number;
  /** Address of float32 `[samples, elements]`: how the layer's input changes. */
  readonly deltas: number;
  /** `[samples, hidden]`. */
  readonly preactivations: Float32Array;
}

/** Patterns of activity that stand for many samples, and the Jacobian of each. */
interface Clusters {
  readonly count: number;
  readonly centres: number;
  readonly table: number;
}

/**
 * The kernel `jacobian` with a layer it keeps in the memory of the kernels. Samples are clustered by which hidden
 * units are active (k-modes); the centres are found once, by {@link learn} or from the first run.
 */
export class JacobianKernel {
  readonly sampleBlock = SAMPLES;
  private readonly elements: number;
  private readonly hidden: number;
  private readonly width: number;
  private readonly words: number;
  private readonly columnLength: number;
  private readonly at: {
    readonly columns: number;
    readonly extremes: number;
    readonly blockExtremes: number;
    readonly map: number;
  };
  private clusters: Clusters | null = null;

  /** Have the centres been found? */
  get hasLearned(): boolean {
    return this.clusters !== null;
  }

  constructor(
    private readonly kernels: KernelPool,
    private readonly layer: DenseLayer,
  ) {
    const { arena } = kernels;
    const { weights, hidden, map } = layer;
    const keep: Allocate = (bytes) => arena.allocate(bytes);
    this.elements = weights.length / hidden;
    this.hidden = wholeVectors(hidden);
    this.words = Math.ceil(this.hidden / 64);
    this.columnLength = Math.ceil(this.elements / BLOCK) * BLOCK;
    const scores = map.length / hidden;
    this.width = rowWidth(scores);
    const columns = new Float32Array(this.hidden * this.columnLength);
    const extremes = new Float32Array(2 * this.hidden);
    // A block of units may begin anywhere in a row: three more at the end.
    const blocks = wholeVectors(this.columnLength / BLOCK);
    const blockExtremes = new Float32Array(2 * this.hidden * blocks + 3);
    for (let j = 0; j < hidden; j++) {
      for (let block = 0; block * BLOCK < this.elements; block++) {
        let least = Infinity;
        let most = -Infinity;
        const end = Math.min(this.elements, (block + 1) * BLOCK);
        for (let e = block * BLOCK; e < end; e++) {
          const weight = weights[e * hidden + j]!;
          columns[j * this.columnLength + e] = weight;
          if (weight < least) least = weight;
          if (weight > most) most = weight;
        }
        blockExtremes[2 * j * blocks + block] = least;
        blockExtremes[(2 * j + 1) * blocks + block] = most;
        if (block === 0 || least < extremes[j]!) extremes[j] = least;
        if (block === 0 || most > extremes[this.hidden + j]!) extremes[this.hidden + j] = most;
      }
    }
    const signed = new Float32Array(2 * this.hidden * scores);
    signed.set(map);
    signed.set(
      map.map((value) => -value),
      this.hidden * scores,
    );
    const place = (values: Float32Array): number =>
      placeRows(arena, keep, values, values.length, values.length);
    this.at = {
      columns: place(columns),
      extremes: place(extremes),
      blockExtremes: place(blockExtremes),
      map: placeRows(arena, keep, signed, scores, this.width),
    };
  }

  /** Bytes a run takes for a sample: its pre-activations, its pattern, its centre. */
  get sampleBytes(): number {
    return this.hidden * 4 + this.words * 8 + 4;
  }

  /**
   * Finds the centres from these samples: what a run gives depends to the last bit on them.
   * @param preactivations `[samples, hidden]`
   */
  async learn(preactivations: Float32Array, control: Control): Promise<void> {
    const { kernels, hidden, words } = this;
    const samples = Math.min(preactivations.length / this.layer.hidden, MOST_CLUSTERED);
    const some = preactivations.subarray(0, samples * this.layer.hidden);
    await kernels.arena.within(async (allocate) => {
      const before = placeRows(kernels.arena, allocate, some, this.layer.hidden, hidden);
      const patterns = allocate(samples * words * 8);
      const patternArgs = [before, samples, hidden, patterns, words];
      await this.start('activityPatterns', patternArgs, Math.ceil(samples / CLUSTERED), 0, control);
      await this.findClusters(patterns, samples, allocate(samples * 4), control);
    });
  }

  /** The scoring task has blocks of {@link sampleBlock} samples. */
  async run(run: JacobianRun, control: Control, progress?: (share: number) => void): Promise<void> {
    const { kernels, at, hidden, words, elements } = this;
    const { scoring, units } = run;
    const samples = run.preactivations.length / this.layer.hidden;
    await kernels.arena.within(async (allocate) => {
      const before = placeRows(kernels.arena, allocate, run.preactivations, this.layer.hidden, hidden);
      const patterns = allocate(samples * words * 8);
      const nearest = allocate(samples * 4);
      const blocks = Math.ceil(samples / CLUSTERED);
      const patternArgs = [before, samples, hidden, patterns, words];
      await this.start('activityPatterns', patternArgs, blocks, 0, control);
      const clusters = this.clusters ?? (await this.findClusters(patterns, samples, nearest, control));
      const { centres, count, table } = clusters;
      const nearestArgs = [patterns, samples, words, centres, count, nearest];
      await this.start('nearestCentres', nearestArgs, blocks, 0, control);
      await kernels.run(
        {
          kernel: 'jacobian',
          args: [
            ...[scoring.address, run.deltas, elements, before, hidden],
            ...[at.columns, this.columnLength, at.extremes, at.blockExtremes, at.map],
            ...[patterns, words, centres, nearest, table, run.firstUnit, SAMPLES],
          ],
          chunks: scoring.blocks,
          scratch: this.scratch(units),
        },
        control,
        progress,
      );
    });
  }

  dispose(): void {
    this.forget();
    for (const address of Object.values(this.at)) this.kernels.arena.release(address);
  }

  /**
   * Bytes a thread needs: an account and a row of scores a unit, changes of whole blocks of units with the extremes
   * of each, and lists of hidden units and units.
   */
  private scratch(units: number): number {
    const blocks = Math.ceil((units + BLOCK - 1) / BLOCK);
    const perUnit = units * (16 + this.width * 4) + (wholeVectors(units) + 4) * 4;
    return perUnit + blocks * (BLOCK * 4 + 8) + wholeVectors(blocks) * 8 + 3 * this.hidden * 4 + 8;
  }

  private async findClusters(
    patterns: number,
    samples: number,
    nearest: number,
    control: Control,
  ): Promise<Clusters> {
    const some = Math.min(samples, MOST_CLUSTERED);
    this.forget();
    const { kernels, words, elements, width, at } = this;
    const { arena } = kernels;
    const count = Math.max(1, Math.min(CENTRES, Math.floor(some / SAMPLES_A_CENTRE)));
    const centres = arena.allocate(count * words * 8);
    const table = arena.allocate(count * elements * width * 4);
    const clusters = { count, centres, table };
    this.clusters = clusters;
    const halves = 2 * words;
    for (let centre = 0; centre < count; centre++) {
      const sample = Math.floor((centre * some) / count);
      const pattern = arena.integers(patterns + sample * words * 8, halves);
      arena.integers(centres + centre * words * 8, halves).set(pattern);
    }
    const args = [patterns, some, words, centres, count, nearest];
    try {
      for (let move = 0; move < MOVES; move++) {
        await this.start('nearestCentres', args, Math.ceil(some / CLUSTERED), 0, control);
        await this.start('majorityCentres', args, words, count * 65 * 4, control);
      }
      const columns = [at.columns, this.columnLength];
      const tableArgs = [centres, words, ...columns, elements, at.map, width, table, UNITS];
      const chunks = count * Math.ceil(elements / UNITS);
      await this.start('centreTable', tableArgs, chunks, words * 64 * 8, control);
    } catch (error) {
      this.forget();
      throw error;
    }
    return clusters;
  }

  private start(
    kernel: string,
    args: readonly number[],
    chunks: number,
    scratch: number,
    control: Control,
  ): Promise<void> {
    return this.kernels.run({ kernel, args, chunks, scratch }, control);
  }

  private forget(): void {
    if (this.clusters === null) return;
    this.kernels.arena.release(this.clusters.centres);
    this.kernels.arena.release(this.clusters.table);
    this.clusters = null;
  }
}
