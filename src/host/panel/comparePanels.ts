import * as vscode from 'vscode';
import { isFromCompare } from '../../protocol/validateCompare';
import type { CompareState, FromCompare, ToCompare } from '../../protocol/webview';
import { savePicture } from '../commands/exportRun';
import { comparedRun, type RunReader } from '../comparison';
import { DisposableStore } from '../disposableStore';
import type { EngineProcess } from '../engineProcess';
import { problemText, showProblem } from '../problems';
import type { Studies } from '../studies';
import { findRuns } from '../views/runNodes';
import { onFittingMessage } from './fittingMessages';
import { webviewHtml, webviewOptions } from './webviewHtml';

/** View type of the comparison of two runs. */
export const COMPARE_VIEW = 'neuronDeletion.compare';

/** The open comparisons, at most one of two runs in that order; they come back after a window reload. */
export class ComparePanels extends DisposableStore implements vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly studies: Studies,
    private readonly engine: EngineProcess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.own(vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW, this));
    this.own({
      dispose: () => {
        for (const panel of this.panels.values()) panel.dispose();
      },
    });
  }

  /** Shows two runs beside each other, in the panel they already have or in a new one. */
  show(first: string, second: string): void {
    const open = this.panels.get(keyOf(first, second));
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const title = vscode.l10n.t('Comparison');
    this.adopt(
      vscode.window.createWebviewPanel(COMPARE_VIEW, title, vscode.ViewColumn.Active),
      first,
      second,
    );
  }

  /** Part of a window reload: the panel knows its runs. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { first, second } = (state ?? {}) as { readonly first?: unknown; readonly second?: unknown };
    if (typeof first === 'string' && typeof second === 'string') this.adopt(panel, first, second);
    else panel.dispose();
    return Promise.resolve();
  }

  private adopt(panel: vscode.WebviewPanel, first: string, second: string): void {
    const key = keyOf(first, second);
    this.panels.set(key, panel);
    panel.onDidDispose(() => this.panels.delete(key));
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(this.extension, 'media', `panel-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = webviewOptions(this.extension);
    const page = new ComparePage(panel, [first, second], this.reader(), this.log);
    panel.onDidDispose(() => page.dispose());
    panel.webview.html = webviewHtml(panel.webview, this.extension, {
      name: 'compare',
      title: vscode.l10n.t('Comparison'),
      remember: { first, second },
    });
  }

  private reader(): RunReader {
    return {
      refusal: (directory) =>
        vscode.l10n.t('{0} did not analyze neurons one by one; compare runs that did.', directory),
      read: (directory) => this.engine.request('readRun', { directory }),
      others: () => findRuns(this.studies),
    };
  }
}

/** One open comparison; the runs are read again whenever it comes into view. */
class ComparePage extends DisposableStore {
  private ready = false;
  /** The latest reading counts. */
  private readings = 0;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly directories: readonly [string, string],
    private readonly reader: RunReader,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.own(onFittingMessage(panel.webview, isFromCompare, log, (message) => void this.receive(message)));
    this.own(panel.onDidChangeViewState(() => void this.show()));
  }

  private async receive(message: FromCompare): Promise<void> {
    try {
      switch (message.type) {
        case 'ready':
          this.ready = true;
          await this.show();
          break;
        case 'openRun': {
          const directory = this.directories.find((own) => own === message.directory);
          if (directory === undefined) return;
          await vscode.commands.executeCommand('neuronDeletion.openRun', { directory });
          break;
        }
        case 'savePicture':
          await savePicture(this.directories[0], message);
          break;
      }
    } catch (error) {
      showProblem(this.log, error);
    }
  }

  private async show(): Promise<void> {
    if (!this.ready || !this.panel.visible) return;
    const reading = ++this.readings;
    const state = await this.read();
    if (reading !== this.readings || this.disposed) return;
    const [first, second] = state.runs ?? [];
    if (first !== undefined && second !== undefined) {
      this.panel.title = vscode.l10n.t('{0} and {1}', first.title, second.title);
    }
    const message: ToCompare = { type: 'comparison', state };
    void this.panel.webview.postMessage(message);
  }

  private async read(): Promise<CompareState> {
    const [first, second] = this.directories;
    try {
      const runs = await Promise.all([comparedRun(first, this.reader), comparedRun(second, this.reader)]);
      return { runs, problem: null };
    } catch (error) {
      this.log.warn(`A comparison cannot be shown: ${String(error)}`);
      return { runs: null, problem: problemText(error) };
    }
  }
}

function keyOf(first: string, second: string): string {
  return JSON.stringify([first, second]);
}
