import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { prunedFolder } from '../prunedFolder';
import { shownPath, workspaceRoots } from '../workspaceFiles';

/**
 * Asks for the folder of a model without some of its units; undefined when the user turned away. Neither kind of dialog
 * lets one name a new folder as well as an old one: so each has a row.
 */
export async function pickPrunedFolder(model: string): Promise<string | undefined> {
  const { l10n } = vscode;
  const proposed = prunedFolder(model, workspaceRoots());
  const isTaken = existsSync(join(proposed, 'model.json'));
  const beside = {
    label: `$(folder) ${basename(proposed)}`,
    description: isTaken ? l10n.t('holds a model; you are asked before it is replaced') : '',
    detail: shownPath(proposed),
  };
  const fresh = { label: l10n.t('$(new-folder) A New Folder Elsewhere…') };
  const old = { label: l10n.t('$(folder-opened) A Folder That Exists…') };
  const title = l10n.t('Where to Save the Model');
  const chosen = await vscode.window.showQuickPick([beside, fresh, old], { title });
  if (chosen === beside) return proposed;
  if (chosen === fresh) {
    const defaultUri = vscode.Uri.file(proposed);
    const saveLabel = l10n.t('Save Here');
    return (await vscode.window.showSaveDialog({ title, saveLabel, defaultUri }))?.fsPath;
  }
  if (chosen !== old) return undefined;
  const folders = await vscode.window.showOpenDialog({
    title,
    openLabel: l10n.t('Save Here'),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(proposed), '..'),
  });
  return folders?.[0]?.fsPath;
}
