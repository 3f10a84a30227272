import * as vscode from 'vscode';
import { Cancelled } from '../protocol/failure';
import type { UnitRef } from '../protocol/study';
import { DisposableStore } from './disposableStore';
import type { EngineProcess } from './engineProcess';
import { problemText } from './problems';
import { evaluateFromTable } from './singleDeletion';
import type { Study } from './study';

/** Clicks closer together than this are one question, milliseconds. */
const PAUSE = 150;
/** After this long without an answer the study says why it takes its time, milliseconds. */
const PATIENCE = 1000;

/**
 * Keeps a study's evaluation of its deleted units up to date: one unit with final counts from the table, all
 * else by the engine. Of several questions the latest wins.
 */
export class Evaluator extends DisposableStore {
  private asked: readonly UnitRef[] | null = null;
  private timer: NodeJS.Timeout | undefined;
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
    if (known !== null) {
      this.forget();
      this.study.setEvaluation(known, null);
      return;
    }
    // The same question is under way already.
    if (this.asked === deleted) return;
    this.forget();
    this.asked = deleted;
    this.timer = setTimeout(() => void this.ask(deleted, this.controller.signal), PAUSE);
  }

  private async ask(deleted: readonly UnitRef[], signal: AbortSignal): Promise<void> {
    const { record } = this.study.state;
    if (record === null) return;
    const waiting = setTimeout(() => {
      if (signal.aborted || !this.study.running) return;
      const text = vscode.l10n.t('The engine is busy with the analysis; this is measured as soon as it can.');
      this.study.setEvaluation(null, text);
    }, PATIENCE);
    try {
      const evaluation = await this.engine.request('evaluate', { record, deleted }, { signal });
      if (!signal.aborted) this.study.setEvaluation(evaluation, null);
    } catch (error) {
      if (signal.aborted || error instanceof Cancelled) return;
      this.log.error(error instanceof Error ? error : String(error));
      this.study.setEvaluation(null, problemText(error));
    } finally {
      clearTimeout(waiting);
      if (!signal.aborted) this.asked = null;
    }
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.asked = null;
    this.controller.abort();
    this.controller = new AbortController();
  }
}
