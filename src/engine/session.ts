import { version_core } from '@tensorflow/tfjs-core';
import { evaluateDeletion } from '../core/ablation/deletion';
import { passZero, type PassZero } from '../core/ablation/passZero';
import type { PlainForward } from '../core/ablation/plainForward';
import { Control } from '../core/control';
import { findSites } from '../core/network/sites';
import { inspectData } from '../formats/data/readData';
import { readModel } from '../formats/models/readModel';
import type { AnalyzeEvent, AnalyzeParams, AnalyzeResult, EngineInfo, StoredRun } from '../protocol/engine';
import { Cancelled, Failure } from '../protocol/failure';
import type { BackendInfo, Evaluation, RunRecord } from '../protocol/run';
import type { DataCandidate, ModelInfo, StudySpec, UnitRef } from '../protocol/study';
import { readRun } from '../runs/readRun';
import { writeReport } from '../runs/report';
import { Analysis } from './analysis';
import { loadBackend, type BackendOptions } from './backend';
import { siteInfo } from './draftRecord';
import { forwardOf, openStudy, scaled, type OpenStudy } from './openStudy';

/** Which backend to use, where its native part may be, and where to say what happens. */
export type SessionOptions = BackendOptions;

/** A run's study, ready to evaluate deletions. */
interface ReadyStudy {
  readonly key: string;
  readonly study: OpenStudy;
  readonly forward: PlainForward;
  readonly before: PassZero;
}

/** Answers all requests; the engine process and the command line both hold one. */
export class Session {
  private ready: ReadyStudy | null = null;
  /** Evaluations take turns: they share the study that is kept ready. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SessionOptions) {}

  /** Loads the backend and says what computes. */
  async hello(): Promise<EngineInfo> {
    return { backend: await this.backend(), node: process.version, tfjs: version_core, pid: process.pid };
  }

  /** @throws Failure if it is no model that can be analysed */
  async inspectModel(path: string): Promise<ModelInfo> {
    await this.backend();
    const { network, format, producer } = await readModel(path);
    try {
      const { sites, excluded } = findSites(network);
      const input = network.operations.find((operation) => operation.id === network.input);
      return {
        path,
        format,
        producer,
        input: input?.shape.slice(1) ?? [],
        classes: network.head.classes,
        parameters: network.parameters,
        sites: sites.map(siteInfo),
        excluded,
      };
    } finally {
      network.dispose();
    }
  }

  /** @throws Failure if there is no labelled data in it */
  inspectData(path: string): Promise<readonly DataCandidate[]> {
    return inspectData(path);
  }

  /**
   * Analyses, or continues an analysis.
   * @param on told of everything on the way
   * @throws Failure for bad input; nothing is written then unless the run had begun
   */
  async analyze(
    params: AnalyzeParams,
    on: (event: AnalyzeEvent) => void,
    signal: AbortSignal,
  ): Promise<AnalyzeResult> {
    const control = new Control(signal);
    refuseOtherOperators(params.spec);
    on({
      event: 'progress',
      progress: { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null },
    });
    const backend = await this.backend();
    let study: OpenStudy | null = null;
    try {
      study = await openStudy(params.spec, control);
      return await new Analysis(params, study, backend, on, control).run();
    } catch (error) {
      if (error instanceof Cancelled) return { kind: 'cancelled', record: null };
      throw error;
    } finally {
      study?.network.dispose();
    }
  }

  /**
   * Runs a run's network with some units deleted together, on all its samples.
   * @throws Failure if model or data changed since the run
   */
  evaluate(record: RunRecord, deleted: readonly UnitRef[], signal: AbortSignal): Promise<Evaluation> {
    const result = this.turn.then(async () => {
      const control = new Control(signal);
      const { study, forward, before } = await this.readyFor(record, control);
      const { sites, indices, data, classes } = study;
      return evaluateDeletion(forward, sites, deleted, indices, data.labels, before, classes, control);
    });
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** @throws Failure if the directory holds no run */
  readRun(directory: string): Promise<StoredRun> {
    return readRun(directory);
  }

  /** Writes a run's report. */
  async report(directory: string, file: string): Promise<void> {
    await writeReport(await readRun(directory), file);
  }

  /** Frees what is kept ready. */
  dispose(): void {
    this.ready?.study.network.dispose();
    this.ready = null;
  }

  private backend(): Promise<BackendInfo> {
    return loadBackend(this.options);
  }

  private async readyFor(record: RunRecord, control: Control): Promise<ReadyStudy> {
    const key = JSON.stringify([record.spec, record.model.sha256, record.data, record.preprocessing.chosen]);
    if (this.ready?.key === key) return this.ready;
    this.dispose();
    await this.backend();
    const study = await openStudy(record.spec, control);
    try {
      if (study.model.sha256 !== record.model.sha256 || study.data_sha256 !== record.data.sha256) {
        throw new Failure(
          `${study.model.sha256 === record.model.sha256 ? record.data.path : record.model.path} has changed since this run; analyze it again.`,
        );
      }
      const samples = scaled(study, record.preprocessing.chosen, record.spec);
      const forward = forwardOf(study, samples);
      const { labels } = study.data;
      const before = await passZero(
        forward,
        [],
        labels,
        study.classes.length,
        study.indices,
        control,
        () => undefined,
      );
      this.ready = { key, study, forward, before };
      return this.ready;
    } catch (error) {
      study.network.dispose();
      throw error;
    }
  }
}

function refuseOtherOperators(spec: StudySpec): void {
  if (spec.operator !== 'zero') {
    throw new Failure(`The operator ${spec.operator} is not measured yet; choose zero.`);
  }
}
