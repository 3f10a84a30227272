import type { Control } from '../control';
import type { Rectifier } from '../network/network';
import type { Allocate } from './arena';
import type { KernelPool } from './kernelPool';
import { inPanels, placeRows, wholeVectors } from './panels';
import { rowWidth, type ScoringTask } from './scoringTask';
import type { Taps } from './taps';

/** Samples of a chunk, and multiplications a chunk may take: some tens of milliseconds. */
const SAMPLES = 32;
const CHUNK = 1e8;

/** One layer with a rectifier, and the linear map of what follows. */
export interface FusedLayer {
  readonly taps: Taps;
  /** `[rows, hidden]`. */
  readonly weights: Float32Array;
  readonly hidden: number;
  readonly rectifier: Rectifier;
  /** `[positions · hidden, scores]`. */
  readonly map: Float32Array;
  /** Neighbouring channels of the layer's input that belong to one unit. */
  readonly multiplier: number;
}

/** What a run ablates. */
export interface FusedRun {
  readonly scoring: ScoringTask;
  readonly units: number;
  readonly firstUnit: number;
  /** Address of float32 `[samples, elements]`: how the layer's input changes. */
  readonly deltas: number;
  readonly elements: number;
  /** `[samples, positions · hidden]`. */
  readonly preactivations: Float32Array;
}

/** The kernel `fused` with a layer it keeps in the memory of the kernels. */
export class FusedKernel {
  readonly sampleBlock: number;
  private readonly hidden: number;
  private readonly width: number;
  private readonly at: {
    readonly weights: number;
    readonly map: number;
    readonly starts: number;
    readonly taps: number;
  };

  constructor(
    private readonly kernels: KernelPool,
    private readonly layer: FusedLayer,
  ) {
    const { arena } = kernels;
    const { taps, weights, hidden, map } = layer;
    const keep: Allocate = (bytes) => arena.allocate(bytes);
    this.hidden = wholeVectors(hidden);
    this.width = rowWidth(map.length / (taps.positions * hidden));
    const panels = inPanels(map, taps.positions, hidden);
    this.at = {
      weights: placeRows(arena, keep, weights, hidden, this.hidden),
      map: placeRows(arena, keep, panels, panels.length, panels.length),
      starts: keep(taps.starts.byteLength),
      taps: keep(taps.taps.byteLength),
    };
    arena.integers(this.at.starts, taps.starts.length).set(taps.starts);
    arena.integers(this.at.taps, taps.taps.length).set(taps.taps);
    const each = this.hidden * (taps.taps.length / 2 + taps.positions * this.width);
    this.sampleBlock = Math.max(1, Math.min(SAMPLES, Math.floor(CHUNK / each)));
  }

  /** Bytes a run takes for a sample's pre-activations. */
  get sampleBytes(): number {
    return this.layer.taps.positions * this.hidden * 4;
  }

  /** The scoring task has blocks of {@link sampleBlock} samples. */
  async run(run: FusedRun, control: Control, progress?: (share: number) => void): Promise<void> {
    const { kernels, layer, at, hidden } = this;
    const { taps, rectifier, multiplier } = layer;
    await kernels.arena.within(async (allocate) => {
      const before = placeRows(kernels.arena, allocate, run.preactivations, layer.hidden, hidden);
      await kernels.run(
        {
          kernel: 'fused',
          args: [
            ...[run.scoring.address, run.deltas, run.elements, before, at.weights, at.map],
            ...[taps.positions, hidden, at.starts, at.taps, rectifier.slope, rectifier.most],
            ...[run.firstUnit, multiplier, this.sampleBlock],
          ],
          chunks: run.scoring.blocks * run.units,
          scratch: this.scratch(),
        },
        control,
        progress,
      );
    });
  }

  dispose(): void {
    for (const address of Object.values(this.at)) this.kernels.arena.release(address);
  }

  /** Bytes a thread needs: an account, scores and marks of a block of samples, three rows, and taps. */
  private scratch(): number {
    const { sampleBlock, width, hidden, layer } = this;
    const { starts } = layer.taps;
    let most = 0;
    for (let position = 1; position < starts.length; position++) {
      most = Math.max(most, starts[position]! - starts[position - 1]!);
    }
    const rows = sampleBlock * width + wholeVectors(sampleBlock) + 3 * hidden;
    return 16 + rows * 4 + most * layer.multiplier * 8;
  }
}
