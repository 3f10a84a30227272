import type { Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../../control';
import type { KernelPool } from '../../kernels/kernelPool';
import type { Network } from '../../network/network';
import type { Site } from '../../network/sites';

/**
 * The ways of computing single-unit ablations, the quickest first; all give the same counts.
 * `closed-form`: only linear operations follow · `jacobian`: one dense layer with a ReLU, then linear ones ·
 * `fused`: one dense or convolution layer with a rectifier, then linear ones · `delta`: anything else, the first
 * layer after the site by the change alone · `stacked`: the rest of the network on many units at once.
 */
export const WAYS = ['closed-form', 'jacobian', 'fused', 'delta', 'stacked'] as const;
export type WayName = (typeof WAYS)[number];

/** Some units of a site, each clamped by itself on some samples. */
export interface WayTask {
  readonly first_unit: number;
  readonly units: number;
  /** Indices of the samples. */
  readonly samples: Int32Array;
  /** Which draw of the operator (0 but for `resample`). */
  readonly draw: number;
}

/** What a way found. Pairs are numbered unit · samples + sample, both as in the task. */
export interface WayOutcome {
  /** `[units, samples]`: predicted class. May be a view that the next call overwrites. */
  readonly predicted: Uint16Array;
  /** `[units]`: sum over the samples of the cross-entropy, nats. */
  readonly loss_sum: Float64Array;
  /** Pairs whose prediction rounding could change (scoring.ts): decided afterwards by the plain forward pass. */
  readonly near_ties: ArrayLike<number>;
}

/** One site of a study, with what a way may ask for. All of it is of the unablated network. */
export interface SiteContext {
  readonly network: Network;
  readonly site: Site;
  /** By sample index. */
  readonly labels: Int32Array;
  /** Predictions and losses (nats) from pass 0, by sample index: what a pair that does not change keeps. */
  readonly before: { readonly predicted: Int32Array; readonly loss: Float64Array };
  /** Samples that stand for all, always the same ones: what is fitted to data is fitted to these. */
  readonly representative: Int32Array;
  /** Values of operations on some samples. They belong to the context and live until the next call. */
  tensors(ids: readonly string[], samples: Int32Array): Promise<readonly Tensor[]>;
  /** The same as numbers, `[samples, elements]`, not to be changed. */
  rows(id: string, samples: Int32Array): Promise<Float32Array>;
  /**
   * What the site's units are clamped to: `[1 or samples, …site.shape]`, an axis of 1 where all along it is alike.
   * The caller disposes it.
   */
  replacement(samples: Int32Array, draw: number): Promise<Tensor>;
  /** Null where WebAssembly threads are not to be had. */
  readonly kernels: KernelPool | null;
  /** Bytes that a way may take for its own values at a time. */
  readonly workspace: number;
}

/** One way of computing, for one site. */
export interface Way {
  readonly name: WayName;
  /**
   * @param progress called with the share done, 0 … 1
   * @throws Cancelled within a fraction of a second of a cancel
   */
  measure(task: WayTask, control: Control, progress: (share: number) => void): Promise<WayOutcome>;
  /** Frees what it keeps. */
  dispose(): void;
}
