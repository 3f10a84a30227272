import type { AnalyzeEvent } from '../protocol/engine';
import { Cancelled } from '../protocol/failure';
import type { Progress } from '../protocol/run';
import type { TrainingExperiment, TrainingParams, TrainingResult } from '../protocol/training';
import { DisposableStore } from './disposableStore';
import { Emitter } from './emitter';
import type { EngineProcess, RequestOptions } from './engineProcess';

/** An experiment that is being carried out. */
export interface RunningTraining {
  readonly directory: string;
  readonly experiment: TrainingExperiment;
  readonly progress: Progress;
}

const BEGINNING: Progress = { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null };

/** Carries out experiments, one at a time, and knows how far the one is. Knows nothing of VS Code. */
export class Trainings extends DisposableStore {
  private current: RunningTraining | null = null;
  private controller = new AbortController();
  private readonly changes = this.own(new Emitter<void>());

  /** An experiment began, went on, or ended. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly engine: Pick<EngineProcess, 'request'>) {
    super();
    this.own({ dispose: () => this.cancel() });
  }

  get running(): RunningTraining | null {
    return this.current;
  }

  /**
   * Begins an experiment, or goes on with it. What ends it early is a cancel here or one by `options`.
   * @returns how it ended; null where the engine had to be killed to cancel it: what was finished is on disk
   * @throws Failure for what the user can mend
   * @throws Error while another one is being carried out
   */
  async start(params: TrainingParams, { on, signal }: RequestOptions): Promise<TrainingResult | null> {
    if (this.current !== null) throw new Error('An experiment is running already.');
    const { directory, options } = params;
    const controller = new AbortController();
    this.controller = controller;
    const cancel = (): void => controller.abort();
    signal?.addEventListener('abort', cancel, { once: true });
    const told = (event: AnalyzeEvent): void => {
      on?.(event);
      if (event.event !== 'progress' || this.controller !== controller) return;
      this.set({ directory, experiment: options.experiment, progress: event.progress });
    };
    this.set({ directory, experiment: options.experiment, progress: BEGINNING });
    try {
      return await this.engine.request('train', params, { on: told, signal: controller.signal });
    } catch (error) {
      if (error instanceof Cancelled) return null;
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.set(null);
    }
  }

  /** Ends the experiment that is being carried out; what is finished stays. */
  cancel(): void {
    this.controller.abort();
  }

  private set(running: RunningTraining | null): void {
    this.current = running;
    this.changes.fire();
  }
}
