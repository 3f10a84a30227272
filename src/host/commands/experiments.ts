import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import {
  defaultSeeds,
  TRAINING_EXPERIMENTS,
  type TrainingEstimate,
  type TrainingExperiment,
  type TrainingOptions,
} from '../../protocol/training';
import { isTrainingDirectory } from '../../runs/listTrainings';
import { newRunDirectory, TRAINING_REPORT } from '../../runs/runDirectory';
import { readTrainingRecord } from '../../runs/trainingRecord';
import { fileOf } from '../names';
import { withNotice } from '../requestNotice';
import { canReveal, reveal } from '../reveal';
import type { Services } from '../services';
import { estimateText, experimentPurpose, experimentTitle } from '../trainingTexts';
import { findingsText } from '../views/describeTraining';
import { rootOf, workspaceRoots } from '../workspaceFiles';
import type { DataFinder } from './dataFinder';
import { pickTrainingData } from './pickTrainingData';

/** How much of an experiment is carried out; none where the user does not want it after all. */
interface ExtentItem extends vscode.QuickPickItem {
  readonly options: TrainingOptions | undefined;
}

/** Run Experiment…: which, on what data, and after a word on what it takes, its networks and its report. */
export async function runExperiment(services: Services, finder: DataFinder): Promise<void> {
  refuseSecond(services);
  refuseNoFolder();
  const experiment = await pickExperiment();
  if (experiment === undefined) return;
  const sample = vscode.Uri.joinPath(services.context.extensionUri, 'dist', 'sample').fsPath;
  const data = await pickTrainingData(existsSync(sample) ? sample : null, finder);
  if (data === undefined) return;
  const whole: TrainingOptions = {
    experiment,
    ...data,
    hidden: null,
    seeds: defaultSeeds(experiment, false),
    seed: 0,
    quick: false,
  };
  const options = await pickExtent(services, whole);
  if (options === undefined) return;
  const root = rootOf(fileOf(options.train.data));
  await carryOut(services, newRunDirectory(root, experiment), options);
}

/** Goes on with an experiment where it stopped. */
export async function continueExperiment(services: Services, directory: string): Promise<void> {
  refuseSecond(services);
  const { options } = await readTrainingRecord(directory);
  await carryOut(services, directory, options);
}

/** Shows the report of an experiment. */
export async function openExperiment(services: Services, directory: string): Promise<void> {
  const { l10n } = vscode;
  const running = services.trainings.running?.directory === directory;
  if (existsSync(join(directory, TRAINING_REPORT))) {
    const { options } = await readTrainingRecord(directory);
    await services.reports.show(directory, experimentTitle(options.experiment));
  } else if (running) {
    const text = l10n.t('This experiment is being carried out; its report comes when it is done.');
    void vscode.window.showInformationMessage(text);
  } else {
    const go = l10n.t('Continue');
    const { error } = await readTrainingRecord(directory);
    const text = error ?? l10n.t('This experiment has no report yet: it was not carried out to its end.');
    const chosen = await vscode.window.showInformationMessage(text, go);
    if (chosen === go) await continueExperiment(services, directory);
  }
}

/** Trains and measures, shows how far it is, and in the end the report. */
async function carryOut(services: Services, directory: string, options: TrainingOptions): Promise<void> {
  const { l10n } = vscode;
  const title = experimentTitle(options.experiment);
  const result = await withNotice(l10n.t('Experiment “{0}”', title), (request) =>
    services.trainings.start({ options, directory }, request),
  );
  services.runs.update();
  if (result?.kind !== 'complete') {
    // Before its record is there, nothing is finished.
    if (isTrainingDirectory(directory)) await sayCancelled(services, directory, title);
    return;
  }
  await services.reports.show(directory, title);
  const folder = vscode.Uri.file(directory);
  const show = l10n.t('Reveal');
  const text = l10n.t('The experiment “{0}” is done: {1}.', title, findingsText(result.record));
  const chosen = await vscode.window.showInformationMessage(text, ...(canReveal(folder) ? [show] : []));
  if (chosen === show) await reveal(folder);
}

async function sayCancelled(services: Services, directory: string, title: string): Promise<void> {
  const { l10n } = vscode;
  const go = l10n.t('Continue');
  const text = l10n.t('The experiment “{0}” is cancelled; what is finished is kept.', title);
  if ((await vscode.window.showInformationMessage(text, go)) !== go) return;
  await continueExperiment(services, directory);
}

async function pickExperiment(): Promise<TrainingExperiment | undefined> {
  const items = TRAINING_EXPERIMENTS.map((experiment) => ({
    label: `$(beaker) ${experimentTitle(experiment)}`,
    detail: experimentPurpose(experiment),
    experiment,
  }));
  const title = vscode.l10n.t('Experiment');
  const placeHolder = vscode.l10n.t('Small networks are trained, then their neurons are deleted');
  const options = { title, placeHolder, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.experiment;
}

/** Asks whether to go through all of it, by what that takes; undefined when the user turned away. */
async function pickExtent(
  { engine }: Services,
  whole: TrainingOptions,
): Promise<TrainingOptions | undefined> {
  const { l10n } = vscode;
  // One network a setting shows that it works.
  const quick = { ...whole, seeds: 1, quick: true };
  const controller = new AbortController();
  const { signal } = controller;
  const estimate = (options: TrainingOptions): Promise<TrainingEstimate> =>
    engine.process.request('estimateTraining', options, { signal });
  const rows = async (): Promise<ExtentItem[]> => [
    // One after the other: each measures how fast this machine is.
    { label: l10n.t('$(play) Run'), description: estimateText(await estimate(whole)), options: whole },
    {
      label: l10n.t('$(zap) Quick Version'),
      description: estimateText(await estimate(quick)),
      detail: l10n.t('few samples and small networks: to see that it works, not to learn from'),
      options: quick,
    },
    { label: l10n.t('$(close) Cancel'), options: undefined },
  ];
  const title = l10n.t('Experiment “{0}”', experimentTitle(whole.experiment));
  const placeHolder = l10n.t('Working out how long it will take…');
  try {
    return (await vscode.window.showQuickPick(rows(), { title, placeHolder }))?.options;
  } finally {
    controller.abort();
  }
}

/** @throws Failure while an experiment is being carried out */
function refuseSecond({ trainings }: Services): void {
  if (trainings.running === null) return;
  throw new Failure(vscode.l10n.t('An experiment is being carried out; cancel it or wait until it is done.'));
}

/** @throws Failure where no folder is open that could keep it */
function refuseNoFolder(): void {
  if (workspaceRoots().length > 0) return;
  throw new Failure(vscode.l10n.t('Open a folder first: the experiment is kept in it.'));
}
