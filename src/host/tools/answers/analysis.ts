import { resolve } from 'node:path';
import * as v from 'valibot';
import type { StoredRun } from '../../../protocol/engine';
import { Failure } from '../../../protocol/failure';
import type { RunRecord } from '../../../protocol/run';
import { OPERATORS, SCALES, type Operator, type SpecFile, type StudySpec } from '../../../protocol/study';
import { experimentOf } from '../../../runs/experimentFiles';
import { readSpecFile } from '../../../runs/specFile';
import { layerSummary, topUnits } from '../../../runs/summary';
import type { ListedRun } from '../../comparison';
import { provenance } from './chooseRun';
import { countTo, natural, readInput, text } from './readInput';
import { figure, type ToolWorkspace } from './toolWorkspace';
import { insideWorkspace } from './workspacePaths';

const SCALE_NAMES = ['auto', ...SCALES] as const;

export const ANALYSIS_INPUT = v.strictObject({
  model: text,
  data: v.optional(text),
  labels: v.optional(text),
  label_column: v.optional(text),
  sites: v.optional(v.pipe(v.array(text, 'a list of names'), v.minLength(1, 'a list of at least one name'))),
  operator: v.optional(v.picklist(OPERATORS, `one of ${OPERATORS.join(', ')}`)),
  scale: v.optional(v.picklist(SCALE_NAMES, `one of ${SCALE_NAMES.join(', ')}`)),
  samples: v.optional(countTo(100_000_000)),
  seed: v.optional(natural),
  accept_chance: v.optional(v.boolean('true or false')),
});

/** What is to be analysed, and how. */
export interface AskedStudy {
  readonly spec: StudySpec;
  readonly acceptChance: boolean;
}

/**
 * The study that is asked for: what is not given is as in the file beside the model.
 * @param operator what a unit is set to where neither says it
 * @throws Failure for what is wrong or not there
 */
export async function askedStudy(
  input: unknown,
  roots: readonly string[],
  operator: (model: string) => Operator,
): Promise<AskedStudy> {
  const given = readInput(ANALYSIS_INPUT, input);
  const model = await insideWorkspace(given.model, roots);
  const stored = (await readSpecFile(model)) ?? {};
  const path = (reference: string): Promise<string> => insideWorkspace(reference, roots);
  const data = given.data === undefined ? stored.data : await path(given.data);
  if (data === undefined) {
    throw new Failure(`Say on which labelled data: give data, as no file beside ${given.model} names any.`);
  }
  const labels = given.labels === undefined ? undefined : await path(given.labels);
  const { label_column, sites, scale, samples, seed } = given;
  const inherited = data === stored.data ? stored : withoutLabels(stored);
  const flags: SpecFile = {
    ...(labels === undefined ? {} : { labels }),
    ...(label_column === undefined ? {} : { label_column }),
    ...(sites === undefined ? {} : { sites }),
    ...(given.operator === undefined ? {} : { operator: given.operator }),
    ...(scale === undefined ? {} : { scale }),
    ...(samples === undefined ? {} : { samples }),
    ...(seed === undefined ? {} : { seed }),
  };
  const defaults = { scale: 'auto', operator: operator(model), seed: 0 } as const;
  return {
    spec: { ...defaults, ...inherited, ...flags, data, model },
    acceptChance: given.accept_chance ?? false,
  };
}

/** Labels belong to the data they were named with, and so do the data of single inputs. */
function withoutLabels(file: SpecFile): SpecFile {
  const { labels: _, label_column: _column, label_pattern: _pattern, inputs: _inputs, ...rest } = file;
  return rest;
}

/**
 * A finished analysis of that very study, its files as they were; null where there is none.
 * @param runs the newest first
 */
export async function sameAnalysis(
  spec: StudySpec,
  runs: readonly ListedRun[],
  stale: ToolWorkspace['stale'],
): Promise<{ readonly directory: string; readonly record: RunRecord } | null> {
  for (const { directory, record } of runs) {
    if (record?.status !== 'complete' || experimentOf(record) !== null) continue;
    if (studyKey(record.spec) !== studyKey(spec)) continue;
    if ((await stale(record)) === null) return { directory, record };
  }
  return null;
}

/** Alike for studies that give the same numbers. */
function studyKey({ model, ...rest }: StudySpec): string {
  return JSON.stringify([resolve(model), ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** What is told of a model that is hardly better than chance. */
export function nearChance(question: string): Failure {
  return new Failure(`${question} To go on all the same, give accept_chance.`);
}

const TOP = 10;
const MOST_LAYERS = 40;

/** What an analysis found. */
export async function analysisFacts(
  directory: string,
  run: StoredRun,
  workspace: ToolWorkspace,
): Promise<Readonly<Record<string, unknown>>> {
  const { record } = run;
  const { baseline, headline, preprocessing } = record;
  const layers = layerSummary(run);
  return {
    ...(await provenance({ directory, record }, workspace)),
    headline: headline?.text ?? null,
    notes: record.notes ?? [],
    baseline: {
      accuracy: figure(baseline.accuracy),
      balanced_accuracy: figure(baseline.balanced_accuracy),
      loss: figure(baseline.loss),
      correct: baseline.correct,
      samples: baseline.samples,
    },
    preprocessing: { chosen: preprocessing.chosen, by: preprocessing.by },
    most_important: topUnits(run, TOP).map((unit) => ({
      site: unit.site,
      unit: unit.unit,
      accuracy_drop: figure(unit.accuracy_drop),
      interval_95: [figure(unit.drop_low), figure(unit.drop_high)],
      within_noise: unit.within_noise === 1,
      loss_increase: figure(unit.loss_increase),
      max_class_drop: figure(unit.max_class_drop),
      max_class: record.classes[unit.max_class] ?? null,
      selectivity: figure(unit.selectivity),
      preferred_class: record.classes[unit.preferred_class] ?? null,
    })),
    sites: layers.slice(0, MOST_LAYERS).map(({ site, units, dead, within_noise, worst, median_drop }) => ({
      site,
      units,
      dead,
      within_noise,
      worst_unit: worst?.unit ?? null,
      worst_drop: figure(worst?.accuracy_drop),
      median_drop: figure(median_drop),
    })),
    ...(layers.length > MOST_LAYERS ? { more_sites: layers.length - MOST_LAYERS } : {}),
    seconds: figure(record.seconds),
    backend: record.backend.name,
  };
}
