import type { RunCorrelations } from '../protocol/correlations';
import type { AnalyzeEvent, StoredRun } from '../protocol/engine';
import type { Evaluation, RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import { emptyUnitTable, mergeUnitRows, type UnitTable } from '../protocol/units';
import {
  NOTHING_DELETED,
  type CurvesState,
  type DeletionSet,
  type Notice,
  type StudyState,
  type ToStudy,
  type UnitState,
} from '../protocol/webview';
import { DeletionHistory } from './deletionHistory';
import { DisposableStore } from './disposableStore';
import { Emitter } from './emitter';
import type { Choice } from './keptChoices';
import { Throttle } from './throttle';
import { rowOf, sameUnit, sliceRows, unitCount } from './unitRows';

/** At most ten posts a second, whatever the engine sends. */
const INTERVAL = 100;

type Change = Partial<Omit<StudyState, 'table'>>;

/** A unit that is pointed at in the view `by`. */
export interface Hover {
  readonly unit: UnitRef | null;
  readonly by: object;
}

/**
 * The truth about one run: what every view shows of it. Changes are gathered and posted at most ten times a
 * second. Knows nothing of VS Code.
 */
export class Study extends DisposableStore {
  private current: StudyState;
  private whole = false;
  private change: Change = {};
  /** Rows of the table that changed since the last post. */
  private dirty: { from: number; to: number } | null = null;
  private history = new DeletionHistory();
  /** What was chosen when it was last open, until the run's units are known. */
  private restored: Choice | null = null;

  private readonly throttle = this.own(new Throttle(INTERVAL, () => this.post()));
  private readonly posts = this.own(new Emitter<ToStudy>());
  private readonly deletions = this.own(new Emitter<void>());
  private readonly selections = this.own(new Emitter<void>());
  private readonly setChanges = this.own(new Emitter<void>());
  private readonly hovers = this.own(new Emitter<Hover>());

  /** What has to reach every view that already has a snapshot. */
  readonly onDidPost = this.posts.event;
  /** The set of deleted units, or what is known of its effect, may have changed: time to evaluate it. */
  readonly onDidChangeDeletion = this.deletions.event;
  /** Another unit is selected, or none. */
  readonly onDidChangeSelection = this.selections.event;
  /** The user made a named set, or took one away. */
  readonly onDidChangeSets = this.setChanges.event;
  /** Another unit is pointed at, or none. */
  readonly onDidHover = this.hovers.event;

  /**
   * @param directory the run directory
   * @param title what the study is about, for people
   */
  constructor(
    readonly directory: string,
    title: string,
  ) {
    super();
    this.current = {
      title,
      record: null,
      table: null,
      progress: null,
      notice: null,
      stale: null,
      selection: null,
      deletion: NOTHING_DELETED,
      sets: [],
      unit: null,
      correlations: null,
      curves: { runs: [], measuring: null, problem: null },
    };
  }

  get state(): StudyState {
    return this.current;
  }

  get running(): boolean {
    return this.current.progress !== null;
  }

  /** Takes over a run read from disk. */
  load(run: StoredRun): void {
    // A copy: the arrays may be views of the buffer the message came in.
    const table = emptyUnitTable(run.table.rows, run.table.classes);
    mergeUnitRows(table, 0, run.table);
    this.replace(run.record, table);
    this.set({ correlations: run.correlations ?? null });
  }

  /** How the measures relate; null where it is not known. */
  setCorrelations(correlations: RunCorrelations | null): void {
    this.set({ correlations });
  }

  /** An analysis begins, or waits for its turn, which `notice` then says. */
  begin(notice: Notice | null): void {
    const progress = { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null } as const;
    this.set({ progress, notice });
  }

  /** What was chosen in an earlier life is so again, as soon as the run's units are known. */
  restore(choice: Choice): void {
    this.restored = choice;
    this.applyRestored();
  }

  /** Something arrived from the engine. */
  apply(event: AnalyzeEvent): void {
    switch (event.event) {
      case 'progress':
        this.set({ progress: event.progress });
        break;
      case 'record':
        this.takeRecord(event.record);
        break;
      case 'units':
        this.takeRows(event.from, event.rows);
        break;
    }
  }

  /** The analysis is over. */
  end(record: RunRecord | null, notice: Notice | null): void {
    if (record !== null) this.takeRecord(record);
    this.set({ progress: null, notice });
    this.throttle.flush();
    if (this.current.deletion.evaluation === null) this.deletions.fire();
  }

  /** Its run has another name, or none any more. */
  rename(record: RunRecord, title: string): void {
    const { record: before } = this.current;
    this.set({ title });
    if (before === null) return;
    const { name: _, ...rest } = before;
    this.set({ record: record.name === undefined ? rest : { ...rest, name: record.name } });
  }

  setStale(stale: string | null): void {
    this.set({ stale });
  }

  select(unit: UnitRef | null): void {
    if (sameUnit(unit, this.current.selection)) return;
    this.set({ selection: unit, unit: unit && { unit, details: null, problem: null } });
    this.selections.fire();
  }

  /** Passes on that a unit is pointed at, to all views but the one that says so. */
  hover(unit: UnitRef | null, by: object): void {
    this.hovers.fire({ unit, by });
  }

  /** What the engine says of the selected unit. */
  setUnit(unit: UnitState): void {
    if (sameUnit(unit.unit, this.current.selection)) this.set({ unit });
  }

  /** The curves beside the study. */
  setCurves(curves: CurvesState): void {
    this.set({ curves });
  }

  /** Switches one unit off or on again. */
  setDeleted(unit: UnitRef, deleted: boolean): void {
    const { record, deletion } = this.current;
    if (record === null || rowOf(record, unit) === null) return;
    const others = deletion.deleted.filter((other) => !sameUnit(other, unit));
    this.setDeletion(deleted ? [...others, { site: unit.site, unit: unit.unit }] : others);
  }

  /** These units are deleted and no others; those the run does not have are left out. */
  setDeletion(units: readonly UnitRef[]): void {
    const { record, deletion } = this.current;
    if (record === null || (units.length === 0 && deletion.deleted.length === 0)) return;
    this.history.set(units.filter((unit) => rowOf(record, unit) !== null));
    this.deletionChanged();
  }

  /** The units that were deleted before the last change are so again. */
  undo(): void {
    if (this.history.undo()) this.deletionChanged();
  }

  /** Takes the last {@link undo} back. */
  redo(): void {
    if (this.history.redo()) this.deletionChanged();
  }

  /** The named sets of units, as they were kept. */
  setSets(sets: readonly DeletionSet[]): void {
    this.set({ sets });
  }

  /** Gives the deleted units a name; a set of that name makes room. */
  saveSet(name: string): void {
    const { sets, deletion } = this.current;
    const others = sets.filter((set) => set.name !== name);
    this.set({ sets: [...others, { name, units: deletion.deleted }] });
    this.setChanges.fire();
  }

  removeSet(name: string): void {
    this.set({ sets: this.current.sets.filter((set) => set.name !== name) });
    this.setChanges.fire();
  }

  /** What deleting the present set does: measured, or why not, or (both null) not yet known. */
  setEvaluation(evaluation: Evaluation | null, problem: string | null): void {
    this.set({ deletion: { ...this.current.deletion, evaluation, problem } });
  }

  private deletionChanged(): void {
    const { deleted, canUndo, canRedo } = this.history;
    this.set({ deletion: { deleted, evaluation: null, problem: null, canUndo, canRedo } });
    this.deletions.fire();
  }

  private takeRecord(record: RunRecord): void {
    const { table, deletion } = this.current;
    const rows = unitCount(record);
    if (table?.rows !== rows || table.classes !== record.classes.length) {
      this.replace(record, emptyUnitTable(rows, record.classes.length));
      return;
    }
    this.set({ record });
    // Counts that have become final may answer what the engine has not.
    if (deletion.deleted.length > 0 && deletion.evaluation === null) this.deletions.fire();
  }

  private takeRows(from: number, rows: UnitTable): void {
    const { table } = this.current;
    if (table === null) return;
    mergeUnitRows(table, from, rows);
    const to = from + rows.rows;
    const { dirty } = this;
    this.dirty = dirty ? { from: Math.min(dirty.from, from), to: Math.max(dirty.to, to) } : { from, to };
    this.throttle.trigger();
  }

  private replace(record: RunRecord, table: UnitTable): void {
    const { selection, deletion } = this.current;
    const same = deletion.deleted.every((unit) => rowOf(record, unit) !== null);
    if (!same) this.history = new DeletionHistory();
    this.current = {
      ...this.current,
      record,
      table,
      selection: selection !== null && rowOf(record, selection) !== null ? selection : null,
      deletion: same ? deletion : NOTHING_DELETED,
    };
    this.whole = true;
    this.throttle.trigger();
    this.applyRestored();
  }

  private applyRestored(): void {
    const { restored } = this;
    const { record } = this.current;
    if (restored === null || record === null) return;
    this.restored = null;
    this.history = new DeletionHistory(restored.deleted.filter((unit) => rowOf(record, unit) !== null));
    this.deletionChanged();
    const { selection } = restored;
    if (selection !== null && rowOf(record, selection) !== null) this.select(selection);
  }

  private set(change: Change): void {
    this.current = { ...this.current, ...change };
    this.change = { ...this.change, ...change };
    this.throttle.trigger();
  }

  private post(): void {
    const { whole, change, dirty } = this;
    const { table } = this.current;
    this.whole = false;
    this.change = {};
    this.dirty = null;
    if (whole) {
      this.posts.fire({ type: 'snapshot', state: this.current });
      return;
    }
    if (Object.keys(change).length > 0) this.posts.fire({ type: 'change', change });
    if (dirty !== null && table !== null) {
      this.posts.fire({ type: 'units', from: dirty.from, rows: sliceRows(table, dirty.from, dirty.to) });
    }
  }
}
