import type { Scale, StudySpec, UnitRef } from './study';

/** Orders that rank units by a measure. */
export const RANKED_ORDERS = [
  'importance',
  'selectivity',
  'l1',
  'first_order',
  'mutual_information',
] as const;
export type RankedOrder = (typeof RANKED_ORDERS)[number];

/**
 * Orders in which units are deleted one after another. `greedy`: the sweep is repeated on what is left of the
 * network at every point.
 */
export const ORDERS = ['random', ...RANKED_ORDERS, 'greedy'] as const;
export type Order = (typeof ORDERS)[number];

/** `ascending`: the unit with the least of the measure is deleted first. */
export const DIRECTIONS = ['ascending', 'descending'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Which data a curve is measured on: `test` is the study's own, `train` what is given beside it. */
export type CurveData = 'train' | 'test';

/** One line of `curves.csv`: the network with some units deleted together. */
export interface CurvePoint {
  readonly model: string;
  readonly data: CurveData;
  /** Names of the sites, joined by `+`. */
  readonly sites: string;
  readonly operator: string;
  readonly order: Order;
  /** Empty for a random order. */
  readonly direction: Direction | '';
  /** Number of the ordering, from 0. */
  readonly repeat: number;
  readonly units_ablated: number;
  /** units_ablated / units of the sites. */
  readonly fraction: number;
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
}

/** One kind of curve, over its repeats. Null: does not apply. */
export interface CurveSummary {
  readonly data: CurveData;
  readonly sites: string;
  readonly order: Order;
  readonly direction: Direction | '';
  readonly repeats: number;
  readonly baseline_accuracy: number;
  /** Largest class share: what naming one class always would reach. */
  readonly chance: number;
  /** Mean over the repeats of the area under the curve, x from 0 to 1. */
  readonly auc: number;
  /** Over the repeats, n − 1; null for one. */
  readonly auc_sd: number | null;
  /** AUC / baseline accuracy. */
  readonly auc_share: number;
  /** (AUC − chance) / (baseline − chance). */
  readonly auc_relative: number | null;
  /** Where the mean curve first reaches half way from the baseline to chance. */
  readonly half_fraction: number | null;
}

/** What curves to measure. */
export interface CurveOptions {
  readonly orders: readonly Order[];
  readonly directions: readonly Direction[];
  /** How many random orderings. */
  readonly orderings: number;
  readonly points: number;
  /** Each site alone, not all together. */
  readonly each: boolean;
  /** Data the network was trained on, to be measured beside the study's. */
  readonly train: { readonly data: string; readonly labels?: string } | null;
}

/** What `run.json` says of a run of curves. */
export interface CurvesPart {
  readonly options: CurveOptions;
  /** Samples that orders were ranked on: the first stratified half. 0 where none was ranked. */
  readonly ranked_on: number;
  /** Samples of `data` that all curves were measured on: all, or the second half. */
  readonly measured_on: number;
  /** Samples of the training data; null where there is none. None of them was used to rank. */
  readonly train_measured_on: number | null;
  readonly train: {
    readonly path: string;
    readonly sha256: string;
    readonly labels_path: string | null;
    readonly labels_sha256: string | null;
    readonly scale: Scale;
  } | null;
  /** Seed of each random ordering. */
  readonly ordering_seeds: readonly number[];
  /** Units in the order a greedy search found them, by sites and direction. */
  readonly greedy: readonly {
    readonly sites: string;
    readonly direction: Direction;
    readonly order: readonly UnitRef[];
  }[];
  readonly summary: readonly CurveSummary[];
}

/** One line of `noise.csv`: noise in all units at once. */
export interface NoisePoint {
  readonly model: string;
  readonly sites: string;
  /** In standard deviations of each unit. */
  readonly scale: number;
  readonly repeat: number;
  readonly accuracy: number;
  readonly loss: number;
}

/** What `run.json` says of a run of noise. */
export interface NoisePart {
  readonly options: NoiseOptions;
  readonly chance: number;
  /** Means over the repeats, and standard deviations with n − 1. */
  readonly summary: readonly {
    readonly scale: number;
    readonly accuracy: number;
    readonly accuracy_sd: number | null;
    readonly loss: number;
  }[];
}

/** Points of a noise curve, in standard deviations: 10^−1.5 … 10^1, 15 of them (science.md, "Noise experiment"). */
export const NOISE_SCALES: readonly number[] = Array.from(
  { length: 15 },
  (_, i) => 10 ** (-1.5 + (2.5 * i) / 14),
);

export interface NoiseOptions {
  readonly scales: readonly number[];
  readonly repeats: number;
}

export interface PairsOptions {
  /** How many units, those whose deletion raises the loss most; all pairs of them are measured. */
  readonly top: number;
}

/** One line of `pairs.csv`: two units deleted apart and together; increases of the mean loss, nats. */
export interface PairRow {
  readonly site_a: string;
  readonly unit_a: number;
  readonly site_b: string;
  readonly unit_b: number;
  readonly loss_increase_a: number;
  readonly loss_increase_b: number;
  readonly loss_increase_both: number;
  /** both − a − b. > 0: they back each other up; < 0: they overlap. */
  readonly synergy: number;
}

/** What `run.json` says of a run of pairs. */
export interface PairsPart {
  readonly options: PairsOptions;
  /** The units, by falling loss increase when deleted alone. */
  readonly units: readonly (UnitRef & { readonly loss_increase: number; readonly accuracy_drop: number })[];
  /** Accuracy lost without both units, as a fraction; in the order of `pairs.csv`. */
  readonly accuracy_drops: readonly number[];
}

/** The experiments that leave a run of their own: what they take, what `run.json` says of them, and their rows. */
export interface Experiments {
  curves: { readonly options: CurveOptions; readonly part: CurvesPart; readonly row: CurvePoint };
  noise: { readonly options: NoiseOptions; readonly part: NoisePart; readonly row: NoisePoint };
  pairs: { readonly options: PairsOptions; readonly part: PairsPart; readonly row: PairRow };
}

export type ExperimentName = keyof Experiments;

/** Where an experiment begins or goes on. */
export interface ExperimentParams<E extends ExperimentName> {
  readonly spec: StudySpec;
  /** The run directory; created when the baseline is known, continued when it holds this very experiment. */
  readonly directory: string;
  /** Go on although the baseline is near chance. */
  readonly accept_chance: boolean;
  readonly options: Experiments[E]['options'];
}
