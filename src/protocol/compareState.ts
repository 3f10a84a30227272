import type { ComparedRobustness, Verdict } from './compare';
import type { ExperimentName } from './curves';
import type { Progress, RunRecord } from './run';
import type { UnitColumn } from './units';
import type { CurveRun, FromStudy } from './webview';

/** What a comparison measures of a model: every neuron by itself, random ones together, noise in all. */
export type ComparedKind = 'units' | Exclude<ExperimentName, 'pairs'>;

/** The runs of a model that a comparison rests on. */
export interface ComparedRun {
  readonly directory: string;
  readonly title: string;
  readonly record: RunRecord;
  /** One value a unit; NaN: not computed. */
  readonly columns: Readonly<Record<ComparedColumn, Float64Array>>;
  /** The newest curves of the very same study, over random orderings; null where there are none. */
  readonly curves: CurveRun | null;
  /** The newest noise of the very same study; null where there is none. */
  readonly noise: CurveRun | null;
}

/** The columns of the table of units that comparisons rest on. */
export const COMPARED_COLUMNS = [
  'accuracy_drop',
  'loss_increase',
  'selectivity',
  'mutual_information',
  'within_noise',
  'dead',
] as const satisfies readonly UnitColumn[];

export type ComparedColumn = (typeof COMPARED_COLUMNS)[number];

/** A model's line as a page gets it, which NaN does not reach: null is not known. */
export type ComparedLine = {
  readonly [K in keyof ComparedRobustness]: ComparedRobustness[K] extends number
    ? number | null
    : ComparedRobustness[K];
};

/** A model that takes part in a comparison. */
export interface ComparedPart {
  /** What it is called in the comparison; no other is called so. */
  readonly name: string;
  /** Null where it was not analysed yet. */
  readonly run: ComparedRun | null;
  /** What is not measured, or not to the end. */
  readonly missing: readonly ComparedKind[];
  /** Some of that was begun: measuring goes on with it. */
  readonly begun: boolean;
  /** What the verdict rests on; null before there are curves. */
  readonly line: ComparedLine | null;
  /** Of its training, where it is a checkpoint. */
  readonly step: number | null;
  /** On the training data, where that was measured, too. */
  readonly train_accuracy: number | null;
}

/** What is being measured for a comparison. */
export interface ComparedMeasuring {
  /** Of the model. */
  readonly name: string;
  readonly kind: ComparedKind;
  /** Runs that are done, and all that were missing when it began. */
  readonly done: number;
  readonly runs: number;
  readonly progress: Progress;
  /** What it waits for, in a sentence; null where it does not. */
  readonly waits: string | null;
}

/** Everything a comparison shows. */
export interface CompareState {
  /** Null while they are read, or where they cannot be. */
  readonly parts: readonly ComparedPart[] | null;
  /** Null until there are curves of all. */
  readonly verdict: Verdict | null;
  /** Of checkpoints with a verdict: the step from which on robustness falls, null where it does not. Absent for others. */
  readonly falls?: number | null;
  /** Null when nothing is being measured. */
  readonly measuring: ComparedMeasuring | null;
  /** Why they cannot be shown, or why measuring stopped, in a sentence. */
  readonly problem: string | null;
}

/** Host → comparison. */
export type ToCompare =
  | { readonly type: 'comparison'; readonly state: CompareState }
  /** How far measuring is. */
  | {
      readonly type: 'measuring';
      readonly measuring: ComparedMeasuring | null;
      readonly problem: string | null;
    };

/** Files that a comparison is exported as. */
export const COMPARISON_FORMATS = ['csv', 'json', 'html'] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

/** Comparison → host. */
export type FromCompare =
  | { readonly type: 'ready' }
  | { readonly type: 'openRun'; readonly directory: string }
  | { readonly type: 'measureMissing' }
  | { readonly type: 'cancelMeasuring' }
  | { readonly type: 'exportComparison'; readonly format: ComparisonFormat }
  | Extract<FromStudy, { readonly type: 'savePicture' }>;
