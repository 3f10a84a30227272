import type { BackendInfo } from '../src/protocol/run';
import type { NetSpec } from './nets';

/** What a network is trained on, and how. */
export interface Recipe {
  readonly net: NetSpec;
  readonly images: 'plain' | 'colour';
  /** Images to train on; 0: the initial weights are kept. */
  readonly trained: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
}

/** A trained network and the images to measure it on, on disk. */
export interface Material {
  /** Path of its `model.json`. */
  readonly model: string;
  /** Path of an npz with `x` (uint8) and `y`. */
  readonly data: string;
  /** Where the images come from. */
  readonly source: string;
}

export interface MaterialTask {
  readonly recipe: Recipe;
  /** Images to measure on. */
  readonly samples: number;
  /** Interpreter with PyTorch, which trains all but perceptrons; null where there is none. */
  readonly python: string | null;
}

/** One unit: its site's name and its index there. */
export type UnitName = readonly [site: string, unit: number];

export interface OursTask {
  readonly model: string;
  readonly data: string;
  readonly backend: 'tfjs-node' | 'wasm';
  /** Sites to sweep; null: all. */
  readonly sites: readonly string[] | null;
  /** How many samples to take; null: all. */
  readonly samples: number | null;
  /** The analysis is repeated until so many seconds have passed, at least once and at most five times. */
  readonly seconds: number;
}

/** Seconds are those of the median run. */
export interface OursResult {
  /** From the opened study to the finished tables. */
  readonly seconds: number;
  /** The same with reading model and data. */
  readonly seconds_with_reading: number;
  /** From the request to the first units event after which every row has a value. */
  readonly first_map_s: number;
  /** The sweep alone, and what the engine expected it to take before it began. */
  readonly sweep_s: number;
  readonly estimate_s: number | null;
  /** Seconds of all runs, in order. */
  readonly runs: readonly number[];
  readonly peak_rss_mb: number;
  readonly backend: BackendInfo;
  readonly sites: readonly SiteArithmetic[];
  /** Operations (a multiply-add is two) of one plain forward pass, a sample. */
  readonly forward_flop: number;
  readonly samples: number;
  readonly accuracy: number;
  /** Samples right without each unit, in the order of the sites' units. */
  readonly correct: readonly number[];
  readonly near_ties: number;
  /** Bytes that the outputs of all operations take on all samples. */
  readonly activation_bytes: number;
}

/** A swept site, the way it was computed, and the operations which that needs. */
export interface SiteArithmetic {
  readonly name: string;
  readonly units: number;
  readonly way: string;
  readonly flop: number;
}

export interface PeerTask {
  readonly model: string;
  readonly data: string;
  /** All units of the case, in a random order: as many as fit into `seconds` are measured, from the front. */
  readonly order: readonly UnitName[];
  readonly seconds: number;
  readonly threads: number;
}

export interface PeerResult {
  readonly seconds_per_unit: number;
  /** Samples right without each of the units measured, in the task's order. */
  readonly correct: readonly number[];
  /** Seconds of one plain forward pass over all samples. */
  readonly forward_s: number;
  /** What was found best, for people: `batch 512, channels last`. */
  readonly settings: string;
}

/** What the machine can do, GFLOP/s. */
export interface Peaks {
  /** Threads that native code uses; the peers are given as many. */
  readonly threads: number;
  /** Product of two matrices, 2048 × 2048, in tfjs-node. */
  readonly matmul: number;
  /** 3×3 convolution, 512 channels to 512, in tfjs-node. */
  readonly convolution: number;
  /** Product of two matrices on tfjs's WebAssembly backend, one thread. */
  readonly wasm_matmul: number;
  /** WebAssembly with 128-bit vectors on all threads, in registers alone: a bound for our kernels. */
  readonly wasm_kernel: number;
}
