import * as vscode from 'vscode';
import { Cancelled, Failure } from '../../protocol/failure';
import type { ModelDescription, RefusedModel, SpecFile } from '../../protocol/study';
import { isFromModelPage } from '../../protocol/validateFromWebview';
import type { FromModelPage, ModelPageState, ToModelPage } from '../../protocol/webview';
import { DisposableStore } from '../disposableStore';
import type { EngineProcess } from '../engineProcess';
import { modelName } from '../names';
import { problemText } from '../problems';
import { Throttle } from '../throttle';
import { shownPath } from '../workspaceFiles';
import { onFittingMessage } from './fittingMessages';
import { webviewHtml, webviewOptions } from './webviewHtml';

/** View type of the custom editor that says what is in a model. */
export const MODEL_VIEW = 'neuronDeletion.model';

/** A model's file; what is in it the engine reads, for its page. */
class ModelDocument implements vscode.CustomDocument {
  constructor(readonly uri: vscode.Uri) {}

  dispose(): void {
    // It holds nothing.
  }
}

/** The read-only editor of models: opened by *Inspect Model* and *Open With…*. */
export class ModelEditor
  extends DisposableStore
  implements vscode.CustomReadonlyEditorProvider<ModelDocument>
{
  constructor(
    private readonly extension: vscode.Uri,
    private readonly engine: EngineProcess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.own(vscode.window.registerCustomEditorProvider(MODEL_VIEW, this));
  }

  openCustomDocument(uri: vscode.Uri): ModelDocument {
    return new ModelDocument(uri);
  }

  resolveCustomEditor({ uri }: ModelDocument, panel: vscode.WebviewPanel): void {
    const page = new ModelPage(panel, uri, this.engine, this.log);
    panel.webview.options = webviewOptions(this.extension);
    panel.webview.html = webviewHtml(panel.webview, this.extension, {
      name: 'model',
      title: page.state.name,
    });
  }
}

/** One open page. It is read again when its file changes, as soon as it is to be seen. */
class ModelPage extends DisposableStore {
  state: ModelPageState;
  private ready = false;
  private outdated = true;
  /** The latest reading counts. */
  private readings = 0;
  private readonly changed = this.own(new Throttle(1000, () => this.readIfSeen()));

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly uri: vscode.Uri,
    private readonly engine: EngineProcess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    const { fsPath } = uri;
    this.state = { name: modelName(fsPath), place: shownPath(fsPath), model: null };
    this.own(onFittingMessage(panel.webview, isFromModelPage, log, (message) => this.receive(message)));
    this.own(panel.onDidChangeViewState(() => this.viewChanged()));
    this.own(panel.onDidDispose(() => this.dispose()));
    if (uri.scheme !== 'file') return;
    const folder = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*');
    const watcher = this.own(vscode.workspace.createFileSystemWatcher(folder));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      this.own(event((file) => this.fileChanged(file)));
    }
  }

  private receive(message: FromModelPage): void {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.post();
        this.readIfSeen();
        break;
      case 'analyze':
        void vscode.commands.executeCommand('neuronDeletion.analyze', this.uri);
        break;
      case 'readAgain':
        void this.read();
        break;
    }
  }

  private viewChanged(): void {
    // A hidden page is gone for good; the one that comes back says ready, or lives and missed something.
    if (!this.panel.visible) return;
    this.post();
    this.readIfSeen();
  }

  private fileChanged({ fsPath }: vscode.Uri): void {
    const own = this.uri.fsPath;
    if (fsPath !== own && fsPath !== `${own}.neuron-deletion.json`) return;
    this.outdated = true;
    this.changed.trigger();
  }

  private readIfSeen(): void {
    if (this.outdated && this.ready && this.panel.visible) void this.read();
  }

  private async read(): Promise<void> {
    const reading = ++this.readings;
    this.outdated = false;
    this.show(null);
    const model = await this.describe();
    if (model !== null && reading === this.readings && !this.disposed) this.show(model);
  }

  /** What the engine says of the model; null when nobody asks any more. */
  private async describe(): Promise<ModelDescription | null> {
    const { fsPath: path, scheme } = this.uri;
    if (scheme !== 'file') {
      return refused(path, vscode.l10n.t('{0} is not a file on a disk; only those are read.', path));
    }
    try {
      const { output, topology } = await this.spec(path);
      return await this.engine.request('describeModel', {
        path,
        ...(output === undefined ? {} : { output }),
        ...(topology === undefined ? {} : { topology }),
      });
    } catch (error) {
      if (error instanceof Cancelled) return null;
      if (!(error instanceof Failure)) this.log.error(error instanceof Error ? error : String(error));
      return refused(path, problemText(error));
    }
  }

  /** How the model's study reads it. */
  private async spec(path: string): Promise<SpecFile> {
    const { readSpecFile } = await import('../../runs/specFile');
    return (await readSpecFile(path)) ?? {};
  }

  private show(model: ModelDescription | null): void {
    this.state = { ...this.state, model };
    this.post();
  }

  private post(): void {
    const message: ToModelPage = { type: 'model', state: this.state };
    if (this.ready && this.panel.visible) void this.panel.webview.postMessage(message);
  }
}

function refused(path: string, problem: string): RefusedModel {
  return {
    path,
    problem,
    command: null,
    format: null,
    producer: null,
    inputs: [],
    outputs: [],
    parameters: null,
    layers: [],
  };
}
