import * as vscode from 'vscode';
import type { CurveOptions } from '../../protocol/curves';
import type { SpecFile, StudySpec } from '../../protocol/study';
import { newRunDirectory } from '../../runs/runDirectory';
import { readComparison, type FoundPart, type Subject } from '../comparison';
import { nextTask, type TaskSetting } from '../comparisonTasks';
import { fileOf } from '../names';
import type { Services } from '../services';
import { rootOf } from '../workspaceFiles';
import { remember } from './analyze';
import type { DataFinder } from './dataFinder';
import { freeDirectory } from './measure';
import { pickData, type PickedData } from './pickData';
import { defaultOperator } from './pickOperator';

/** Measures what a comparison lacks, on data that is asked for where no run says on which. */
export async function measureComparison(
  services: Services,
  finder: DataFinder,
  subjects: readonly Subject[],
): Promise<void> {
  const { comparisons, studies } = services;
  const work = comparisons.workOf(subjects);
  if (work.measuring !== null) return;
  const { found } = await readComparison(subjects, comparisons.reader);
  const specs = await specsOf(services, finder, found);
  if (specs === undefined) return;
  const train = await trainingOf(services, finder, found);
  if (train === undefined) return;
  const setting: TaskSetting = {
    specs,
    train: train.data,
    newDirectory: (model, beside) => {
      const record = found.find(({ units }) => units?.directory === beside)?.units?.run.record;
      return beside === null || record === undefined
        ? newRunDirectory(rootOf(model), model)
        : freeDirectory({ studies }, beside, record);
    },
  };
  await work.measure(async () => nextTask(await readComparison(subjects, comparisons.reader), setting));
}

/**
 * How models without a run are studied: as those with one, else on data that is asked for; each on its own labels where
 * its spec file names them for that data. Undefined when the user turned away.
 */
async function specsOf(
  { engine, log }: Services,
  finder: DataFinder,
  found: readonly FoundPart[],
): Promise<ReadonlyMap<string, StudySpec> | undefined> {
  const { readSpecFile } = await import('../../runs/specFile');
  const models = found.flatMap(({ model, units }) => (units === null ? [model] : []));
  const specs = new Map<string, StudySpec>();
  const [first] = models;
  if (first === undefined) return specs;
  const known = found.find(({ units }) => units !== null)?.units?.run.record.spec;
  const reading = engine.process.request('inspectModel', { path: first });
  reading.catch(() => undefined);
  const picked = known ?? (await pickData(first, reading, await readSpecFile(first), finder));
  if (picked === undefined) return undefined;
  for (const model of models) {
    const stored = await readSpecFile(model);
    const usual = { operator: defaultOperator(model), seed: 0 };
    const own = withData(stored, picked);
    const spec = { ...usual, ...(known === undefined ? own : measuredAs(own, known)), model };
    specs.set(model, spec);
    if (stored === null) await remember({ log }, spec, stored);
  }
  return specs;
}

/** A model's own study where it is of that data, with its labels; else that data, and of its own what is not of data. */
function withData(
  stored: SpecFile | null,
  picked: PickedData | StudySpec,
): SpecFile & Pick<StudySpec, 'data' | 'scale'> {
  const { data, labels, label_column, scale } = picked;
  if (stored?.data !== undefined && fileOf(stored.data) === fileOf(data)) {
    return { scale, ...stored, data: stored.data };
  }
  const {
    labels: _,
    label_column: _column,
    label_pattern: _pattern,
    inputs: _inputs,
    ...kept
  } = stored ?? {};
  return {
    ...kept,
    data,
    scale,
    ...(labels === undefined ? {} : { labels }),
    ...(label_column === undefined ? {} : { label_column }),
  };
}

/** On as many samples, with the operator and the seed of another study. */
function measuredAs<S extends SpecFile>(
  { samples: _, draws: _draws, ...spec }: S,
  { operator, seed, samples, draws }: StudySpec,
): Omit<S, 'samples' | 'draws'> & Pick<StudySpec, 'operator' | 'seed' | 'samples' | 'draws'> {
  return {
    ...spec,
    operator,
    seed,
    ...(samples === undefined ? {} : { samples }),
    ...(draws === undefined ? {} : { draws }),
  };
}

/** Of checkpoints whose curves are still to be measured: data they were trained on, where the user has it. */
async function trainingOf(
  { engine }: Services,
  finder: DataFinder,
  found: readonly FoundPart[],
): Promise<{ readonly data: CurveOptions['train'] } | undefined> {
  const { l10n } = vscode;
  const [first] = found;
  const begun = found.some(({ curves, unfinished }) => curves !== null || unfinished.curves !== null);
  if (first?.step == null || begun) return { data: null };
  const without = { label: l10n.t('No'), description: l10n.t('only the data to compare on') };
  const choose = { label: l10n.t('Choose Training Data…') };
  const answer = await vscode.window.showQuickPick([without, choose], {
    title: l10n.t('Measure on the Training Data, Too?'),
  });
  if (answer !== choose) return answer && { data: null };
  const reading = engine.process.request('inspectModel', { path: first.model });
  const picked = await pickData(first.model, reading, null, finder);
  if (picked === undefined) return undefined;
  const { data, labels } = picked;
  return { data: { data, ...(labels === undefined ? {} : { labels }) } };
}
