import { cp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';

/** Copies the sample out of the extension into a new folder, and offers to open it. Overwrites nothing. */
export async function createSample(extension: vscode.Uri, into?: vscode.Uri): Promise<void> {
  const source = vscode.Uri.joinPath(extension, 'dist', 'sample').fsPath;
  const there = await stat(source).catch(() => null);
  if (there === null) {
    throw new Failure(
      vscode.l10n.t('This build has no sample; run “npm run sample” in the repository, or reinstall.'),
    );
  }
  const parent = into ?? (await pickFolder());
  if (parent === undefined) return;
  const folder = join(parent.fsPath, 'neuron-deletion-sample');
  const taken = await readdir(folder).catch(() => []);
  if (taken.length > 0) {
    throw new Failure(vscode.l10n.t('{0} already exists and is not empty; choose another folder.', folder));
  }
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Copying the sample…'),
  };
  await vscode.window.withProgress(options, () =>
    cp(source, folder, { recursive: true, force: false, errorOnExist: true }),
  );
  await offerToOpen(vscode.Uri.file(folder));
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Where to Create the Sample Workspace'),
    openLabel: vscode.l10n.t('Create Here'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return folders?.[0];
}

async function offerToOpen(folder: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const openNew = vscode.l10n.t('Open in New Window');
  const text = vscode.l10n.t('The sample is in {0}: two small models, one that generalizes and one that memorizes.', folder.fsPath); // prettier-ignore
  const chosen = await vscode.window.showInformationMessage(text, open, openNew);
  if (chosen === undefined) return;
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: chosen === openNew });
}
