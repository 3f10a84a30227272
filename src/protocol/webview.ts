import type { Evaluation, Progress, RunRecord } from './run';
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
}

/** Units switched off by the user, and what that does. */
export interface DeletionState {
  readonly deleted: readonly UnitRef[];
  /** The network without them; null while it is computed or when none is deleted. */
  readonly evaluation: Evaluation | null;
  /** Why there is no evaluation, in a sentence. */
  readonly problem: string | null;
}

/** Host → study panel. */
export type ToStudy =
  | { readonly type: 'snapshot'; readonly state: StudyState }
  /** Any of the fields of the state but the table. */
  | { readonly type: 'change'; readonly change: Partial<Omit<StudyState, 'table'>> }
  | { readonly type: 'units'; readonly from: number; readonly rows: UnitTable };

/** Study panel → host. */
export type FromStudy =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly unit: UnitRef | null }
  | { readonly type: 'delete'; readonly unit: UnitRef; readonly deleted: boolean }
  | { readonly type: 'restoreAll' }
  | { readonly type: 'cancel' }
  | { readonly type: 'resume' }
  | { readonly type: 'exportReport' }
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
}

/** Host → inspector. Null: nothing is selected. */
export interface ToInspector {
  readonly type: 'state';
  readonly state: InspectorState | null;
}

/** Inspector → host. */
export type FromInspector =
  { readonly type: 'ready' } | { readonly type: 'delete'; readonly unit: UnitRef; readonly deleted: boolean };

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
