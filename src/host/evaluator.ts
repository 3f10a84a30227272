import * as vscode from 'vscode';
import { Cancelled } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import { DisposableStore } from './disposableStore';
import type { EngineProcess } from './engineProcess';
import { problemText } from './problems';
import { evaluateFromTable } from './singleDeletion';
import type { Study } from './study';

/** After this long without an answer the study says why it takes its time, milliseconds. */
const PATIENCE = 1000;

/**
 * Keeps a study's evaluation of its deleted units up to date, by the engine. Of several questions the latest wins,
 * the others are withdrawn. One unit with final counts is answered from the table at once; the engine then adds
 * what the table does not hold, and is ready for the next unit.
 */
export class Evaluator extends DisposableStore {
  private asked: readonly UnitRef[] | null = null;
  private controller = new AbortController();

  constructor(
    private readonly study: Study,
    private readonly engine: EngineProcess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.own(study.onDidChangeDeletion(() => this.update()));
    this.own({ dispose: () => this.forget() });
  }

  private update(): void {
    const { record, table, deletion } = this.study.state;
    const { deleted } = deletion;
    const [only, ...others] = deleted;
    if (record === null || table === null || only === undefined) {
      this.forget();
      return;
    }
    const known = others.length === 0 ? evaluateFromTable(record, table, only) : null;
    if (known !== null && this.study.running) {
      // The analysis has the engine.
      this.forget();
      this.study.setEvaluation(known, null);
      return;
    }
    // The same question is under way already.
    if (this.asked === deleted) return;
    this.forget();
    this.asked = deleted;
    if (known !== null) this.study.setEvaluation(known, null);
    void this.ask(record, deleted, known !== null, this.controller.signal);
  }

  /** @param answered the user has an answer already: only a better one is shown */
  private async ask(
    record: RunRecord,
    deleted: readonly UnitRef[],
    answered: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const waiting = setTimeout(() => {
      if (signal.aborted || answered || !this.study.running) return;
      const text = vscode.l10n.t('The engine is busy with the analysis; this is measured as soon as it can.');
      this.study.setEvaluation(null, text);
    }, PATIENCE);
    try {
      const evaluation = await this.engine.request('evaluate', { record, deleted }, { signal });
      if (!signal.aborted) this.study.setEvaluation(evaluation, null);
    } catch (error) {
      if (signal.aborted || error instanceof Cancelled) return;
      if (answered) {
        this.log.warn(`The deletion is known from the table only: ${String(error)}`);
        return;
      }
      this.log.error(error instanceof Error ? error : String(error));
      this.study.setEvaluation(null, problemText(error));
    } finally {
      clearTimeout(waiting);
      if (!signal.aborted) this.asked = null;
    }
  }

  private forget(): void {
    this.asked = null;
    this.controller.abort();
    this.controller = new AbortController();
  }
}
