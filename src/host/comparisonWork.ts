import { existsSync } from 'node:fs';
import type { ComparedKind, ComparedMeasuring } from '../protocol/compareState';
import type { StudySpec } from '../protocol/study';
import type { ExperimentJob } from './analyses';
import { DisposableStore } from './disposableStore';
import { Emitter } from './emitter';
import type { MeasuredStudies, Queue } from './measurements';
import { runTitle } from './names';
import type { Study } from './study';

/** A run that a comparison lacks. */
export interface ComparisonTask {
  /** Of the model. */
  readonly name: string;
  readonly kind: ComparedKind;
  readonly spec: StudySpec;
  /** Absent for an analysis. */
  readonly experiment?: ExperimentJob;
  /** The run directory; continued where it is there. */
  readonly directory: string;
}

/** The next run that is missing, how many are missing with it, or null where all is measured. */
export type NextTask = () => Promise<{ readonly task: ComparisonTask; readonly left: number } | null>;

/** How a run ended. */
type End = 'complete' | 'cancelled' | { readonly problem: string };

/**
 * Measures what a comparison lacks, one run after another, each a study of its own in the queue of all analyses. What
 * is done stays when it is cancelled, and is gone on with. Knows nothing of VS Code.
 */
export class ComparisonWork extends DisposableStore {
  private readonly changes = this.own(new Emitter<void>());
  private readonly runs = this.own(new Emitter<void>());
  private study: Study | null = null;
  private busy = false;
  private stopped = false;
  private measured: ComparedMeasuring | null = null;
  private trouble: string | null = null;

  /** How far it is, or what went wrong, is another. */
  readonly onDidChange = this.changes.event;
  /** A run is done. */
  readonly onDidMeasure = this.runs.event;

  /**
   * @param isShown has that run a panel?
   * @param explain anything thrown, as a sentence
   */
  constructor(
    private readonly studies: MeasuredStudies,
    private readonly queue: Queue,
    private readonly isShown: (directory: string) => boolean,
    private readonly explain: (thrown: unknown) => string,
  ) {
    super();
  }

  get measuring(): ComparedMeasuring | null {
    return this.measured;
  }

  get problem(): string | null {
    return this.trouble;
  }

  /** Measures until nothing is missing, something fails, or it is cancelled; nothing where that goes on already. */
  async measure(next: NextTask): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.stopped = false;
    this.set(null, null);
    try {
      await this.measureAll(next);
    } catch (error) {
      this.set(null, this.explain(error));
    } finally {
      this.busy = false;
      this.set(null, this.trouble);
    }
  }

  /** Stops; what is finished stays. */
  cancel(): void {
    this.stopped = true;
    if (this.study !== null) this.queue.cancel(this.study);
  }

  private async measureAll(next: NextTask): Promise<void> {
    /** A run that stays missing although it was measured must not be measured for ever. */
    const tried = new Set<string>();
    for (let found = await next(), done = 0; found !== null; found = await next(), done++) {
      const { task, left } = found;
      if (this.stopped || this.disposed || tried.has(task.directory)) return;
      tried.add(task.directory);
      const end = await this.run(task, done, done + left);
      if (typeof end === 'object') this.set(null, end.problem);
      this.runs.fire();
      if (end !== 'complete') return;
    }
  }

  private async run(task: ComparisonTask, done: number, runs: number): Promise<End> {
    const { name, kind, spec, experiment, directory } = task;
    const study = existsSync(directory)
      ? await this.studies.open(directory)
      : (this.studies.find(directory) ?? this.studies.create(directory, runTitle({ spec })));
    if (this.stopped) return 'cancelled';
    this.study = study;
    const end = await new Promise<End>((resolve) => {
      const tell = (): void => {
        const { progress, notice, record } = study.state;
        if (progress !== null) {
          const waits = notice?.text ?? null;
          this.set({ name, kind, done, runs, progress, waits }, null);
          return;
        }
        watching.dispose();
        if (notice?.severity === 'error') resolve({ problem: notice.text });
        else resolve(record?.status === 'complete' ? 'complete' : 'cancelled');
      };
      const watching = study.onDidPost(tell);
      this.queue.start({ study, spec, ...(experiment && { experiment }), acceptChance: true });
      tell();
    });
    this.study = null;
    // After all others have heard that it is over.
    setImmediate(() => {
      if (!study.disposed && !study.running && !this.isShown(directory)) this.studies.release(study);
    });
    return end;
  }

  private set(measured: ComparedMeasuring | null, trouble: string | null): void {
    this.measured = measured;
    this.trouble = trouble;
    if (!this.disposed) this.changes.fire();
  }
}
