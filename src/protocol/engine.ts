import type { RunCorrelations } from './correlations';
import type { ExperimentName, ExperimentParams, Experiments } from './curves';
import type { UnitDetails } from './details';
import type { FailureData } from './failure';
import type { PruneParams, PruneResult } from './prune';
import type { BackendInfo, Evaluation, Progress, RunRecord } from './run';
import type {
  DataCandidate,
  InputInfo,
  ModelDescription,
  ModelInfo,
  Operator,
  StudySpec,
  UnitRef,
} from './study';
import type { TrainingEstimate, TrainingOptions, TrainingParams, TrainingResult } from './training';
import type { UnitTable } from './units';

/** Where a study goes on or begins. */
export interface AnalyzeParams {
  readonly spec: StudySpec;
  /** The run directory; created when the baseline is known, continued when it holds this very study. */
  readonly directory: string;
  /** Go on although the baseline is near chance. */
  readonly accept_chance: boolean;
}

/** How an analysis ended. `near_chance`: nothing was written; ask, then call again with `accept_chance`. */
export type AnalyzeResult =
  | { readonly kind: 'complete'; readonly record: RunRecord }
  | { readonly kind: 'cancelled'; readonly record: RunRecord | null }
  | { readonly kind: 'near_chance'; readonly question: string };

/** The rows of an experiment's run. */
export type StoredExperiment = {
  readonly [E in ExperimentName]: { readonly name: E; readonly rows: readonly Experiments[E]['row'][] };
}[ExperimentName];

/** A run read back from disk. */
export interface StoredRun {
  readonly record: RunRecord;
  readonly table: UnitTable;
  /** Of a run of curves, noise or pairs, whose table has no values. */
  readonly experiment?: StoredExperiment;
  /** How the measures relate; written when an analysis is complete. */
  readonly correlations?: RunCorrelations;
}

/** What `doctor` and the status line say of the machine. */
export interface EngineInfo {
  readonly backend: BackendInfo;
  readonly node: string;
  readonly tfjs: string;
  readonly pid: number;
}

/** How a deletion set is evaluated. */
export interface EvaluateOptions {
  /** How many of the study's samples to take, class-stratified; all when absent. */
  readonly samples?: number;
  /** The study's own when absent. */
  readonly operator?: Operator;
  /** With what each sample gives. */
  readonly outputs?: boolean;
  /** With that many samples to look at, those that flipped first; none when absent. */
  readonly examples?: number;
}

/** A run whose network is evaluated with some units deleted together. */
export interface EvaluateParams extends EvaluateOptions {
  readonly record: RunRecord;
  readonly deleted: readonly UnitRef[];
}

/** A model, and how its study reads it. */
export interface DescribeParams {
  readonly path: string;
  readonly output?: StudySpec['output'];
  readonly topology?: StudySpec['topology'];
}

/** As what a run is exported: its table, everything, or a report for people. */
export type ExportFormat = 'csv' | 'json' | 'html';

/** The units of one site of a run in figures; null where they are not known. */
export interface SiteFigures {
  readonly site: string;
  readonly dead: number | null;
  /** The unit whose deletion costs most accuracy (a fraction), on the samples that chose it. */
  readonly worst: { readonly unit: number; readonly accuracy_drop: number } | null;
}

/** Requests to the engine: parameters and result. Every one is answered, with a value or a failure. */
export interface EngineRequests {
  hello: { readonly params: null; readonly result: EngineInfo };
  inspectModel: { readonly params: { readonly path: string }; readonly result: ModelInfo };
  /** What a model is, also one that cannot be analysed: then with the reason. */
  describeModel: { readonly params: DescribeParams; readonly result: ModelDescription };
  /** All ways to read labelled data out of a file or folder. */
  inspectData: {
    /** `inputs`: those of the model that the data is for; pictures are brought to the size of the first. */
    readonly params: { readonly path: string; readonly inputs?: readonly InputInfo[] };
    readonly result: readonly DataCandidate[];
  };
  analyze: { readonly params: AnalyzeParams; readonly result: AnalyzeResult };
  evaluate: { readonly params: EvaluateParams; readonly result: Evaluation };
  /** All of one unit of a run. */
  describeUnit: {
    readonly params: { readonly record: RunRecord; readonly unit: UnitRef };
    readonly result: UnitDetails;
  };
  curves: { readonly params: ExperimentParams<'curves'>; readonly result: AnalyzeResult };
  noise: { readonly params: ExperimentParams<'noise'>; readonly result: AnalyzeResult };
  pairs: { readonly params: ExperimentParams<'pairs'>; readonly result: AnalyzeResult };
  /** Saves a model without some of its units. */
  prune: { readonly params: PruneParams; readonly result: PruneResult };
  /** What training and measuring the networks of an experiment will take. */
  estimateTraining: { readonly params: TrainingOptions; readonly result: TrainingEstimate };
  /** Trains networks and measures them. */
  train: { readonly params: TrainingParams; readonly result: TrainingResult };
  readRun: { readonly params: { readonly directory: string }; readonly result: StoredRun };
  /** Writes a run into one file for other programs, or as a report. */
  exportRun: {
    readonly params: { readonly directory: string; readonly format: ExportFormat; readonly file: string };
    readonly result: null;
  };
  /** What the units of a run come to, site by site. */
  siteFigures: { readonly params: { readonly directory: string }; readonly result: readonly SiteFigures[] };
}

export type EngineMethod = keyof EngineRequests;

/** What an analysis tells on its way; `id` is that of the `analyze` request. */
export type AnalyzeEvent =
  | { readonly event: 'progress'; readonly progress: Progress }
  /** The run exists: its record, with baseline; and whenever the record changed (each round). */
  | { readonly event: 'record'; readonly record: RunRecord }
  /** Rows from `from` on have new values. */
  | { readonly event: 'units'; readonly from: number; readonly rows: UnitTable };

/** Host → engine. */
export type ToEngine =
  | { readonly kind: 'request'; readonly id: number; readonly method: EngineMethod; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

/** Engine → host. */
export type FromEngine =
  | { readonly kind: 'ok'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly failure: FailureData }
  | { readonly kind: 'event'; readonly id: number; readonly body: AnalyzeEvent }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };
