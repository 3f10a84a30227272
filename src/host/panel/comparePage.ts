import * as vscode from 'vscode';
import type { CompareState, FromCompare, ToCompare } from '../../protocol/compareState';
import { isFromCompare } from '../../protocol/validateCompare';
import { exportComparison } from '../commands/exportComparison';
import { savePicture } from '../commands/exportRun';
import { readComparison, type ReadComparison, type RunReader, type Subject } from '../comparison';
import type { ComparisonWork } from '../comparisonWork';
import { DisposableStore } from '../disposableStore';
import { problemText, showProblem } from '../problems';
import { watchRuns } from '../runSource';
import { Throttle } from '../throttle';
import { onFittingMessage } from './fittingMessages';

/** Between two readings while runs are being written. */
const INTERVAL = 1000;

/** One open comparison; the runs are read again when it comes into view, and when they change. */
export class ComparePage extends DisposableStore {
  private ready = false;
  /** The latest reading counts. */
  private readings = 0;
  private last: ReadComparison | null = null;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly subjects: readonly Subject[],
    private readonly reader: RunReader,
    private readonly work: ComparisonWork,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    const refresh = this.own(new Throttle(INTERVAL, () => void this.show()));
    this.own(onFittingMessage(panel.webview, isFromCompare, log, (message) => void this.receive(message)));
    this.own(panel.onDidChangeViewState(() => void this.show()));
    this.own(watchRuns(() => refresh.trigger()));
    this.own(work.onDidMeasure(() => refresh.trigger()));
    this.own(work.onDidChange(() => this.showMeasuring()));
  }

  private async receive(message: FromCompare): Promise<void> {
    try {
      switch (message.type) {
        case 'ready':
          this.ready = true;
          await this.show();
          break;
        case 'openRun': {
          const { directory } = message;
          const own = this.last?.found.some(({ units }) => units?.directory === directory) === true;
          if (own) await vscode.commands.executeCommand('neuronDeletion.openRun', { directory });
          break;
        }
        case 'measureMissing':
          await vscode.commands.executeCommand('neuronDeletion.measureMissing', { subjects: this.subjects });
          break;
        case 'cancelMeasuring':
          this.work.cancel();
          break;
        case 'exportComparison':
          if (this.last !== null) await exportComparison(this.last, message.format);
          break;
        case 'savePicture': {
          const directory = this.last?.found.find(({ units }) => units !== null)?.units?.directory;
          if (directory !== undefined) await savePicture(directory, message);
          break;
        }
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
    const names = (state.parts ?? []).map(({ name, run }) => run?.title ?? name);
    if (names.length === 2) this.panel.title = vscode.l10n.t('{0} and {1}', names[0]!, names[1]!);
    else if (names.length > 2) {
      this.panel.title = vscode.l10n.t('{0} and {1} others', names[0]!, String(names.length - 1));
    }
    this.post({ type: 'comparison', state });
  }

  private showMeasuring(): void {
    const { measuring, problem } = this.work;
    if (this.ready && this.panel.visible) this.post({ type: 'measuring', measuring, problem });
  }

  private post(message: ToCompare): void {
    void this.panel.webview.postMessage(message);
  }

  private async read(): Promise<CompareState> {
    try {
      this.last = await readComparison(this.subjects, this.reader);
      const { measuring, problem } = this.work;
      return { ...this.last.state, measuring, problem };
    } catch (error) {
      this.log.warn(`A comparison cannot be shown: ${String(error)}`);
      return { parts: null, verdict: null, measuring: null, problem: problemText(error) };
    }
  }
}
