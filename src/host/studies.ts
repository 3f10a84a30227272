import * as vscode from 'vscode';
import type { RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import { readDeletionSets, writeDeletionSets } from '../runs/deletionSetsFile';
import { readRecord } from '../runs/runRecord';
import { DisposableStore } from './disposableStore';
import { Emitter, type Disposable } from './emitter';
import type { EngineProcess } from './engineProcess';
import { Evaluator } from './evaluator';
import type { KeptChoices } from './keptChoices';
import { runTitle } from './names';
import { problemText, showProblem } from './problems';
import type { Questions } from './questions';
import { whyStale } from './staleness';
import { Study, type Hover } from './study';
import { UnitDetailsFinder } from './unitDetails';

/** All studies that are on screen or running, one a run directory. */
export class Studies extends DisposableStore {
  private readonly known = new Map<
    string,
    { readonly study: Study; readonly owned: readonly Disposable[] }
  >();
  private current: Study | null = null;
  private readonly actives = this.own(new Emitter<Study | null>());
  private readonly changes = this.own(new Emitter<Study>());

  private readonly hovers = this.own(new Emitter<{ readonly study: Study; readonly hover: Hover }>());

  /** Another study is the one the inspector follows. */
  readonly onDidChangeActive = this.actives.event;
  /** Something about a study changed; at most ten times a second each. */
  readonly onDidChange = this.changes.event;
  /** A unit of a study is pointed at, or none any more. */
  readonly onDidHover = this.hovers.event;

  constructor(
    private readonly engine: EngineProcess,
    private readonly log: vscode.LogOutputChannel,
    private readonly kept: KeptChoices,
  ) {
    super();
  }

  /** The study whose selection the inspector shows. */
  get active(): Study | null {
    return this.current;
  }

  setActive(study: Study | null): void {
    if (this.current === study) return;
    this.current = study;
    this.actives.fire(study);
  }

  all(): readonly Study[] {
    return [...this.known.values()].map(({ study }) => study);
  }

  find(directory: string): Study | undefined {
    return this.known.get(directory)?.study;
  }

  /** The units of a run that the user has deleted, also where it is not open. */
  deletedIn(directory: string): readonly UnitRef[] {
    const state = this.find(directory)?.state;
    // While its table is being read, what is kept of it still counts.
    if (state !== undefined && state.table !== null) return state.deletion.deleted;
    return this.kept.get(directory)?.deleted ?? [];
  }

  /** A study that has no run yet. */
  create(directory: string, title: string): Study {
    const study = new Study(directory, title);
    const owned = [
      study.onDidPost(() => this.changes.fire(study)),
      study.onDidHover((hover) => this.hovers.fire({ study, hover })),
      new Evaluator(study, this.questions()),
      new UnitDetailsFinder(study, this.questions()),
      study.onDidChangeDeletion(() => this.keep(study)),
      study.onDidChangeSelection(() => this.keep(study)),
      study.onDidChangeSets(() => void this.saveSets(study)),
      study,
    ];
    this.known.set(directory, { study, owned });
    return study;
  }

  /**
   * The study of a run on disk; its table follows as soon as the engine has read it.
   * @throws Failure when there is no run in that directory
   */
  async open(directory: string): Promise<Study> {
    const open = this.find(directory);
    if (open !== undefined) return open;
    const record = await readRecord(directory);
    const meanwhile = this.find(directory);
    if (meanwhile !== undefined) return meanwhile;
    const study = this.create(directory, runTitle(record));
    const choice = this.kept.get(directory);
    if (choice !== null) study.restore(choice);
    void this.loadSets(study);
    void this.load(study, record);
    return study;
  }

  /** Forgets a study; its run directory stays. */
  release(study: Study): void {
    if (this.current === study) this.setActive(null);
    for (const thing of this.known.get(study.directory)?.owned ?? []) thing.dispose();
    this.known.delete(study.directory);
  }

  /** The run is deleted: nothing is remembered of it. */
  forget(directory: string): void {
    this.kept.forget(directory);
  }

  /** Looks whether the files of a run are still those it was made from. */
  async checkStale(study: Study, record: RunRecord): Promise<void> {
    try {
      study.setStale(await whyStale(record));
    } catch (error) {
      this.log.warn(`Whether ${study.directory} is stale cannot be told: ${String(error)}`);
    }
  }

  override dispose(): void {
    for (const study of this.all()) this.release(study);
    super.dispose();
  }

  private questions(): Questions {
    const { engine, log } = this;
    const busy = vscode.l10n.t('The engine is busy with an analysis; this is measured as soon as it can.');
    return { engine, log, problemText, busy };
  }

  private keep(study: Study): void {
    const { record, deletion, selection } = study.state;
    if (record !== null) this.kept.set(study.directory, { deleted: deletion.deleted, selection });
  }

  private async loadSets(study: Study): Promise<void> {
    try {
      study.setSets(await readDeletionSets(study.directory));
    } catch (error) {
      showProblem(this.log, error);
    }
  }

  private async saveSets(study: Study): Promise<void> {
    try {
      await writeDeletionSets(study.directory, study.state.sets);
    } catch (error) {
      showProblem(this.log, error);
    }
  }

  private async load(study: Study, record: RunRecord): Promise<void> {
    try {
      const run = await this.engine.request('readRun', { directory: study.directory });
      // An analysis that was started meanwhile knows better.
      if (study.running || study.disposed) return;
      study.load(run);
      study.end(null, noticeOf(run.record));
    } catch (error) {
      if (!study.running) study.end(null, { severity: 'error', text: problemText(error) });
      this.log.error(error instanceof Error ? error : String(error));
    }
    await this.checkStale(study, record);
  }
}

/** What is to be said of a run that is not complete. */
function noticeOf(record: RunRecord): { severity: 'info' | 'warning' | 'error'; text: string } | null {
  switch (record.status) {
    case 'complete':
      return null;
    case 'running':
      return {
        severity: 'warning',
        text: vscode.l10n.t(
          'This analysis was interrupted; what was finished is kept. Continue it any time.',
        ),
      };
    case 'cancelled':
      return {
        severity: 'info',
        text: vscode.l10n.t('This analysis was cancelled; what was finished is kept. Continue it any time.'),
      };
    case 'failed':
      return { severity: 'error', text: record.error ?? vscode.l10n.t('This analysis failed.') };
  }
}
