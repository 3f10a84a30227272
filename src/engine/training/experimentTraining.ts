import path from 'node:path';
import type { ExperimentPlan, PlannedLine, PlannedNetwork } from '../../core/training/experiments/plan';
import type { CurvePoint, NoisePoint } from '../../protocol/curves';
import type { AnalyzeEvent } from '../../protocol/engine';
import { Cancelled, Failure } from '../../protocol/failure';
import type { TrainedNetwork, TrainingRecord, TrainingResult } from '../../protocol/training';
import { writeAtomically } from '../../runs/atomicFile';
import { experimentHtml } from '../../runs/experimentReport';
import { readTrainingDirectory, TRAINING_FILES } from '../../runs/trainingDirectory';
import { namedRows, writeTrainingRecord, writeTrainingTables } from '../../runs/trainingFiles';
import { trainingFindings } from '../../runs/trainingFindings';
import type { Workload } from './estimate';
import type { ExperimentData } from './experimentData';
import { measureNetwork, networkLine, type Measurer } from './measureNetwork';
import { networkPaths, readTrained, writeExperimentData } from './networkFiles';
import { TrainingProgress } from './trainingProgress';
import { TrainingTensors, trainNetwork } from './trainNetwork';

/** What carries out an experiment. */
export interface TrainingSetting {
  readonly measurer: Measurer;
  readonly on: (event: AnalyzeEvent) => void;
  readonly signal: AbortSignal;
}

/** One session of an experiment. */
export class ExperimentTraining {
  private readonly began = performance.now();
  private readonly earlier: number;
  private readonly progress: TrainingProgress;
  private networks: TrainedNetwork[] = [];
  private readonly curves: CurvePoint[] = [];
  private readonly noise: NoisePoint[] = [];

  constructor(
    private readonly directory: string,
    private readonly plan: ExperimentPlan,
    private readonly data: ExperimentData,
    private readonly workload: Workload,
    private readonly setting: TrainingSetting,
    private record: TrainingRecord,
  ) {
    this.earlier = record.seconds;
    this.progress = new TrainingProgress(workload, plan.networks.length, setting.on);
  }

  async run(): Promise<TrainingResult> {
    try {
      await this.update({ status: 'running', error: null, finished: null });
      await writeExperimentData(this.directory, this.data);
      for (const [k, network] of this.plan.networks.entries()) {
        await this.train(k, network);
        await this.measure(k, network);
      }
      await this.conclude();
      return { kind: 'complete', record: this.record };
    } catch (error) {
      const finished = new Date().toISOString();
      if (error instanceof Cancelled) {
        await this.update({ status: 'cancelled', finished });
        return { kind: 'cancelled', record: this.record };
      }
      const message = error instanceof Error ? error.message : String(error);
      // What stopped it is what the user must hear, also when the disk will not take the record.
      await this.update({ status: 'failed', error: message, finished }).catch(() => undefined);
      throw error;
    }
  }

  /** Trains a network unless it is there. */
  private async train(k: number, network: PlannedNetwork): Promise<void> {
    const { directory, progress, setting } = this;
    progress.begin(network.title, this.workload.training[k]!);
    progress.tell('training', k, 0);
    const found = await Promise.all(
      network.lines.map((line) => readTrained(directory, networkPaths(network, line))),
    );
    const isThere = found.every((one) => one !== null);
    if (!isThere) {
      const tensors = new TrainingTensors(this.data);
      try {
        const tell = (share: number): void => progress.tell('training', k, share);
        await trainNetwork(directory, network, tensors, tell, setting.signal);
      } finally {
        tensors.dispose();
      }
    }
    progress.end(isThere);
  }

  /** Measures a trained network, line by line, and writes the tables. */
  private async measure(k: number, network: PlannedNetwork): Promise<void> {
    for (const [l, line] of network.lines.entries()) {
      if (this.setting.signal.aborted) throw new Cancelled();
      const wasThere = this.record.networks.some((one) => one.network === line.name);
      this.progress.begin(line.title, this.workload.measuring[k]![l]!);
      await this.measureLine(k, network, line);
      this.progress.end(wasThere);
      // What an earlier session wrote stays until there is more.
      if (this.networks.length <= this.record.networks.length) continue;
      await this.writeTables();
      await this.update({ networks: this.networks });
    }
  }

  private async measureLine(k: number, network: PlannedNetwork, line: PlannedLine): Promise<void> {
    const { directory, plan, data, setting, record } = this;
    const trained = await readTrained(directory, networkPaths(network, line));
    if (trained === null)
      throw new Failure(`${line.name} is gone from ${directory}: run the experiment again.`);
    const leftOut = leftOutReason(plan, trained.train_accuracy);
    if (leftOut !== null) {
      this.networks = [...this.networks, networkLine(network, line, trained, null, leftOut)];
      return;
    }
    const runs = await measureNetwork(
      { directory, plan, network, line, scale: data.scale, seed: record.options.seed },
      setting.measurer,
      (phase, share) => {
        this.progress.tell(phase, k, share);
      },
      setting.signal,
    );
    this.networks = [...this.networks, networkLine(network, line, trained, runs, null)];
    this.curves.push(...namedRows(runs.curves, 'curves', line.name));
    this.noise.push(...namedRows(runs.noise, 'noise', line.name));
  }

  private writeTables(): Promise<void> {
    const { networks, curves, noise, plan } = this;
    return writeTrainingTables(this.directory, { networks, curves, noise, hasNoise: plan.noise > 0 });
  }

  /** Findings and the report. */
  private async conclude(): Promise<void> {
    const { directory, networks, record } = this;
    if (networks.every(({ included }) => !included)) {
      const best = Math.max(...networks.map(({ train_accuracy }) => train_accuracy));
      throw new Failure(
        `Every network was left out: none reached ${percent(this.plan.leastAccuracy ?? 0)} training accuracy, the best ${percent(best)}; choose wider layers or fewer samples.`,
      );
    }
    const measured = await readTrainingDirectory(directory);
    const findings = trainingFindings(record.options.experiment, measured.networks);
    await this.update({ status: 'complete', finished: new Date().toISOString(), findings });
    const report = experimentHtml({ ...measured, record: this.record });
    await writeAtomically(path.join(directory, TRAINING_FILES.report), report);
  }

  private async update(change: Partial<TrainingRecord>): Promise<void> {
    const seconds = this.earlier + (performance.now() - this.began) / 1000;
    this.record = { ...this.record, ...change, seconds };
    await writeTrainingRecord(this.directory, this.record);
  }
}

function leftOutReason({ leastAccuracy }: ExperimentPlan, accuracy: number): string | null {
  if (leastAccuracy === null || accuracy >= leastAccuracy) return null;
  return `It learned only ${percent(accuracy)} of its labels, less than ${percent(leastAccuracy)}.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
