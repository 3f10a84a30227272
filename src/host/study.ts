import type { AnalyzeEvent, StoredRun } from '../protocol/engine';
import type { Evaluation, RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import { emptyUnitTable, mergeUnitRows, type UnitTable } from '../protocol/units';
import type { Notice, StudyState, ToStudy } from '../protocol/webview';
import { DisposableStore } from './disposableStore';
import { Emitter } from './emitter';
import { Throttle } from './throttle';
import { rowOf, sameUnit, sliceRows, unitCount } from './unitRows';

/** At most ten posts a second, whatever the engine sends. */
const INTERVAL = 100;

type Change = Partial<Omit<StudyState, 'table'>>;

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

  private readonly throttle = this.own(new Throttle(INTERVAL, () => this.post()));
  private readonly posts = this.own(new Emitter<ToStudy>());
  private readonly deletions = this.own(new Emitter<void>());

  /** What has to reach every view that already has a snapshot. */
  readonly onDidPost = this.posts.event;
  /** The set of deleted units, or what is known of its effect, may have changed: time to evaluate it. */
  readonly onDidChangeDeletion = this.deletions.event;

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
      deletion: { deleted: [], evaluation: null, problem: null },
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
  }

  /** An analysis begins, or waits for its turn, which `notice` then says. */
  begin(notice: Notice | null): void {
    const progress = { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null } as const;
    this.set({ progress, notice });
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
  }

  setStale(stale: string | null): void {
    this.set({ stale });
  }

  select(unit: UnitRef | null): void {
    if (!sameUnit(unit, this.current.selection)) this.set({ selection: unit });
  }

  /** Switches one unit off or on again. */
  setDeleted(unit: UnitRef, deleted: boolean): void {
    const { record, deletion } = this.current;
    if (record === null || rowOf(record, unit) === null) return;
    const others = deletion.deleted.filter((other) => !sameUnit(other, unit));
    this.setDeletion(deleted ? [...others, { site: unit.site, unit: unit.unit }] : others);
  }

  /** All units work again. */
  restoreAll(): void {
    this.setDeletion([]);
  }

  /** What deleting the present set does: measured, or why not, or (both null) not yet known. */
  setEvaluation(evaluation: Evaluation | null, problem: string | null): void {
    this.set({ deletion: { deleted: this.current.deletion.deleted, evaluation, problem } });
  }

  private setDeletion(deleted: readonly UnitRef[]): void {
    if (deleted.length === 0 && this.current.deletion.deleted.length === 0) return;
    this.set({ deletion: { deleted, evaluation: null, problem: null } });
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
    this.current = {
      ...this.current,
      record,
      table,
      selection: selection !== null && rowOf(record, selection) !== null ? selection : null,
      deletion: deletion.deleted.every((unit) => rowOf(record, unit) !== null)
        ? deletion
        : { deleted: [], evaluation: null, problem: null },
    };
    this.whole = true;
    this.throttle.trigger();
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
