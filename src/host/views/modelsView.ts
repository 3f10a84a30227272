import { basename } from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import type { ModelInfo } from '../../protocol/study';
import { DisposableStore } from '../disposableStore';
import type { EngineProcess } from '../engineProcess';
import { modelName, shapeText } from '../names';
import { problemText } from '../problems';
import { isIgnored } from '../searchRules';
import { Throttle } from '../throttle';
import { findModels, MODEL_GLOB, shownPath } from '../workspaceFiles';

/** A row of the Models view. */
export type ModelNode =
  | { readonly kind: 'model'; readonly uri: vscode.Uri }
  | { readonly kind: 'row'; readonly item: vscode.TreeItem };

/** The models of the workspace; each opens into its sites with the number of their units. */
export class ModelsView extends DisposableStore implements vscode.TreeDataProvider<ModelNode> {
  private readonly changed = this.own(new vscode.EventEmitter<ModelNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly refresh = this.own(new Throttle(1000, () => this.changed.fire(undefined)));

  constructor(
    private readonly engine: EngineProcess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.own(vscode.window.createTreeView('neuronDeletion.models', { treeDataProvider: this }));
    const watcher = this.own(vscode.workspace.createFileSystemWatcher(MODEL_GLOB));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      this.own(event((uri) => this.fileChanged(uri)));
    }
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh.trigger()));
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    if (node.kind === 'row') return node.item;
    const { uri } = node;
    const item = new vscode.TreeItem(modelName(uri.fsPath), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = uri.toString();
    item.description = shownPath(uri.fsPath);
    item.tooltip = uri.fsPath;
    item.iconPath = new vscode.ThemeIcon('type-hierarchy');
    item.contextValue = 'model';
    return item;
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (node === undefined) {
      const models = await findModels();
      const paths = models.map((uri) => uri.fsPath);
      void vscode.commands.executeCommand('setContext', 'neuronDeletion.models', paths);
      return models.map((uri) => ({ kind: 'model', uri }));
    }
    if (node.kind === 'row') return [];
    try {
      return siteRows(await this.engine.request('inspectModel', { path: node.uri.fsPath }));
    } catch (error) {
      if (!(error instanceof Failure)) this.log.error(error instanceof Error ? error : String(error));
      return [row(problemText(error), '', 'warning')];
    }
  }

  private fileChanged(uri: vscode.Uri): void {
    if (!isIgnored(shownPath(uri.fsPath))) this.refresh.trigger();
  }
}

function siteRows(model: ModelInfo): ModelNode[] {
  const sites = model.sites.map((site) => {
    const units = vscode.l10n.t('{0} units', site.units);
    // Also what a screen reader says of the row.
    const whole = vscode.l10n.t(
      '{0}: {1}, {2}, output {3}',
      site.name,
      units,
      site.kind,
      shapeText(site.shape),
    );
    return row(site.name, `${units} · ${site.kind}`, 'symbol-array', whole);
  });
  const excluded = model.excluded.map((site) =>
    row(site.name, site.reason, 'circle-slash', `${site.name}: ${site.reason}`),
  );
  if (sites.length > 0) return [...sites, ...excluded];
  const text = vscode.l10n.t('{0} has no neurons that can be deleted', basename(model.path));
  return [row(text, '', 'info'), ...excluded];
}

function row(label: string, description: string, icon: string, tooltip: string = label): ModelNode {
  const item = new vscode.TreeItem(label);
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = new vscode.ThemeIcon(icon);
  return { kind: 'row', item };
}
