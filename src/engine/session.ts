import { version_core } from '@tensorflow/tfjs-core';
import type { WayName } from '../core/ablation/ways/way';
import { Control } from '../core/control';
import type { KernelPool } from '../core/kernels/kernelPool';
import { findClassNames } from '../formats/classNames';
import { describeData } from '../formats/data/describeData';
import { readModel, type ReadOptions } from '../formats/models/readModel';
import type {
  AnalyzeEvent,
  AnalyzeParams,
  AnalyzeResult,
  EngineInfo,
  EngineRequests,
  EvaluateParams,
  StoredRun,
} from '../protocol/engine';
import type { UnitDetails } from '../protocol/details';
import { Cancelled, Failure } from '../protocol/failure';
import type { BackendInfo, Evaluation, Progress, RunRecord } from '../protocol/run';
import type {
  DataCandidate,
  InputInfo,
  ModelDescription,
  ModelInfo,
  Scale,
  StudySpec,
} from '../protocol/study';
import type { ExperimentParams } from '../protocol/curves';
import type { PruneParams, PruneResult } from '../protocol/prune';
import { readRun } from '../runs/readRun';
import { Analysis } from './analysis';
import { modelInfo, refusedModel } from './modelDescription';
import { loadBackend, type BackendOptions } from './backend';
import { studyCurves } from './curveStudy';
import { studyNoise } from './noiseStudy';
import { notNumbers } from './notNumbers';
import { studyPairs } from './pairStudy';
import { prune } from './prune/prune';
import { siteInfo } from './draftRecord';
import { EvaluationStudy } from './evaluationStudy';
import { startKernels } from './kernels';
import { openStudy, type OpenStudy } from './openStudy';
import { preprocess } from './preprocess';
import { budgetOf, DEFAULT_MEMORY_LIMIT, type Resources } from './resources';
import type { Opened, StudyEvaluation, StudyEvaluationResult } from './studyEvaluation';

/** What computes, within how much memory, and where to say what happens. */
export interface SessionOptions extends BackendOptions {
  /** Bytes that the process may take; {@link DEFAULT_MEMORY_LIMIT} when absent. */
  readonly memoryLimit?: number;
  /** Every site computed this way, as far as it applies; the quickest when absent. */
  readonly way?: WayName;
}

/** Answers all requests; the engine process and the command line both hold one. */
export class Session {
  private ready: { readonly key: string; readonly study: EvaluationStudy } | null = null;
  private kernels: Promise<KernelPool | null> | null = null;
  /** The end of the evaluation that is under way. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SessionOptions) {}

  /** Loads the backend and says what computes. */
  async hello(): Promise<EngineInfo> {
    return { backend: await this.backend(), node: process.version, tfjs: version_core, pid: process.pid };
  }

  /**
   * @param options how its study reads it
   * @throws Failure if it is no model that can be analysed
   */
  async inspectModel(path: string, options: ReadOptions = {}): Promise<ModelInfo> {
    await this.backend();
    const read = await readModel(path, options);
    try {
      const { classes } = read.network.head;
      // A single sigmoid output tells two classes apart.
      const names = await findClassNames(path, path, Math.max(2, classes));
      return { ...modelInfo(read), ...(names === null ? {} : { class_names: names.names }) };
    } finally {
      read.network.dispose();
    }
  }

  /**
   * What a model is, also one that cannot be analysed.
   * @param options how its study reads it
   */
  async describeModel(path: string, options: ReadOptions = {}): Promise<ModelDescription> {
    try {
      return await this.inspectModel(path, options);
    } catch (error) {
      if (error instanceof Failure) return refusedModel(path, error);
      throw error;
    }
  }

  /**
   * @param inputs of the model that the data is for; none where it is not known
   * @throws Failure if there is no labelled data in it
   */
  inspectData(path: string, inputs: readonly InputInfo[] = []): Promise<readonly DataCandidate[]> {
    return describeData(path, inputs);
  }

  /**
   * Analyses, or continues an analysis.
   * @param on told of everything on the way
   * @throws Failure for bad input; nothing is written then unless the run had begun
   */
  analyze(
    params: AnalyzeParams,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
  ): Promise<AnalyzeResult> {
    return this.withRun(params.spec, on, signal, ({ study, backend, resources, control }) =>
      new Analysis(params, study, backend, resources, on, control).run(),
    );
  }

  /** Measures cumulative curves, or goes on with them, in a run of their own; as {@link analyze}. */
  curves(
    params: ExperimentParams<'curves'>,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
  ): Promise<AnalyzeResult> {
    return this.withRun(params.spec, on, signal, (opened) =>
      studyCurves({ name: 'curves', params, on, ...opened }),
    );
  }

  /** Measures noise curves; as {@link curves}. */
  noise(
    params: ExperimentParams<'noise'>,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
  ): Promise<AnalyzeResult> {
    return this.withRun(params.spec, on, signal, (opened) =>
      studyNoise({ name: 'noise', params, on, ...opened }),
    );
  }

  /** Measures pairs of units; as {@link curves}. */
  pairs(
    params: ExperimentParams<'pairs'>,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
  ): Promise<AnalyzeResult> {
    return this.withRun(params.spec, on, signal, (opened) =>
      studyPairs({ name: 'pairs', params, on, ...opened }),
    );
  }

  /**
   * Saves a model without some of its units.
   * @throws Failure for bad input, or where it cannot be saved so; nothing is written then
   */
  prune(params: PruneParams, on: (event: AnalyzeEvent) => void, signal: AbortSignal): Promise<PruneResult> {
    // The spec's sites are those to sweep; any can be deleted.
    const { sites: _, ...whole } = params.spec;
    const spec = params.choice.kind === 'units' ? whole : params.spec;
    return this.withStudy<PruneResult>(spec, on, signal, { kind: 'cancelled' }, (opened) =>
      prune({ params: { ...params, spec }, on, ...opened }),
    );
  }

  private withRun(
    spec: StudySpec,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
    carryOut: (opened: Opened) => Promise<AnalyzeResult>,
  ): Promise<AnalyzeResult> {
    return this.withStudy<AnalyzeResult>(spec, on, signal, { kind: 'cancelled', record: null }, carryOut);
  }

  private async withStudy<Result>(
    spec: StudySpec,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
    cancelled: Result,
    carryOut: (opened: Opened) => Promise<Result>,
  ): Promise<Result> {
    const control = new Control(signal);
    on({
      event: 'progress',
      progress: { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null },
    });
    const backend = await this.backend();
    // What evaluations keep makes room.
    void this.inTurn(() => Promise.resolve(this.ready?.study.release()));
    let study: OpenStudy | null = null;
    try {
      study = await openStudy(spec, control);
      return await carryOut({ study, backend, resources: await this.resources(), control });
    } catch (error) {
      if (error instanceof Cancelled) return cancelled;
      throw error;
    } finally {
      study?.network.dispose();
    }
  }

  /**
   * Runs a run's network with some units deleted together. The study stays ready for the next evaluation; a
   * cancelled one leaves what it has read and computed to it.
   * @throws Failure if model or data changed since the run
   * @throws Cancelled
   */
  evaluate(params: EvaluateParams, signal: AbortSignal): Promise<Evaluation> {
    return this.inTurn(async () => {
      const control = new Control(signal);
      await control.breathe();
      const study = await this.readyFor(params.record);
      await control.breathe();
      return study.evaluate(params.deleted, params, control);
    });
  }

  /**
   * All of one unit of a run: class means, histogram, the samples it answers to most and least, its neighbours.
   * @throws Failure if model or data changed since the run
   * @throws Cancelled
   */
  describeUnit(
    { record, unit }: EngineRequests['describeUnit']['params'],
    signal: AbortSignal,
  ): Promise<UnitDetails> {
    return this.inTurn(async () => {
      const control = new Control(signal);
      await control.breathe();
      const study = await this.readyFor(record);
      await control.breathe();
      return study.describeUnit(unit, control);
    });
  }

  /**
   * Runs the network of a study with some units deleted together, without a run.
   * @param on told of the progress
   * @throws Failure for bad input, or if the network gives no numbers
   * @throws Cancelled
   */
  evaluateStudy(
    { spec, choose, options }: StudyEvaluation,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
  ): Promise<StudyEvaluationResult> {
    return this.inTurn(async () => {
      const control = new Control(signal);
      const tell = (phase: Progress['phase'], fraction: number): void => {
        on({ event: 'progress', progress: { phase, fraction, round: 0, rounds: 0, seconds_left: null } });
      };
      tell('reading', 0);
      const backend = await this.backend();
      const opened = await openStudy(spec, control);
      try {
        const deleted = choose(opened.sites.map(siteInfo));
        tell('preprocessing', 0);
        const preprocessing = await preprocess(opened, spec, control);
        const study = this.evaluationOf(opened, spec, preprocessing.chosen, null);
        try {
          const evaluation = await study.evaluate(deleted, options, control, (share) => tell('sweep', share));
          if (!Number.isFinite(evaluation.before.loss)) throw notNumbers(spec);
          return { evaluation, classes: opened.classes, backend, preprocessing };
        } finally {
          study.release();
        }
      } finally {
        opened.network.dispose();
      }
    });
  }

  /** @throws Failure if the directory holds no run */
  readRun(directory: string): Promise<StoredRun> {
    return readRun(directory);
  }

  /** Frees what is kept ready. */
  dispose(): void {
    this.ready?.study.dispose();
    this.ready = null;
    void this.kernels?.then((pool) => pool?.dispose());
    this.kernels = null;
  }

  /** Kernels, memory and way of computing that every study of this session shares. */
  private async resources(): Promise<Resources> {
    const { memoryLimit = DEFAULT_MEMORY_LIMIT, way = null, log } = this.options;
    this.kernels ??= startKernels(log);
    return { kernels: await this.kernels, budget: budgetOf(memoryLimit), way };
  }

  private backend(): Promise<BackendInfo> {
    return loadBackend(this.options);
  }

  /** What it may keep for the next evaluation leaves room for an analysis beside it. */
  private evaluationOf(
    study: OpenStudy,
    spec: StudySpec,
    scale: Scale,
    clamp: RunRecord['clamp'],
  ): EvaluationStudy {
    const memory = budgetOf(this.options.memoryLimit ?? DEFAULT_MEMORY_LIMIT).kept / 2;
    return new EvaluationStudy(study, spec, scale, clamp, memory, () => this.resources());
  }

  /** Evaluations take turns: they share what is kept. */
  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.turn.then(task);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async readyFor(record: RunRecord): Promise<EvaluationStudy> {
    const { spec, model, data, preprocessing, clamp } = record;
    const key = JSON.stringify([spec, model.sha256, data, preprocessing.chosen, clamp]);
    if (this.ready?.key === key) return this.ready.study;
    this.ready?.study.dispose();
    this.ready = null;
    await this.backend();
    // Reading goes on when the question is withdrawn: most likely the next one is about the same study.
    const opened = await openStudy(spec, new Control(new AbortController().signal));
    try {
      if (opened.model.sha256 !== model.sha256 || opened.data_sha256 !== data.sha256) {
        const changed = opened.model.sha256 === model.sha256 ? data.path : model.path;
        throw new Failure(`${changed} has changed since this run; analyze it again.`);
      }
      const study = this.evaluationOf(opened, spec, preprocessing.chosen, clamp);
      this.ready = { key, study };
      return study;
    } catch (error) {
      opened.network.dispose();
      throw error;
    }
  }
}
