import type { RunCorrelations } from './correlations';
import type { UnitDetails } from './details';
import type { StoredExperiment } from './engine';
import type { Evaluation, Progress, RunRecord } from './run';
import type { Spread } from './standing';
import type { ModelDescription, UnitRef } from './study';
import type { UnitColumn, UnitTable } from './units';

/** What happened to a study, as the panel's banner shows it. */
export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** Everything the study panel shows; owned by the extension host. */
export interface StudyState {
  /** What the panel is about, also before the run exists. */
  readonly title: string;
  /** Null until the baseline is known. */
  readonly record: RunRecord | null;
  readonly table: UnitTable | null;
  /** Null when nothing is running. */
  readonly progress: Progress | null;
  readonly notice: Notice | null;
  /** The model or data file changed since; null if not. */
  readonly stale: string | null;
  readonly selection: UnitRef | null;
  readonly deletion: DeletionState;
  /** Sets of units that the user gave a name, in the order they were made. */
  readonly sets: readonly DeletionSet[];
  /** More of the selected unit; null where none is selected. */
  readonly unit: UnitState | null;
  /** How the measures relate; null where it is not known yet. */
  readonly correlations: RunCorrelations | null;
  readonly curves: CurvesState;
}

/** Units that are deleted together, under a name. */
export interface DeletionSet {
  readonly name: string;
  readonly units: readonly UnitRef[];
}

/** What the engine says of the selected unit: known, why not, or (both null) not yet. */
export interface UnitState {
  readonly unit: UnitRef;
  readonly details: UnitDetails | null;
  readonly problem: string | null;
}

/** A run of curves or of noise that is shown. */
export interface CurveRun {
  readonly directory: string;
  readonly title: string;
  readonly record: RunRecord;
  readonly experiment: StoredExperiment;
  /** It is of the panel's own model and data. */
  readonly own: boolean;
}

/** The curves beside a study. */
export interface CurvesState {
  /** Oldest first. */
  readonly runs: readonly CurveRun[];
  /** Null when nothing is being measured. */
  readonly measuring: { readonly experiment: 'curves' | 'noise'; readonly progress: Progress } | null;
  /** Why there are none, or not all, in a sentence. */
  readonly problem: string | null;
}

/** Units switched off by the user, and what that does. */
export interface DeletionState {
  readonly deleted: readonly UnitRef[];
  /** The network without them; with none deleted, the network as it is. Null while it is computed or not known. */
  readonly evaluation: Evaluation | null;
  /** Why there is no evaluation, or not all of it, in a sentence. */
  readonly problem: string | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A new study's. */
export const NOTHING_DELETED: DeletionState = {
  deleted: [],
  evaluation: null,
  problem: null,
  canUndo: false,
  canRedo: false,
};

/** Host → study panel. */
export type ToStudy =
  | { readonly type: 'snapshot'; readonly state: StudyState }
  /** Any of the fields of the state but the table. */
  | { readonly type: 'change'; readonly change: Partial<Omit<StudyState, 'table'>> }
  | { readonly type: 'units'; readonly from: number; readonly rows: UnitTable }
  /** The unit that is pointed at in another view. */
  | { readonly type: 'hover'; readonly unit: UnitRef | null };

/** Study panel → host. */
export type FromStudy =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly unit: UnitRef | null }
  | { readonly type: 'delete'; readonly unit: UnitRef; readonly deleted: boolean }
  /** These and no others. */
  | { readonly type: 'setDeletion'; readonly units: readonly UnitRef[] }
  | { readonly type: 'restoreAll' }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  /** Gives the deleted units a name, or a set of that name new units. */
  | { readonly type: 'saveSet'; readonly name: string }
  | { readonly type: 'removeSet'; readonly name: string }
  /** Saves the model without the deleted units. */
  | { readonly type: 'saveWithout' }
  | { readonly type: 'hover'; readonly unit: UnitRef | null }
  | { readonly type: 'measure'; readonly experiment: 'curves' | 'noise' }
  | { readonly type: 'cancelMeasuring' }
  /** Asks for another run to lay beside these, or takes one away. */
  | { readonly type: 'addCurves' }
  | { readonly type: 'removeCurves'; readonly directory: string }
  | { readonly type: 'exportRun'; readonly format: 'csv' | 'json' | 'html' }
  | {
      readonly type: 'savePicture';
      /** Proposed as the name of the file, without its ending. */
      readonly name: string;
      readonly format: 'png' | 'svg';
      readonly content: Uint8Array;
    }
  | { readonly type: 'cancel' }
  | { readonly type: 'resume' }
  | { readonly type: 'setUpNative' }
  | { readonly type: 'showLog' };

/** Everything the unit inspector shows: one unit. */
export interface InspectorState {
  readonly unit: UnitRef;
  /** The run's title. */
  readonly title: string;
  readonly values: Readonly<Record<UnitColumn, number>>;
  /** One value a class, as in {@link UnitTable}`.class_drop`. */
  readonly class_drop: readonly number[];
  readonly classes: readonly string[];
  readonly baseline: { readonly accuracy: number; readonly samples: number };
  /** More rounds are to come: intervals are provisional. */
  readonly provisional: boolean;
  readonly deleted: boolean;
  readonly deletion: DeletionState;
  /** Of each measure, the share of the site's units that have less of it, 0 … 1; NaN where it is not known. */
  readonly ranks: Readonly<Record<UnitColumn, number>>;
  /** Units of its site. */
  readonly siteUnits: number;
  /** How some measures are spread over its site, in the order of `SPREAD_COLUMNS`; null where one is not known. */
  readonly spreads: readonly (Spread | null)[];
  readonly details: UnitDetails | null;
  /** Why there are no details, in a sentence. */
  readonly problem: string | null;
}

/** Host → inspector. State null: nothing is selected. */
export type ToInspector =
  | { readonly type: 'state'; readonly state: InspectorState | null }
  | { readonly type: 'hover'; readonly unit: UnitRef | null };

/** Inspector → host. */
export type FromInspector =
  | { readonly type: 'ready' }
  | { readonly type: 'delete'; readonly unit: UnitRef; readonly deleted: boolean }
  | { readonly type: 'select'; readonly unit: UnitRef | null }
  | { readonly type: 'hover'; readonly unit: UnitRef | null };

/** Everything the page of a model shows. */
export interface ModelPageState {
  /** What people call it. */
  readonly name: string;
  /** Where it is, as people see it. */
  readonly place: string;
  /** Null while it is read. */
  readonly model: ModelDescription | null;
}

/** Host → page of a model. */
export interface ToModelPage {
  readonly type: 'model';
  readonly state: ModelPageState;
}

/** Page of a model → host. */
export type FromModelPage =
  { readonly type: 'ready' } | { readonly type: 'analyze' } | { readonly type: 'readAgain' };
