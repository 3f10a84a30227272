import * as vscode from 'vscode';
import type { SiteFigures } from '../../protocol/engine';
import { Failure } from '../../protocol/failure';
import type { ModelInfo } from '../../protocol/study';
import { DisposableStore } from '../disposableStore';
import type { EngineProcess } from '../engineProcess';
import { modelName } from '../names';
import { problemText } from '../problems';
import { newestOf } from '../runFigures';
import { isIgnored } from '../searchRules';
import type { Studies } from '../studies';
import { Throttle } from '../throttle';
import { findModels, MODEL_GLOB, shownPath } from '../workspaceFiles';
import { modelItem, plainItem, siteItems } from './modelItems';
import { findRuns, type RunNode } from './runNodes';
import type { RunsView } from './runsView';

/** A row of the Models view. */
export type ModelNode =
  | {
      readonly kind: 'model';
      readonly uri: vscode.Uri;
      /** Its newest run. */
      readonly last: ReturnType<typeof newestOf<RunNode>>;
      readonly ambiguous: boolean;
    }
  | { readonly kind: 'row'; readonly item: vscode.TreeItem };

/** The models of the workspace with their format and accuracy; each opens into its sites. */
export class ModelsView extends DisposableStore implements vscode.TreeDataProvider<ModelNode> {
  private readonly changed = this.own(new vscode.EventEmitter<ModelNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly refresh = this.own(new Throttle(1000, () => this.changed.fire(undefined)));
  /** What was found and read since the last change of a file. */
  private found: Promise<vscode.Uri[]> | null = null;
  private readonly read = new Map<string, Promise<ModelInfo>>();
  /** The newest runs as they are shown. */
  private shownRuns = '';

  constructor(
    private readonly engine: EngineProcess,
    private readonly studies: Studies,
    runs: RunsView,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.own(
      vscode.window.createTreeView('neuronDeletion.models', { treeDataProvider: this, canSelectMany: true }),
    );
    const watcher = this.own(vscode.workspace.createFileSystemWatcher(MODEL_GLOB));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      this.own(event((uri) => this.fileChanged(uri)));
    }
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.forget()));
    this.own(runs.onDidUpdate(() => void this.runsChanged()));
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    if (node.kind === 'row') return node.item;
    return modelItem(node.uri, node.last?.record ?? null, node.ambiguous);
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (node === undefined) return this.models();
    if (node.kind === 'row') return [];
    try {
      const [model, figures] = await Promise.all([this.inspect(node.uri.fsPath), this.figures(node.last)]);
      return siteItems(model, figures).map((item) => ({ kind: 'row', item }));
    } catch (error) {
      if (!(error instanceof Failure)) this.log.error(error instanceof Error ? error : String(error));
      return [{ kind: 'row', item: plainItem(problemText(error), '', 'warning') }];
    }
  }

  private async models(): Promise<ModelNode[]> {
    this.found ??= findModels();
    const [models, runs] = await Promise.all([this.found, findRuns(this.studies)]);
    const paths = models.map((uri) => uri.fsPath);
    void vscode.commands.executeCommand('setContext', 'neuronDeletion.models', paths);
    this.shownRuns = newestRuns(paths, runs);
    const names = paths.map(modelName);
    return models.map((uri) => {
      const name = modelName(uri.fsPath);
      const ambiguous = names.indexOf(name) !== names.lastIndexOf(name);
      return { kind: 'model', uri, last: newestOf(uri.fsPath, runs), ambiguous };
    });
  }

  /** Draws anew only where a model has another newest run, or that one has come to an end. */
  private async runsChanged(): Promise<void> {
    if (this.found === null) return;
    const [models, runs] = await Promise.all([this.found, findRuns(this.studies)]);
    const paths = models.map((uri) => uri.fsPath);
    if (newestRuns(paths, runs) !== this.shownRuns) this.refresh.trigger();
  }

  private async inspect(path: string): Promise<ModelInfo> {
    const known = this.read.get(path) ?? this.engine.request('inspectModel', { path });
    this.read.set(path, known);
    return known.catch((error: unknown) => {
      this.read.delete(path);
      throw error;
    });
  }

  /** What the newest run found, site by site; a run that cannot be read hides no sites. */
  private async figures(last: RunNode | undefined): Promise<readonly SiteFigures[]> {
    if (last === undefined) return [];
    return this.engine.request('siteFigures', { directory: last.directory }).catch((error: unknown) => {
      this.log.warn(`The figures of ${last.directory} cannot be read: ${String(error)}`);
      return [];
    });
  }

  private fileChanged(uri: vscode.Uri): void {
    if (!isIgnored(shownPath(uri.fsPath))) this.forget();
  }

  private forget(): void {
    this.found = null;
    this.read.clear();
    this.refresh.trigger();
  }
}

function newestRuns(paths: readonly string[], runs: readonly RunNode[]): string {
  return JSON.stringify(
    paths.map((path) => {
      const last = newestOf(path, runs);
      return [last?.directory, last?.record.status, last?.record.name];
    }),
  );
}
