import { existsSync } from 'node:fs';
import type { RunRecord } from '../protocol/run';
import type { StudySpec } from '../protocol/study';
import type { ExperimentJob, Job } from './analyses';
import { DisposableStore } from './disposableStore';
import type { Disposable } from './emitter';
import { runTitle } from './names';
import type { Study } from './study';

/** What measuring needs of the studies that are open. */
export interface MeasuredStudies {
  find(directory: string): Study | undefined;
  create(directory: string, title: string): Study;
  open(directory: string): Promise<Study>;
  release(study: Study): void;
}

/** The one queue of all that computes. */
export interface Queue {
  start(job: Job): void;
  cancel(study: Study): void;
}

/** Something that is measured for a study: it is a study of its own, in its run directory. */
interface Measurement {
  readonly experiment: 'curves' | 'noise';
  readonly study: Study;
  readonly watching: Disposable;
}

/**
 * Curves and noise measured for studies. Each is a run and a study of its own, in the queue of all analyses; how far
 * it is is shown where it was asked for. Knows nothing of VS Code.
 */
export class Measurements extends DisposableStore {
  /** By the directory of the study they are for. */
  private readonly active = new Map<string, Measurement>();

  /**
   * @param isShown has that run a panel?
   * @param done called when a measurement is over
   */
  constructor(
    private readonly studies: MeasuredStudies,
    private readonly queue: Queue,
    private readonly isShown: (directory: string) => boolean,
    private readonly done: () => void,
  ) {
    super();
    this.own({ dispose: () => this.active.forEach(({ watching }) => watching.dispose()) });
  }

  isMeasuring(directory: string): boolean {
    return this.active.has(directory);
  }

  /**
   * Begins, or goes on with what an earlier session finished.
   * @param owner directory of the study it is for
   * @param spec the owner's, its preprocessing fixed
   * @param directory the run directory
   */
  async start(
    owner: string,
    spec: StudySpec,
    experiment: ExperimentJob & { readonly name: 'curves' | 'noise' },
    directory: string,
  ): Promise<void> {
    if (this.active.has(owner)) return;
    const study = existsSync(directory)
      ? await this.studies.open(directory)
      : (this.studies.find(directory) ?? this.studies.create(directory, runTitle({ spec })));
    const watching = study.onDidPost(() => this.tell(owner));
    this.active.set(owner, { experiment: experiment.name, study, watching });
    this.queue.start({ study, spec, experiment, acceptChance: true });
    this.tell(owner);
  }

  /** Stops what is measured for a study; what is finished stays. */
  cancel(owner: string): void {
    const measurement = this.active.get(owner);
    if (measurement !== undefined) this.queue.cancel(measurement.study);
  }

  private tell(owner: string): void {
    const measurement = this.active.get(owner);
    if (measurement === undefined) return;
    const { experiment, study, watching } = measurement;
    const { progress, notice, record } = study.state;
    // While it waits for its turn, the notice says for what.
    const problem = progress !== null || notice?.severity === 'error' ? (notice?.text ?? null) : null;
    const shown = this.studies.find(owner);
    shown?.setCurves({
      // How it ended is known here before it is read from the disk.
      runs: shown.state.curves.runs.map((run) =>
        run.directory === study.directory && record !== null ? { ...run, record } : run,
      ),
      measuring: progress === null ? null : { experiment, progress },
      problem,
    });
    if (progress !== null) return;
    watching.dispose();
    this.active.delete(owner);
    this.done();
    // After all others have heard that it is over.
    setImmediate(() => {
      if (!study.disposed && !study.running && !this.isShown(study.directory)) this.studies.release(study);
    });
  }
}

/** The spec of a study as its curves are measured: with the preprocessing that was chosen. */
export function measuredSpec({ spec, preprocessing }: RunRecord): StudySpec {
  return { ...spec, scale: preprocessing.chosen };
}
