import * as vscode from 'vscode';
import type { FromInspector, ToInspector } from '../../protocol/webview';
import { DisposableStore } from '../disposableStore';
import { inspectorState } from '../inspectorState';
import { webviewHtml, webviewOptions } from '../panel/webviewHtml';
import type { Studies } from '../studies';

/** The unit inspector in the side panel: follows the selection of the active study. */
export class InspectorView extends DisposableStore implements vscode.WebviewViewProvider {
  private view: vscode.WebviewView | undefined;
  private ready = false;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly studies: Studies,
  ) {
    super();
    this.own(vscode.window.registerWebviewViewProvider('neuronDeletion.inspector', this));
    this.own(studies.onDidChangeActive(() => this.update()));
    this.own(
      studies.onDidChange((study) => {
        if (study === studies.active) this.update();
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.ready = false;
    view.webview.options = webviewOptions(this.extension);
    view.webview.onDidReceiveMessage((message: FromInspector) => this.receive(message));
    view.onDidChangeVisibility(() => this.update());
    view.onDidDispose(() => {
      if (this.view === view) this.view = undefined;
    });
    view.webview.html = webviewHtml(view.webview, this.extension, {
      name: 'inspector',
      title: vscode.l10n.t('Unit Inspector'),
    });
  }

  private receive(message: FromInspector): void {
    if (message.type === 'delete') this.studies.active?.setDeleted(message.unit, message.deleted);
    else {
      this.ready = true;
      this.update();
    }
  }

  private update(): void {
    if (!this.ready || this.view?.visible !== true) return;
    const { active } = this.studies;
    const message: ToInspector = {
      type: 'state',
      state: active === null ? null : inspectorState(active.state),
    };
    void this.view.webview.postMessage(message);
  }
}
