import type { StoredExperiment, StoredRun } from '../protocol/engine';
import type { RunRecord } from '../protocol/run';
import type { CurveRun } from '../protocol/webview';
import { experimentOf } from '../runs/experimentFiles';
import type { RunEntry } from '../runs/runRecord';
import { DisposableStore } from './disposableStore';
import type { Event } from './emitter';
import type { Memory } from './keptChoices';
import { arrayOf, runTitle } from './names';
import type { Study } from './study';
import { Throttle } from './throttle';

/** Between two looks at the disk, milliseconds. */
const INTERVAL = 500;
const KEY = 'neuronDeletion.addedCurves';
/** Studies whose added runs are kept, the latest changed. */
const MOST = 30;

/** Where runs are found and read. */
export interface RunSource {
  /** All runs there are, those beside this one too. */
  list(directory: string): Promise<readonly RunEntry[]>;
  read(directory: string): Promise<StoredRun>;
  /** Anything thrown, as a sentence. */
  explain(thrown: unknown): string;
}

/** The studies that are on screen or running. */
export interface OpenStudies {
  all(): readonly Study[];
  readonly onDidChange: Event<Study>;
}

/** A run on disk of curves or noise. */
export interface CurveEntry {
  readonly directory: string;
  readonly record: RunRecord;
}

/**
 * Gives every study the runs of curves and noise of its model and data, and those its user added, as they come and
 * grow on disk. A study that is itself such a run gets itself. Knows nothing of VS Code.
 */
export class CurveRuns extends DisposableStore {
  private readonly seen = new WeakMap<Study, RunRecord>();
  /** What was read, and when it was true. */
  private readonly rows = new Map<
    string,
    { readonly stamp: string; readonly record: RunRecord; readonly experiment: StoredExperiment }
  >();
  private readonly throttle = this.own(new Throttle(INTERVAL, () => void this.refresh()));
  private refreshing = false;

  constructor(
    private readonly studies: OpenStudies,
    private readonly source: RunSource,
    private readonly memory: Memory,
  ) {
    super();
    this.own(studies.onDidChange((study) => this.studyChanged(study)));
  }

  /** Something changed on disk. */
  update(): void {
    if (this.studies.all().length > 0) this.throttle.trigger();
  }

  /** Shows a run beside those of a study. */
  add(study: Study, directory: string): void {
    const others = this.addedTo(study).filter((other) => other !== directory);
    this.keep(study, [...others, directory]);
  }

  /** Takes an added run away again. */
  remove(study: Study, directory: string): void {
    this.keep(
      study,
      this.addedTo(study).filter((other) => other !== directory),
    );
  }

  /** All runs of curves and noise that a study does not show. */
  async others(study: Study): Promise<CurveEntry[]> {
    const shown = new Set(study.state.curves.runs.map(({ directory }) => directory));
    return curveEntries(await this.source.list(study.directory)).filter(
      ({ directory }) => !shown.has(directory),
    );
  }

  private studyChanged(study: Study): void {
    const { record } = study.state;
    const before = this.seen.get(study);
    if (record === null || record === before) return;
    this.seen.set(study, record);
    // What an analysis writes has no curves; what a run of curves writes may be shown elsewhere.
    if (before === undefined || isCurves(record)) this.throttle.trigger();
  }

  private async refresh(): Promise<void> {
    if (this.refreshing) {
      this.throttle.trigger();
      return;
    }
    this.refreshing = true;
    try {
      for (const study of this.studies.all()) {
        if (study.state.record !== null) await this.refreshOne(study, study.state.record);
      }
    } finally {
      this.refreshing = false;
    }
  }

  private async refreshOne(study: Study, record: RunRecord): Promise<void> {
    try {
      const added = this.addedTo(study);
      const whole = !isCurves(record);
      const entries = curveEntries(await this.source.list(study.directory)).filter(
        (entry) =>
          entry.directory === study.directory ||
          added.includes(entry.directory) ||
          (whole && sameStudy(entry.record, record)),
      );
      const runs: CurveRun[] = [];
      for (const { directory, record: own } of entries) {
        const run = await this.read(directory, own);
        if (run !== null) {
          runs.push({ ...run, directory, title: runTitle(own), own: !added.includes(directory) });
        }
      }
      if (study.disposed || isSame(study.state.curves.runs, runs)) return;
      study.setCurves({ ...study.state.curves, runs });
    } catch (error) {
      if (!study.disposed) study.setCurves({ ...study.state.curves, problem: this.source.explain(error) });
    }
  }

  private async read(
    directory: string,
    listed: RunRecord,
  ): Promise<Pick<CurveRun, 'record' | 'experiment'> | null> {
    const stamp = stampOf(listed);
    const known = this.rows.get(directory);
    if (known?.stamp === stamp) return { record: known.record, experiment: known.experiment };
    const { record, experiment } = await this.source.read(directory);
    if (experiment === undefined) return null;
    // Of a run that goes on, the record may be newer than the one that was listed.
    this.rows.set(directory, { stamp: stampOf(record), record, experiment });
    return { record, experiment };
  }

  private addedTo({ directory }: Study): readonly string[] {
    return this.added().find(([of]) => of === directory)?.[1] ?? [];
  }

  private keep(study: Study, directories: readonly string[]): void {
    const others = this.added().filter(([of]) => of !== study.directory);
    const all = directories.length === 0 ? others : [...others, [study.directory, directories] as const];
    void this.memory.update(KEY, all.slice(-MOST));
    this.throttle.trigger();
  }

  /** By study; what other versions may have left is passed over. */
  private added(): readonly (readonly [string, readonly string[]])[] {
    const kept = this.memory.get(KEY);
    return Array.isArray(kept) ? kept.filter(isAdded) : [];
  }
}

function isAdded(value: unknown): value is [string, string[]] {
  if (!Array.isArray(value)) return false;
  const [of, directories] = value as unknown[];
  return (
    typeof of === 'string' &&
    Array.isArray(directories) &&
    directories.every((directory) => typeof directory === 'string')
  );
}

function isCurves(record: RunRecord): boolean {
  const name = experimentOf(record);
  return name === 'curves' || name === 'noise';
}

/** Those of curves and noise, the oldest first. */
function curveEntries(entries: readonly RunEntry[]): CurveEntry[] {
  return entries
    .flatMap(({ directory, record }) => (record !== null && isCurves(record) ? [{ directory, record }] : []))
    .sort((a, b) => a.record.created.localeCompare(b.record.created));
}

/** Of the same model, data and labels? */
export function sameStudy(a: RunRecord, b: RunRecord): boolean {
  const facts = ({ model, data, spec }: RunRecord): unknown => [
    model.sha256,
    data.sha256,
    data.labels_sha256,
    arrayOf(spec.data),
    spec.labels === undefined ? null : arrayOf(spec.labels),
    spec.label_column,
    spec.output,
  ];
  return JSON.stringify(facts(a)) === JSON.stringify(facts(b));
}

/** Another one whenever something was written. */
function stampOf({ created, seconds, status }: RunRecord): string {
  return `${created} ${seconds} ${status}`;
}

function isSame(before: readonly CurveRun[], now: readonly CurveRun[]): boolean {
  return (
    before.length === now.length &&
    before.every(
      (run, i) =>
        run.directory === now[i]!.directory &&
        run.title === now[i]!.title &&
        run.own === now[i]!.own &&
        run.experiment === now[i]!.experiment,
    )
  );
}
