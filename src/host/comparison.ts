import { resolve } from 'node:path';
import { fallsFrom, verdictOf, type Checkpoint } from '../core/measures/verdict';
import type { ComparedRobustness } from '../protocol/compare';
import {
  COMPARED_COLUMNS,
  type ComparedColumn,
  type ComparedLine,
  type ComparedKind,
  type ComparedPart,
  type CompareState,
} from '../protocol/compareState';
import type { StoredRun } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import type { CurveRun } from '../protocol/webview';
import { comparedModel } from '../runs/comparison';
import { experimentOf } from '../runs/experimentFiles';
import { modelName } from '../runs/runDirectory';
import { sameStudy } from './curveRuns';
import { runTitle } from './names';
import { newestOf } from './runFigures';

/** What is compared: a run, or a model, which stands for its newest analysis; `step`: of its training. */
export type Subject =
  { readonly directory: string } | { readonly model: string; readonly step: number | null };

/** A run as it is listed. */
export interface ListedRun {
  readonly directory: string;
  readonly record: RunRecord | null;
}

/** What a comparison needs to read runs. */
export interface RunReader {
  /** Says why a run of curves, noise or pairs is refused. */
  readonly refusal: (directory: string) => string;
  /** @throws Failure if there is no run in the directory */
  readonly read: (directory: string) => Promise<StoredRun>;
  /** All runs, the newest first. */
  readonly others: () => Promise<readonly ListedRun[]>;
}

/** A run that is listed and can be read. */
type Begun = ListedRun & { readonly record: RunRecord };

/** A run with where it is. */
interface Found {
  readonly directory: string;
  readonly run: StoredRun;
}

/** What there is of a model that is compared. */
export interface FoundPart {
  readonly model: string;
  readonly units: Found | null;
  readonly curves: Found | null;
  readonly noise: Found | null;
  /** The newest that was begun, where there is no finished one. */
  readonly unfinished: { readonly curves: Begun | null; readonly noise: Begun | null };
  readonly step: number | null;
}

/** A comparison as it stands. */
export interface ReadComparison {
  /** In the order of the subjects. */
  readonly found: readonly FoundPart[];
  /** What the verdict rests on; null before there are curves. */
  readonly lines: readonly (ComparedRobustness | null)[];
  readonly state: Pick<CompareState, 'verdict' | 'falls'> & { readonly parts: readonly ComparedPart[] };
}

/**
 * Finds the runs of all that is compared, and what they come to.
 * @throws Failure where one is no analysis of neurons, or cannot be read
 */
export async function readComparison(
  subjects: readonly Subject[],
  reader: RunReader,
): Promise<ReadComparison> {
  const listed = await reader.others();
  const found = await Promise.all(subjects.map((subject) => findPart(subject, listed, reader)));
  const names = namesOf(found);
  const parts = found.map((part, i) => comparedPart(part, names[i]!));
  const lines = found.map((part, i) => lineOf(part, names[i]!));
  const known = lines.filter((line) => line !== null);
  const whole = known.length === parts.length && known.length > 1;
  const checkpoints = lines.flatMap((line, i): Checkpoint[] => {
    const { step } = found[i]!;
    return line === null || step === null ? [] : [{ ...line, step }];
  });
  const falls =
    whole && checkpoints.length === parts.length ? { falls: fallsFrom(checkpoints)?.step ?? null } : {};
  return { found, lines, state: { parts, verdict: whole ? verdictOf(known) : null, ...falls } };
}

/** Is that run of the very study of an analysis: the same file of a network, on the same samples, treated the same? */
export function isOfStudy(run: RunRecord, analysis: RunRecord): boolean {
  const facts = ({ model, sites, baseline, seed, spec, preprocessing }: RunRecord): unknown => [
    resolve(model.path),
    sites.map(({ name }) => name),
    baseline.samples,
    seed,
    spec.operator,
    spec.draws,
    preprocessing.chosen,
  ];
  return sameStudy(run, analysis) && JSON.stringify(facts(run)) === JSON.stringify(facts(analysis));
}

/** Has it random orderings of all sites together, enough for an interval? */
export function hasOrderings({ curves, sites }: RunRecord): boolean {
  if (curves === undefined) return false;
  const { orders, orderings, each } = curves.options;
  return orders.includes('random') && orderings > 1 && (sites.length === 1 || !each);
}

async function findPart(
  subject: Subject,
  listed: readonly ListedRun[],
  reader: RunReader,
): Promise<FoundPart> {
  const step = 'model' in subject ? subject.step : null;
  const directory = 'model' in subject ? newestOf(subject.model, listed)?.directory : subject.directory;
  if (directory === undefined) {
    const { model } = subject as Extract<Subject, { readonly model: string }>;
    const unfinished = { curves: null, noise: null };
    return { model, units: null, curves: null, noise: null, unfinished, step };
  }
  const run = await reader.read(directory);
  const { record } = run;
  if (run.experiment !== undefined) throw new Failure(reader.refusal(directory));
  const own = listed.filter(
    (one): one is Begun =>
      one.record !== null && experimentOf(one.record) !== null && isOfStudy(one.record, record),
  );
  const curves = await findRun(
    own.filter((one) => hasOrderings(one.record)),
    reader,
  );
  const noise = await findRun(
    own.filter((one) => one.record.noise !== undefined),
    reader,
  );
  return {
    model: record.model.path,
    units: { directory, run },
    curves: curves.done,
    noise: noise.done,
    unfinished: { curves: curves.begun, noise: noise.begun },
    step,
  };
}

/** The first finished one of some runs; where there is none, the first. */
async function findRun(
  runs: readonly Begun[],
  { read }: RunReader,
): Promise<{ readonly done: Found | null; readonly begun: Begun | null }> {
  const done = runs.find(({ record }) => record.status === 'complete');
  if (done === undefined) return { done: null, begun: runs[0] ?? null };
  return { done: { directory: done.directory, run: await read(done.directory) }, begun: null };
}

/** By model where that tells them apart, else by run, else by number; checkpoints by their step, too. */
function namesOf(found: readonly FoundPart[]): string[] {
  const tries: readonly ((part: FoundPart) => string)[] = [
    ({ model }) => modelName(model),
    ({ model, units }) => (units === null ? modelName(model) : runTitle(units.run.record)),
  ];
  const telling = tries.find((name) => new Set(found.map(name)).size === found.length);
  if (telling !== undefined) return found.map(telling);
  const names = found.map(tries[0]!);
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

function comparedPart(part: FoundPart, name: string): ComparedPart {
  const { units, curves, noise, unfinished, step } = part;
  const missing: ComparedKind[] = [
    ...(units?.run.record.status === 'complete' ? [] : (['units'] as const)),
    ...(curves === null ? (['curves'] as const) : []),
    ...(noise === null ? (['noise'] as const) : []),
  ];
  const trained = curves?.run.record.curves?.summary.find(({ data }) => data === 'train');
  return {
    name,
    run: units && {
      directory: units.directory,
      title: runTitle(units.run.record),
      record: units.run.record,
      columns: columnsOf(units.run),
      curves: curves && curveRun(curves, name),
      noise: noise && curveRun(noise, name),
    },
    missing,
    begun:
      (units !== null && units.run.record.status !== 'complete') ||
      unfinished.curves !== null ||
      unfinished.noise !== null,
    line: sent(lineOf(part, name)),
    step,
    train_accuracy: trained?.baseline_accuracy ?? null,
  };
}

/** Messages to pages are JSON, which has no NaN. */
function sent(line: ComparedRobustness | null): ComparedLine | null {
  if (line === null) return null;
  const entries = Object.entries(line).map(([key, value]: readonly [string, unknown]) => {
    return [key, Number.isNaN(value) ? null : value] as const;
  });
  return Object.fromEntries(entries) as unknown as ComparedLine;
}

/** Copies: a whole backing buffer would travel to the page otherwise. */
function columnsOf({ table }: StoredRun): Record<ComparedColumn, Float64Array> {
  const columns = {} as Record<ComparedColumn, Float64Array>;
  for (const name of COMPARED_COLUMNS) columns[name] = table.columns[name].slice();
  return columns;
}

function curveRun({ directory, run: { record, experiment } }: Found, title: string): CurveRun | null {
  return experiment === undefined ? null : { directory, title, record, experiment, own: true };
}

function lineOf({ units, curves }: FoundPart, name: string): ComparedRobustness | null {
  return units === null || curves === null
    ? null
    : comparedModel({ name, curves: curves.run, units: units.run });
}
