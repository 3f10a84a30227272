import * as vscode from 'vscode';
import { isFromInspector, namesKnownUnits } from '../../protocol/validateFromWebview';
import type { FromInspector, ToInspector } from '../../protocol/webview';
import { DisposableStore } from '../disposableStore';
import { inspectorState } from '../inspectorState';
import { onFittingMessage } from '../panel/fittingMessages';
import { webviewHtml, webviewOptions } from '../panel/webviewHtml';
import type { Studies } from '../studies';
import type { Hover } from '../study';

/** The unit inspector in the side panel: follows the selection of the active study. */
export class InspectorView extends DisposableStore implements vscode.WebviewViewProvider {
  private view: vscode.WebviewView | undefined;
  private ready = false;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly studies: Studies,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.own(vscode.window.registerWebviewViewProvider('neuronDeletion.inspector', this));
    this.own(studies.onDidChangeActive(() => this.update()));
    this.own(studies.onDidHover(({ study, hover }) => study === studies.active && this.showHover(hover)));
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
    onFittingMessage(
      view.webview,
      isFromInspector,
      this.log,
      (message) => this.receive(message),
      (message) => namesKnownUnits(message, this.studies.active?.state.record?.sites),
    );
    view.onDidChangeVisibility(() => this.update());
    view.onDidDispose(() => {
      if (this.view === view) this.view = undefined;
    });
    view.webview.html = webviewHtml(view.webview, this.extension, {
      name: 'inspector',
      title: vscode.l10n.t('Unit Inspector'),
    });
  }

  private get seen(): boolean {
    return this.ready && this.view?.visible === true;
  }

  private receive(message: FromInspector): void {
    const { active } = this.studies;
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.update();
        break;
      case 'delete':
        active?.setDeleted(message.unit, message.deleted);
        break;
      case 'select':
        active?.select(message.unit);
        break;
      case 'hover':
        active?.hover(message.unit, this);
        break;
    }
  }

  private showHover({ unit, by }: Hover): void {
    if (by !== this) this.post({ type: 'hover', unit });
  }

  private update(): void {
    if (!this.seen) return;
    const { active } = this.studies;
    this.post({ type: 'state', state: active === null ? null : inspectorState(active.state) });
  }

  private post(message: ToInspector): void {
    if (this.seen) void this.view?.webview.postMessage(message);
  }
}
