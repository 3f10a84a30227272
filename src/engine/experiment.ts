import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareStudy, type PreparedStudy, type StudyParts } from '../core/ablation/prepare';
import type { Control } from '../core/control';
import type { ExperimentName, ExperimentParams, Experiments } from '../protocol/curves';
import type { AnalyzeEvent, AnalyzeResult } from '../protocol/engine';
import { Cancelled, Failure } from '../protocol/failure';
import type { BackendInfo, Progress, RunRecord } from '../protocol/run';
import { createExperiment, readRows, writeExperimentRecord, writeRows } from '../runs/experimentFiles';
import { RUN_FILES } from '../runs/runDirectory';
import { readRecord } from '../runs/runRecord';
import { chanceQuestion } from './chance';
import { differenceOf, draftRecord, keptOf } from './draftRecord';
import { passGate } from './gate';
import { refuseNotNumbers } from './notNumbers';
import { scaled, type OpenStudy } from './openStudy';
import { preprocess } from './preprocess';
import { studyParts, type Resources } from './resources';

/** What carries out an experiment, once its run is open. */
export type ExperimentBody<E extends ExperimentName> = (run: Experiment<E>) => Promise<void>;

/** What an experiment is of and what computes it. */
export interface ExperimentSetting<E extends ExperimentName> {
  readonly name: E;
  readonly params: ExperimentParams<E>;
  readonly study: OpenStudy;
  readonly backend: BackendInfo;
  readonly resources: Resources;
  readonly control: Control;
  readonly on: (event: AnalyzeEvent) => void;
}

/**
 * Carries out curves, noise or pairs in a run directory of their own: preprocessing, baseline, then the body, which
 * keeps its rows as it finishes them. A directory that holds this very experiment already is continued.
 */
export class Experiment<E extends ExperimentName> {
  private progress: Progress = {
    phase: 'preprocessing',
    fraction: 0,
    round: 0,
    rounds: 0,
    seconds_left: null,
  };
  private readonly began = performance.now();
  private phaseBegan = performance.now();

  private constructor(
    private readonly setting: ExperimentSetting<E>,
    readonly parts: StudyParts,
    readonly prepared: PreparedStudy,
    private stored: RunRecord,
    /** What an earlier session finished. */
    readonly rows: readonly Experiments[E]['row'][],
  ) {}

  /**
   * @param begin what `run.json` says before anything is done
   * @throws Failure if the directory cannot be written or holds another run
   * @throws Cancelled only before the run exists; later a cancel is a result
   */
  static async run<E extends ExperimentName>(
    setting: ExperimentSetting<E>,
    begin: (prepared: PreparedStudy) => Experiments[E]['part'],
    body: ExperimentBody<E>,
  ): Promise<AnalyzeResult> {
    const { params, study, control, on, backend, resources } = setting;
    const tell = (phase: Progress['phase'], fraction: number): void => {
      on({ event: 'progress', progress: { phase, fraction, round: 0, rounds: 0, seconds_left: null } });
    };
    tell('preprocessing', 0);
    const preprocessing = await preprocess(study, params.spec, control);
    const samples = scaled(study, preprocessing.chosen, params.spec);
    const parts = studyParts(study, params.spec, samples, resources);
    const isFitted = parts.operator === 'optimal';
    // Nothing of the unablated network is needed later but what the operator clamps to.
    const budget = { ...parts.budget, kept: isFitted ? parts.budget.kept : 0, activity: 0 };
    const prepared = await prepareStudy({ ...parts, budget }, control, (share) => {
      tell('baseline', share);
    });
    prepared.dispose();
    refuseNotNumbers(prepared, study, params);
    const rounds = { samples: [prepared.measured.length], slices: [] };
    const drawn = draftRecord(study, params, backend, preprocessing, prepared, rounds);
    const draft: RunRecord = { ...drawn, [setting.name]: begin(prepared) };
    const question = params.accept_chance ? null : chanceQuestion(draft, study, prepared);
    if (question !== null) return { kind: 'near_chance', question };
    const { record, rows } = await openDirectory(setting, draft);
    return new Experiment(setting, parts, prepared, record, rows).carryOut(body);
  }

  get params(): ExperimentParams<E> {
    return this.setting.params;
  }

  get study(): OpenStudy {
    return this.setting.study;
  }

  get control(): Control {
    return this.setting.control;
  }

  get record(): RunRecord {
    return this.stored;
  }

  /** What `run.json` says of the experiment. */
  get part(): Experiments[E]['part'] {
    return this.stored[this.setting.name] as Experiments[E]['part'];
  }

  /**
   * Tells how far it is.
   * @param fraction of the phase, 0 … 1
   * @param steps finished, and in all
   */
  tell(phase: 'reading' | 'ranking' | 'measuring', fraction: number, steps: readonly [number, number]): void {
    if (phase !== this.progress.phase) this.phaseBegan = performance.now();
    const seconds = (performance.now() - this.phaseBegan) / 1000;
    const left = fraction > 0.01 ? (seconds * (1 - fraction)) / fraction : null;
    this.progress = { phase, fraction, round: steps[0], rounds: steps[1], seconds_left: left };
    this.setting.on({ event: 'progress', progress: this.progress });
  }

  /** Writes all rows there are so far, and what `run.json` says of them. */
  async keep(rows: readonly Experiments[E]['row'][], part: Partial<Experiments[E]['part']>): Promise<void> {
    await writeRows(this.params.directory, this.setting.name, rows);
    await this.update({ [this.setting.name]: { ...this.part, ...part } });
  }

  /** Lets tests hold the experiment after a finished step. */
  gate(step: number): Promise<void> {
    return passGate(step, this.control);
  }

  private async carryOut(body: ExperimentBody<E>): Promise<AnalyzeResult> {
    const finished = (): string => new Date().toISOString();
    try {
      await this.update({ status: 'running', finished: null, error: null });
      await body(this);
      const rounds = { ...this.stored.rounds, done: 1 };
      await this.update({ status: 'complete', finished: finished(), rounds });
      return { kind: 'complete', record: this.stored };
    } catch (error) {
      if (error instanceof Cancelled) {
        await this.update({ status: 'cancelled', finished: finished() });
        return { kind: 'cancelled', record: this.stored };
      }
      const message = error instanceof Error ? error.message : String(error);
      // What stopped it is what the user must hear, also when the disk will not take the record.
      await this.update({ status: 'failed', error: message, finished: finished() }).catch(() => undefined);
      throw error;
    }
  }

  private earlier: number | null = null;

  private async update(change: Partial<RunRecord>): Promise<void> {
    this.earlier ??= this.stored.seconds;
    const seconds = this.earlier + (performance.now() - this.began) / 1000;
    this.stored = { ...this.stored, ...change, seconds };
    await writeExperimentRecord(this.params.directory, this.stored);
    this.setting.on({ event: 'record', record: this.stored });
  }
}

/** Starts the run directory, or goes on with it. */
async function openDirectory<E extends ExperimentName>(
  { name, params }: ExperimentSetting<E>,
  draft: RunRecord,
): Promise<{ record: RunRecord; rows: Experiments[E]['row'][] }> {
  const { directory } = params;
  if (!existsSync(join(directory, RUN_FILES.record))) {
    await createExperiment(directory, draft);
    return { record: draft, rows: [] };
  }
  const record = await readRecord(directory);
  const difference = differenceOf(record, draft) ?? optionsDiffer(record[name], draft[name]);
  if (difference !== null) {
    throw new Failure(
      `${directory} holds a run of another study (${difference}); choose another folder, or delete that run.`,
      { file: directory },
    );
  }
  const part = { ...draft[name], ...record[name] };
  return { record: { ...draft, ...keptOf(record), [name]: part }, rows: await readRows(directory, name) };
}

function optionsDiffer(
  stored: { readonly options: object } | undefined,
  now: { readonly options: object } | undefined,
): string | null {
  return JSON.stringify(stored?.options) === JSON.stringify(now?.options) ? null : 'the options are others';
}
