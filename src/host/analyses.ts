import * as vscode from 'vscode';
import type { ExperimentName, Experiments } from '../protocol/curves';
import type { AnalyzeEvent, AnalyzeParams, AnalyzeResult } from '../protocol/engine';
import { Cancelled, Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import type { StudySpec } from '../protocol/study';
import { DisposableStore } from './disposableStore';
import { Emitter } from './emitter';
import { EngineStopped, type EngineProcess, type RequestOptions } from './engineProcess';
import type { NativeOffer } from './nativeOffer';
import { problemText, showProblem } from './problems';
import type { Study } from './study';
import { measuredUnits } from './unitRows';

/** Curves, noise or pairs, and how. */
export type ExperimentJob = {
  readonly [E in ExperimentName]: { readonly name: E; readonly options: Experiments[E]['options'] };
}[ExperimentName];

/** An analysis to be done, or an experiment. */
export interface Job {
  readonly study: Study;
  readonly spec: StudySpec;
  /** Absent for an analysis. */
  readonly experiment?: ExperimentJob;
  /** Do not ask about a baseline near chance. */
  readonly acceptChance: boolean;
  /** Called with the first record: the run exists now. */
  readonly began?: (record: RunRecord) => void;
  /** Asks about a baseline near chance in another way than with a dialog. */
  readonly askAnyway?: (question: string) => Promise<boolean>;
  /** Called when it is over, with what was thrown if it failed; cancelled while it waited: without a record. */
  readonly ended?: (result: AnalyzeResult | { readonly kind: 'failed'; readonly error: unknown }) => void;
}

interface Waiting extends Job {
  readonly controller: AbortController;
}

/** Runs analyses one after another, in the order they were asked for. */
export class Analyses extends DisposableStore {
  private readonly queue: Waiting[] = [];
  private working = false;
  private readonly changes = this.own(new Emitter<void>());

  /** An analysis began, ended, or joined the queue. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly engine: EngineProcess,
    private readonly log: vscode.LogOutputChannel,
    private readonly offer: NativeOffer,
  ) {
    super();
    this.own({ dispose: () => this.cancelAll() });
  }

  /** The study that is being computed. */
  get running(): Study | null {
    return this.queue[0]?.study ?? null;
  }

  start(job: Job): void {
    if (this.queue.some(({ study }) => study === job.study)) return;
    const first = this.running;
    const text = first && vscode.l10n.t('Waits until the analysis of {0} is done.', first.state.title);
    job.study.begin(text === null ? null : { severity: 'info', text });
    this.queue.push({ ...job, controller: new AbortController() });
    this.changes.fire();
    void this.work();
  }

  /** Cancels the analysis of a study, by default the one that is running. */
  cancel(study: Study | null = this.running): void {
    const index = this.queue.findIndex((job) => job.study === study);
    const job = this.queue[index];
    if (job === undefined) return;
    job.controller.abort();
    if (index === 0) return;
    this.queue.splice(index, 1);
    job.study.end(null, null);
    job.ended?.({ kind: 'cancelled', record: null });
    this.changes.fire();
  }

  /** Cancels everything that runs or waits. */
  cancelAll(): void {
    for (const { study } of [...this.queue].reverse()) this.cancel(study);
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let job = this.queue[0]; job !== undefined; job = this.queue[0]) {
      await this.run(job);
      this.queue.shift();
      this.changes.fire();
    }
    this.working = false;
  }

  private async run(job: Waiting): Promise<void> {
    const { study } = job;
    try {
      let result = await this.analyze(job, job.acceptChance);
      if (result.kind === 'near_chance') {
        if (!(await (job.askAnyway ?? askAnyway)(result.question))) {
          study.end(null, { severity: 'warning', text: result.question });
          job.ended?.(result);
          return;
        }
        result = await this.analyze(job, true);
      }
      if (result.kind === 'complete') {
        study.end(result.record, null);
        if (job.experiment === undefined) void this.relate(study);
      } else if (result.kind === 'cancelled') this.endCancelled(study, result.record);
      job.ended?.(result);
    } catch (error) {
      if (error instanceof Cancelled) this.endCancelled(study, null);
      else this.endFailed(study, error);
      job.ended?.({ kind: 'failed', error });
    }
  }

  private analyze(job: Waiting, acceptChance: boolean): Promise<AnalyzeResult> {
    const { study, spec, controller } = job;
    let began = false;
    const on = (event: AnalyzeEvent): void => {
      study.apply(event);
      if (event.event !== 'record' || began) return;
      began = true;
      job.began?.(event.record);
      void this.offer.consider(event.record);
      this.changes.fire();
    };
    study.begin(null);
    const params = { spec, directory: study.directory, accept_chance: acceptChance };
    return ask(this.engine, job.experiment, params, { on, signal: controller.signal });
  }

  /** Tells a study what its finished run says of how the measures relate. */
  private async relate(study: Study): Promise<void> {
    try {
      const { correlations } = await this.engine.request('readRun', { directory: study.directory });
      study.setCorrelations(correlations ?? null);
    } catch (error) {
      this.log.warn(problemText(error));
    }
  }

  private endCancelled(study: Study, record: RunRecord | null): void {
    const last = record ?? study.state.record;
    const kept = measuredUnits(study.state.table);
    const text =
      kept === 0
        ? vscode.l10n.t('Cancelled.')
        : vscode.l10n.t('Cancelled; the {0} finished units are kept. Continue any time.', kept);
    study.end(last && { ...last, status: 'cancelled' }, { severity: 'info', text });
  }

  private endFailed(study: Study, error: unknown): void {
    const { record, table } = study.state;
    if (!(error instanceof EngineStopped)) {
      study.end(record && { ...record, status: 'failed' }, { severity: 'error', text: problemText(error) });
      showProblem(this.log, error);
      return;
    }
    const text = vscode.l10n.t(
      'The engine stopped ({0}); the {1} finished units are kept. Start the analysis again to go on.',
      error.how,
      measuredUnits(table),
    );
    study.end(record, { severity: 'error', text });
    showProblem(this.log, new Failure(text));
  }
}

function ask(
  engine: EngineProcess,
  experiment: ExperimentJob | undefined,
  params: AnalyzeParams,
  options: RequestOptions,
): Promise<AnalyzeResult> {
  switch (experiment?.name) {
    case undefined:
      return engine.request('analyze', params, options);
    case 'curves':
      return engine.request('curves', { ...params, options: experiment.options }, options);
    case 'noise':
      return engine.request('noise', { ...params, options: experiment.options }, options);
    case 'pairs':
      return engine.request('pairs', { ...params, options: experiment.options }, options);
  }
}

async function askAnyway(question: string): Promise<boolean> {
  const anyway = vscode.l10n.t('Analyze anyway');
  return (await vscode.window.showWarningMessage(question, { modal: true }, anyway)) === anyway;
}
