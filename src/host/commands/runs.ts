import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import { experimentOf } from '../../runs/experimentFiles';
import { readRecord } from '../../runs/runRecord';
import type { Services } from '../services';
import { describeRun, findRuns } from '../views/runsView';

/**
 * The run directory a command is about: the row it was called on, the panel that has the focus, else one
 * that the user picks. Undefined when the user turned away.
 */
export async function runOf(services: Services, target: unknown, title: string): Promise<string | undefined> {
  const { directory } = (target ?? {}) as { readonly directory?: unknown };
  if (typeof directory === 'string') return directory;
  if (services.panels.focused !== null) return services.panels.focused.directory;
  const nodes = (await findRuns(services.studies)).filter(({ problem }) => problem === null);
  if (nodes.length === 0) {
    throw new Failure(vscode.l10n.t('There are no runs in this workspace yet; analyze a model first.'));
  }
  const items = nodes.map((node) => {
    const { label, detail, icon } = describeRun(node);
    return { label: `$(${icon}) ${label}`, description: detail, directory: node.directory };
  });
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.directory;
}

/** Shows a run in its panel; one of curves, noise or pairs has its pictures in its report. */
export async function openRun(services: Services, directory: string): Promise<void> {
  const record = await readRecord(directory).catch(() => null);
  if (record !== null && experimentOf(record) !== null) return exportReport(services, directory);
  try {
    services.panels.show(await services.studies.open(directory));
  } catch (error) {
    // Perhaps it is gone: then its row should be, too.
    services.runs.update();
    throw error;
  }
}

/** Deletes a run directory, after asking. */
export async function deleteRun(services: Services, directory: string): Promise<void> {
  const study = services.studies.find(directory);
  if (study?.running === true) {
    throw new Failure(vscode.l10n.t('This run is being computed; cancel the analysis before deleting it.'));
  }
  const confirm = vscode.l10n.t('Delete Run');
  const question = vscode.l10n.t('Delete this run and its results?');
  const options = { modal: true, detail: vscode.l10n.t('{0} is deleted for good.', directory) };
  if ((await vscode.window.showWarningMessage(question, options, confirm)) !== confirm) return;
  services.panels.close(directory);
  if (study !== undefined) services.studies.release(study);
  await vscode.workspace.fs.delete(vscode.Uri.file(directory), { recursive: true, useTrash: false });
  services.studies.forget(directory);
  services.runs.update();
}

/** Writes a run as one self-contained HTML file. */
export async function exportReport(services: Services, directory: string, file?: vscode.Uri): Promise<void> {
  const record = await readRecord(directory);
  const proposal = vscode.Uri.joinPath(vscode.Uri.file(directory), '..', '..', '..', `${record.id}.html`);
  const target =
    file ??
    (await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Export Report'),
      defaultUri: proposal,
      filters: { HTML: ['html'] },
    }));
  if (target === undefined) return;
  const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Writing the report…') };
  await vscode.window.withProgress(options, () =>
    services.engine.process.request('report', { directory, file: target.fsPath }),
  );
  const open = vscode.l10n.t('Open in Browser');
  const text = vscode.l10n.t('The report is in {0}.', target.fsPath);
  void vscode.window.showInformationMessage(text, open).then((chosen) => {
    if (chosen === open) void vscode.env.openExternal(target);
  });
}
