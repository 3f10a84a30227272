import * as vscode from 'vscode';
import { isFromStudy, namesKnownUnits } from '../../protocol/validateFromWebview';
import type { FromStudy, ToStudy } from '../../protocol/webview';
import { DisposableStore } from '../disposableStore';
import type { Study } from '../study';
import { onFittingMessage } from './fittingMessages';
import { webviewHtml, webviewOptions } from './webviewHtml';

/** What a panel's buttons ask for. */
export interface StudyActions {
  cancel(study: Study): void;
  resume(study: Study): void;
  exportRun(study: Study, format: 'csv' | 'json' | 'html'): void;
  saveWithout(study: Study): void;
  savePicture(study: Study, picture: Extract<FromStudy, { readonly type: 'savePicture' }>): void;
  measure(study: Study, experiment: 'curves' | 'noise'): void;
  cancelMeasuring(study: Study): void;
  addCurves(study: Study): void;
  removeCurves(study: Study, directory: string): void;
  showLog(): void;
  setUpNative(): void;
  activate(study: Study): void;
}

/**
 * One study in an editor. A view that says `ready`, or is seen again, gets everything; a visible one gets the
 * changes; a hidden one nothing.
 */
export class StudyPanel extends DisposableStore {
  private ready = false;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly study: Study,
    extension: vscode.Uri,
    private readonly actions: StudyActions,
    log: vscode.LogOutputChannel,
  ) {
    super();
    const { title } = study.state;
    panel.title = title;
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', `panel-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = webviewOptions(extension);
    this.own(
      onFittingMessage(
        panel.webview,
        isFromStudy,
        log,
        (message) => this.receive(message),
        (message) => namesKnownUnits(message, study.state.record?.sites),
      ),
    );
    this.own(panel.onDidChangeViewState(() => this.viewChanged()));
    this.own(study.onDidPost((message) => this.post(message)));
    this.own(study.onDidPost(() => this.retitle()));
    this.own(study.onDidHover(({ unit, by }) => by !== this && this.post({ type: 'hover', unit })));
    this.own(panel.onDidDispose(() => this.dispose()));
    panel.webview.html = webviewHtml(panel.webview, extension, {
      name: 'study',
      title,
      remember: { run: study.directory },
    });
    if (panel.active) actions.activate(study);
  }

  private receive(message: FromStudy): void {
    const { study, actions } = this;
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.snapshot();
        break;
      case 'select':
        actions.activate(study);
        study.select(message.unit);
        break;
      case 'delete':
        study.setDeleted(message.unit, message.deleted);
        break;
      case 'setDeletion':
        study.setDeletion(message.units);
        break;
      case 'restoreAll':
        study.setDeletion([]);
        break;
      case 'undo':
        study.undo();
        break;
      case 'redo':
        study.redo();
        break;
      case 'saveSet':
        study.saveSet(message.name);
        break;
      case 'removeSet':
        study.removeSet(message.name);
        break;
      case 'saveWithout':
        actions.saveWithout(study);
        break;
      case 'hover':
        study.hover(message.unit, this);
        break;
      case 'measure':
        actions.measure(study, message.experiment);
        break;
      case 'cancelMeasuring':
        actions.cancelMeasuring(study);
        break;
      case 'addCurves':
        actions.addCurves(study);
        break;
      case 'removeCurves':
        actions.removeCurves(study, message.directory);
        break;
      case 'cancel':
        actions.cancel(study);
        break;
      case 'resume':
        actions.resume(study);
        break;
      case 'exportRun':
        actions.exportRun(study, message.format);
        break;
      case 'savePicture':
        actions.savePicture(study, message);
        break;
      case 'setUpNative':
        actions.setUpNative();
        break;
      case 'showLog':
        actions.showLog();
        break;
    }
  }

  private retitle(): void {
    const { title } = this.study.state;
    if (this.panel.title !== title) this.panel.title = title;
  }

  private viewChanged(): void {
    if (this.panel.active) this.actions.activate(this.study);
    // A hidden page is gone for good; the one that comes back says ready, or lives and missed something.
    if (this.panel.visible) this.snapshot();
  }

  private snapshot(): void {
    this.post({ type: 'snapshot', state: this.study.state });
  }

  private post(message: ToStudy): void {
    if (this.ready && this.panel.visible) void this.panel.webview.postMessage(message);
  }
}
