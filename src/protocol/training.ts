import type { BackendInfo } from './run';

/** What networks are trained for, to be measured then (science.md, "What the paper and the post found"). */
export const TRAINING_EXPERIMENTS = [
  'memorization',
  'dropout',
  'batchnorm',
  'early-stopping',
  'selectivity',
  'operators',
] as const;
export type TrainingExperiment = (typeof TRAINING_EXPERIMENTS)[number];

/** Networks a setting, where nothing else is said; of a quick experiment two are enough. */
export function defaultSeeds(experiment: TrainingExperiment, quick: boolean): number {
  if (quick) return 2;
  return experiment === 'batchnorm' ? 4 : 3;
}

/** Labelled data, as a study names it. Paths are absolute and may name an array: `train.npz#x`. */
export interface TrainingSource {
  readonly data: string;
  readonly labels?: string;
  readonly label_column?: string;
}

/** What decides an experiment's results. */
export interface TrainingOptions {
  readonly experiment: TrainingExperiment;
  readonly train: TrainingSource;
  /** Labelled data no network is trained on; null where there is none: then a fifth is held back from `train`. */
  readonly test: TrainingSource | null;
  /** Hidden layers; null for the experiment's own. */
  readonly hidden: readonly number[] | null;
  /** Networks a setting, each from its own seed. */
  readonly seeds: number;
  readonly seed: number;
  /** Few samples, small networks, fewest settings: to see that it works, not to learn from. */
  readonly quick: boolean;
  /** The paper's convolutional network, whose feature maps `hidden` gives; perceptrons where absent. */
  readonly net?: 'convnet';
}

/** Starts an experiment in a directory of its own, or goes on with it. */
export interface TrainingParams {
  readonly options: TrainingOptions;
  readonly directory: string;
}

/** What it will take, worked out before it begins. */
export interface TrainingEstimate {
  readonly networks: number;
  /** On this machine. */
  readonly seconds: number;
}

/** A network that was trained and measured: a line of `networks.csv`. Null: not measured, or does not apply. */
export interface TrainedNetwork {
  readonly network: string;
  /** Its file in the experiment's directory, `networks/…/model.json`; several lines may be of one model. */
  readonly model: string;
  /** The labels it learned, in the same directory. */
  readonly labels: string;
  readonly seed: number;
  /** The corrupted share of the labels, the dropout rate, the epoch, the operator, …: what tells settings apart. */
  readonly setting: string;
  readonly train_accuracy: number;
  readonly test_accuracy: number | null;
  /** Cross-entropy, nats. */
  readonly train_loss: number | null;
  readonly test_loss: number | null;
  readonly epochs: number;
  readonly auc: number | null;
  readonly auc_sd: number | null;
  readonly auc_relative: number | null;
  readonly included: boolean;
  /** Why it is left out; null where it is not. */
  readonly left_out: string | null;
  /** What else was measured of it, by name: `selectivity`, `mutual_information` (means over its units), … */
  readonly measures: Readonly<Record<string, number>>;
}

/** A claim of the paper, held against what was measured. */
export interface TrainingFinding {
  /** What the paper says. */
  readonly claim: string;
  /** What it leads one to expect here, with figures where there are some. */
  readonly expected: string;
  /** What came out, in figures. */
  readonly measured: string;
  /** Null: cannot be told from this. */
  readonly holds: boolean | null;
}

/** `experiment.json`. */
export interface TrainingRecord {
  readonly version: 1;
  readonly status: 'running' | 'complete' | 'cancelled' | 'failed';
  readonly error: string | null;
  readonly started: string;
  readonly finished: string | null;
  readonly seconds: number;
  readonly options: TrainingOptions;
  /** Samples trained on and tested on, classes, and hashes of the files. */
  readonly data: {
    readonly train_samples: number;
    readonly test_samples: number;
    readonly classes: number;
    readonly sha256: string;
  };
  readonly backend: BackendInfo;
  readonly versions: Readonly<Record<string, string>>;
  readonly estimate: TrainingEstimate;
  readonly networks: readonly TrainedNetwork[];
  readonly findings: readonly TrainingFinding[];
}

/** How an experiment ended. `cancelled`: what is finished stays, and it goes on from there. */
export interface TrainingResult {
  readonly kind: 'complete' | 'cancelled';
  readonly record: TrainingRecord;
}
