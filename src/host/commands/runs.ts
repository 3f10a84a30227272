import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import { experimentOf } from '../../runs/experimentFiles';
import { readRecord } from '../../runs/runRecord';
import { renameRun as writeName } from '../../runs/renameRun';
import { runTitle } from '../names';
import type { Services } from '../services';
import { exportRun } from './exportRun';

/** Shows a run in its panel; one of pairs has its pictures in its report. */
export async function openRun(services: Services, directory: string): Promise<void> {
  const record = await readRecord(directory).catch(() => null);
  if (record !== null && experimentOf(record) === 'pairs') return exportRun(services, directory, 'html');
  try {
    services.panels.show(await services.studies.open(directory));
  } catch (error) {
    // Perhaps it is gone: then its row should be, too.
    services.runs.update();
    throw error;
  }
}

/** Gives a run another name, in lists and titles; its folder stays as it is. */
export async function renameRun(services: Services, directory: string): Promise<void> {
  const { l10n } = vscode;
  refuseRunning(services, directory, l10n.t('This run is being computed; name it when that is done.'));
  const before = await readRecord(directory);
  const typed = await vscode.window.showInputBox({
    title: l10n.t('Rename Run'),
    prompt: l10n.t('Leave it empty for “{0}”.', runTitle({ spec: before.spec })),
    value: runTitle(before),
  });
  if (typed === undefined) return;
  refuseRunning(services, directory, l10n.t('This run is being computed; name it when that is done.'));
  const isTitle = typed.trim() === runTitle({ spec: before.spec });
  const record = await writeName(directory, isTitle ? '' : typed);
  services.studies.find(directory)?.rename(record, runTitle(record));
  services.runs.update();
}

/** Deletes the directories of runs and experiments, after asking. */
export async function deleteRuns(services: Services, directories: readonly string[]): Promise<void> {
  const { l10n } = vscode;
  const [first, ...others] = directories;
  if (first === undefined) return;
  for (const directory of directories) {
    const text = l10n.t('This run is being computed; cancel the analysis before deleting it.');
    refuseRunning(services, directory, text);
    if (services.trainings.running?.directory !== directory) continue;
    throw new Failure(l10n.t('This experiment is being carried out; cancel it before deleting it.'));
  }
  const several = others.length > 0;
  const confirm = several ? l10n.t('Delete {0} Runs', directories.length) : l10n.t('Delete Run');
  const question = several
    ? l10n.t('Delete these {0} runs and their results?', directories.length)
    : l10n.t('Delete this run and its results?');
  const detail = several
    ? l10n.t('They are deleted for good: {0}', directories.map((directory) => `\n${directory}`).join(''))
    : l10n.t('{0} is deleted for good.', first);
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm);
  if (answer !== confirm) return;
  try {
    for (const directory of directories) await deleteRun(services, directory);
  } finally {
    services.runs.update();
  }
}

async function deleteRun({ panels, reports, studies }: Services, directory: string): Promise<void> {
  panels.close(directory);
  reports.close(directory);
  const study = studies.find(directory);
  if (study !== undefined) studies.release(study);
  await vscode.workspace.fs.delete(vscode.Uri.file(directory), { recursive: true, useTrash: false });
  studies.forget(directory);
}

/** @throws Failure with this text while a run is being computed */
function refuseRunning({ studies }: Services, directory: string, text: string): void {
  if (studies.find(directory)?.running === true) throw new Failure(text);
}
