import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { NOISE_SCALES } from '../../protocol/curves';
import type { RunRecord } from '../../protocol/run';
import { experimentOf } from '../../runs/experimentFiles';
import { newRunDirectory, STUDY_FOLDER } from '../../runs/runDirectory';
import { listRuns, readRecord } from '../../runs/runRecord';
import type { ExperimentJob } from '../analyses';
import { sameStudy, type CurveEntry } from '../curveRuns';
import { measuredSpec } from '../measurements';
import { runTitle } from '../names';
import type { Services } from '../services';
import { rootOf } from '../workspaceFiles';
import { continueRun } from './analyze';
import type { DataFinder } from './dataFinder';
import { pickCurves } from './pickCurves';
import { decimals, moment } from '../numberText';

type Measured = ExperimentJob & { readonly name: 'curves' | 'noise' };

/** Repeats of a noise curve. */
const REPEATS = 5;

/** Measures curves or noise on the model and data of a run, or goes on with what is not finished. */
export async function measure(
  services: Services,
  finder: DataFinder,
  owner: string,
  name: 'curves' | 'noise',
): Promise<void> {
  const { measurements, curveRuns, studies } = services;
  const { l10n } = vscode;
  if (measurements.isMeasuring(owner)) {
    void vscode.window.showInformationMessage(l10n.t('Something is being measured for this run already.'));
    return;
  }
  const record = await readRecord(owner);
  const spec = measuredSpec(record);
  const runs = await runsOfStudy(services, owner, record, name);
  const unfinished = runs.filter(({ record: run }) => run.status !== 'complete');
  const experiment = await choose(services, finder, record, unfinished, name);
  if (experiment === undefined) return;
  const same = runs.find(({ record: run }) => isSame(run, experiment) && isSameSpec(run, record));
  if (same?.record.status === 'complete') {
    void vscode.window.showInformationMessage(l10n.t('This is measured already, and shown.'));
    return;
  }
  const study = await studies.open(owner);
  services.panels.show(study);
  const directory = same?.directory ?? freeDirectory(services, owner, record);
  if (directory === owner) return continueRun(services, directory);
  // A panel of curves shows itself, and what is added.
  if (experimentOf(record) !== null) curveRuns.add(study, directory);
  await measurements.start(owner, same === undefined ? spec : same.record.spec, experiment, directory);
}

/** Asks which runs of curves and noise to lay beside those of a study. */
export async function addCurves({ studies, curveRuns }: Services, owner: string): Promise<void> {
  const { l10n } = vscode;
  const study = await studies.open(owner);
  const entries = await curveRuns.others(study);
  if (entries.length === 0) {
    void vscode.window.showInformationMessage(
      l10n.t('There are no other runs of curves or noise; measure some for another model first.'),
    );
    return;
  }
  const items = entries.reverse().map(({ directory, record }) => ({
    label: `$(${record.noise === undefined ? 'graph-line' : 'pulse'}) ${runTitle(record)}`,
    description: contentOf(record),
    detail: l10n.t('{0}, made {1}', record.model.path, moment(record.created)),
    directory,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: l10n.t('Runs to Lay Beside'),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  for (const { directory } of chosen ?? []) curveRuns.add(study, directory);
}

/** What is in a run of curves or noise, for a line of a list. */
function contentOf({ noise, curves }: RunRecord): string {
  const { l10n } = vscode;
  if (noise !== undefined) return l10n.t('noise');
  const random = curves?.summary.find(({ order }) => order === 'random') ?? curves?.summary[0];
  return random === undefined ? l10n.t('curves') : l10n.t('curves, AUC {0}', decimals(random.auc, 3));
}

/** Runs of that experiment on the model and data of another, the latest first. */
async function runsOfStudy(
  { studies }: Services,
  owner: string,
  record: RunRecord,
  name: 'curves' | 'noise',
): Promise<CurveEntry[]> {
  const entries = await listRuns(runRoot(owner, record));
  return entries.flatMap(({ directory, record: run }) =>
    run !== null &&
    experimentOf(run) === name &&
    sameStudy(run, record) &&
    run.spec.operator === record.spec.operator &&
    studies.find(directory)?.running !== true
      ? [{ directory, record: run }]
      : [],
  );
}

async function choose(
  services: Services,
  finder: DataFinder,
  record: RunRecord,
  unfinished: readonly CurveEntry[],
  name: 'curves' | 'noise',
): Promise<Measured | undefined> {
  if (name === 'noise') {
    const stopped = unfinished.find((run) => isSameSpec(run.record, record))?.record.noise;
    return { name, options: stopped?.options ?? { scales: NOISE_SCALES, repeats: REPEATS } };
  }
  const stopped = unfinished.filter((run) => isSameSpec(run.record, record));
  const options = await pickCurves(services, finder, record, stopped);
  return options === undefined ? undefined : { name, options };
}

function isSame(run: RunRecord, { name, options }: Measured): boolean {
  return JSON.stringify(run[name]?.options) === JSON.stringify(options);
}

/** Would measuring for `record` give the very numbers of this run? */
function isSameSpec(run: RunRecord, record: RunRecord): boolean {
  const facts = (one: RunRecord): unknown => {
    const { sites, samples, seed, operator, draws } = one.spec;
    return [sites, samples, seed, operator, draws, one.preprocessing.chosen];
  };
  return JSON.stringify(facts(run)) === JSON.stringify(facts(record));
}

/** Where the runs beside a run are kept. */
function runRoot(directory: string, { spec }: RunRecord): string {
  const folder = dirname(dirname(directory));
  return basename(folder) === STUDY_FOLDER ? join(folder, '..') : rootOf(spec.model);
}

/** A path for a new run that neither the disk nor the queue has. */
export function freeDirectory(
  { studies }: Pick<Services, 'studies'>,
  owner: string,
  record: RunRecord,
): string {
  const root = runRoot(owner, record);
  for (let time = Date.now(); ; time += 1000) {
    const directory = newRunDirectory(root, record.spec.model, new Date(time));
    if (studies.find(directory) === undefined) return directory;
  }
}
