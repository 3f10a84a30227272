import * as vscode from 'vscode';
import { modelName } from '../names';
import { findModels, shownPath } from '../workspaceFiles';

interface ModelItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/**
 * The model that a command is about: the file it was called on (explorer, Models view), else one that the
 * user picks among those of the workspace. Undefined when the user turned away.
 */
export async function modelOf(target: unknown): Promise<string | undefined> {
  if (target instanceof vscode.Uri) return target.fsPath;
  const { uri } = (target ?? {}) as { readonly uri?: unknown };
  if (uri instanceof vscode.Uri) return uri.fsPath;
  return pickModel();
}

async function pickModel(): Promise<string | undefined> {
  const browse: ModelItem = { label: vscode.l10n.t('$(folder-opened) Browse…'), alwaysShow: true };
  const items = findModels().then((models): ModelItem[] => [
    ...models.map((uri) => ({
      label: `$(type-hierarchy) ${modelName(uri.fsPath)}`,
      description: shownPath(uri.fsPath),
      uri,
    })),
    browse,
  ]);
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Model'),
    placeHolder: vscode.l10n.t('Models found in the workspace'),
    matchOnDescription: true,
  });
  if (item !== browse) return item?.uri?.fsPath;
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Choose a Model'),
    filters: { [vscode.l10n.t('Models')]: ['json', 'keras', 'h5', 'hdf5'] },
  });
  return files?.[0]?.fsPath;
}
