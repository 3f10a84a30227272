import type { Control } from '../control';
import type { KernelPool } from '../kernels/kernelPool';
import { sliceSize } from '../network/memory';
import type { Network } from '../network/network';
import type { Site } from '../network/sites';
import type { Samples } from '../samples';
import type { BaselineValues } from './baselineValues';
import { constantTensor, drawsOf, type Clamp } from './clamp';
import { PieceCounts, type PieceTask } from './counting';
import { decideNearTies, type NearTie } from './nearTies';
import type { PassZero } from './passZero';
import type { PieceResult } from './piece';
import type { PlainForward } from './plainForward';
import { cutRounds, type Rounds } from './rounds';
import { chooseWay } from './ways/choose';
import type { SiteContext, Way, WayName, WayTask } from './ways/way';

/** Units of a site that one piece may hold: a piece is what a cancel loses. */
export const PIECE_UNITS = 512;

/** The most samples in a slice. */
const SLICE_SAMPLES = 4096;

/** How samples are cut into rounds and slices for a sweep of this network. */
export function sweepRounds(network: Network, samples: Int32Array): Rounds {
  return cutRounds(samples, sliceSize(network, PIECE_UNITS, SLICE_SAMPLES));
}

/** Samples that what the ways fit to data is fitted to. */
const REPRESENTATIVE = 2048;

/** What a sweep works on. */
export interface SweepStudy {
  readonly network: Network;
  readonly sites: readonly Site[];
  readonly samples: Samples;
  /** The study's samples, in class-stratified order. */
  readonly indices: Int32Array;
  readonly before: PassZero;
  readonly forward: PlainForward;
  readonly values: BaselineValues;
  /** What each site's units are clamped to. */
  readonly clamps: readonly Clamp[];
  /** By site, `[units]`: 1 where the clamp is known to change nothing. */
  readonly unaffected: readonly Uint8Array[];
  readonly kernels: KernelPool | null;
  /** Bytes that a way of computing may take for its own values. */
  readonly workspace: number;
  /** Computes every site this way, as far as it applies; null: the quickest. */
  readonly way: WayName | null;
}

/**
 * Ablates units one at a time, each site in the quickest way that fits what follows it. Units that cannot change
 * anything are not run at all.
 */
export class Sweep {
  private readonly ways = new Map<number, Way>();
  private readonly names = new Map<number, WayName>();
  /** Pieces that are measured but for their near-ties. */
  private open: { readonly counts: PieceCounts; readonly ties: readonly NearTie[] }[] = [];

  constructor(private readonly study: SweepStudy) {}

  /**
   * Measures one piece.
   * @param progress called with the share done, 0 … 1
   * @throws Cancelled
   */
  async run(task: PieceTask, control: Control, progress: (share: number) => void): Promise<PieceResult> {
    await this.measure(task, control, progress);
    const [piece] = await this.settle(control);
    return piece!;
  }

  /**
   * Decides the near-ties of all pieces measured since the last time.
   * @returns these pieces, in the order they were measured
   * @throws Cancelled; the pieces are lost then
   */
  async settle(control: Control): Promise<PieceResult[]> {
    const { forward, sites, clamps } = this.study;
    const pieces = this.open.splice(0);
    const ties = pieces.flatMap((piece) => piece.ties);
    await decideNearTies(ties, forward, sites, clamps, control);
    return pieces.map(({ counts }) => counts.finish());
  }

  /** The pieces measured since the last time that have no near-ties: what a cancel can keep at once. */
  withoutTies(): PieceResult[] {
    return this.open.splice(0).flatMap(({ counts, ties }) => (ties.length === 0 ? [counts.finish()] : []));
  }

  /**
   * Measures one piece but for its near-ties, which {@link settle} decides for several pieces at once.
   * @param progress called with the share done, 0 … 1
   * @throws Cancelled
   */
  async measure(task: PieceTask, control: Control, progress: (share: number) => void): Promise<void> {
    const { study } = this;
    const { samples } = task.slice;
    const draws = drawsOf(study.clamps[task.site]!);
    const ties: NearTie[] = [];
    const counts = new PieceCounts(
      task,
      study.network.head.classes,
      samples.map((index) => study.samples.labels[index]!),
      samples.map((index) => study.before.predicted[index]!),
      draws,
    );
    const end = task.first_unit + task.units;
    const unaffected = study.unaffected[task.site]!.subarray(task.first_unit, end);
    const first = unaffected.indexOf(0);
    const last = unaffected.lastIndexOf(0);
    const unchangedLoss = samples.reduce((sum, index) => sum + study.before.loss[index]!, 0);
    for (let draw = 0; draw < draws; draw++) {
      if (first >= 0) {
        const way = await this.wayFor(task.site);
        const part: WayTask = {
          first_unit: task.first_unit + first,
          units: last - first + 1,
          samples,
          draw,
        };
        const outcome = await way.measure(part, control, (share) => {
          progress((draw + share) / draws);
        });
        for (const pair of Array.from(outcome.near_ties)) {
          const row = first + Math.floor(pair / samples.length);
          const n = pair % samples.length;
          // Unchanged until it is decided.
          outcome.predicted[pair] = study.before.predicted[samples[n]!]!;
          ties.push({
            site: task.site,
            unit: task.first_unit + row,
            sample: samples[n]!,
            draw,
            decide: (predicted) => {
              counts.decide(row, n, predicted);
            },
          });
        }
        counts.add(first, outcome);
      }
      for (let row = 0; row < task.units; row++) {
        if (first < 0 || row < first || row > last) counts.result.loss_sum[row]! += unchangedLoss;
      }
    }
    progress(1);
    this.open.push({ counts, ties });
  }

  /** Times some units of a site on some samples, without counting anything: seconds. */
  async probe(
    site: number,
    first_unit: number,
    units: number,
    samples: Int32Array,
    control: Control,
  ): Promise<number> {
    const way = await this.wayFor(site);
    const began = performance.now();
    await way.measure({ first_unit, units, samples, draw: 0 }, control, () => undefined);
    return (performance.now() - began) / 1000;
  }

  /** Which way each site that was run is computed; null where none of its units was run. */
  wayOf(site: number): WayName | null {
    return this.names.get(site) ?? null;
  }

  /** Frees what the ways keep. */
  dispose(): void {
    for (const way of this.ways.values()) way.dispose();
    this.ways.clear();
  }

  private async wayFor(index: number): Promise<Way> {
    const known = this.ways.get(index);
    if (known !== undefined) return known;
    this.releaseLarge();
    const way = await chooseWay(contextOf(this.study, index, this.study.clamps[index]!), this.study.way);
    this.ways.set(index, way);
    this.names.set(index, way.name);
    return way;
  }

  /** What the delta way keeps of a site, transformed kernels, is too much to be kept of all. */
  private releaseLarge(): void {
    for (const [site, way] of this.ways) {
      if (way.name !== 'delta') continue;
      way.dispose();
      this.ways.delete(site);
    }
  }
}

/**
 * What a way may ask for about one site.
 * @param index of the site among the study's
 */
export function contextOf(
  study: Omit<SweepStudy, 'clamps' | 'unaffected'>,
  index: number,
  clamp: Clamp,
): SiteContext {
  const { network, samples, indices, before, values, kernels, workspace } = study;
  const site = study.sites[index]!;
  return {
    network,
    site,
    labels: samples.labels,
    before,
    representative: indices.subarray(0, REPRESENTATIVE),
    tensors: (ids, part) => values.tensors(ids, part),
    rows: (id, part) => values.rows(id, part),
    replacement: async (part, draw) => {
      if (clamp.kind === 'constant') return constantTensor(clamp);
      const [value] = await values.fresh([site.id], clamp.donors(part, draw));
      return value!;
    },
    kernels,
    workspace,
  };
}
