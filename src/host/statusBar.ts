import * as vscode from 'vscode';
import type { Analyses } from './analyses';
import { DisposableStore } from './disposableStore';
import { timeLeft } from './durations';
import type { Studies } from './studies';

/** While an analysis runs: how far it is (a click opens it), and a button that cancels it. */
export class StatusBar extends DisposableStore {
  private readonly progress = this.own(vscode.window.createStatusBarItem('neuronDeletion.progress', 1, 101));
  private readonly cancel = this.own(vscode.window.createStatusBarItem('neuronDeletion.cancel', 1, 100));

  constructor(
    private readonly analyses: Analyses,
    studies: Studies,
  ) {
    super();
    this.progress.name = vscode.l10n.t('Neuron Deletion: Progress');
    this.cancel.name = vscode.l10n.t('Neuron Deletion: Cancel');
    this.cancel.text = '$(debug-stop)';
    this.cancel.tooltip = vscode.l10n.t('Cancel the analysis; what is finished is kept');
    this.cancel.accessibilityInformation = { label: vscode.l10n.t('Cancel the analysis') };
    this.cancel.command = 'neuronDeletion.cancel';
    this.own(
      analyses.onDidChange(() => {
        const running = analyses.running !== null;
        void vscode.commands.executeCommand('setContext', 'neuronDeletion.running', running);
        this.update();
      }),
    );
    this.own(
      studies.onDidChange((study) => {
        if (study === analyses.running) this.update();
      }),
    );
  }

  private update(): void {
    const study = this.analyses.running;
    if (study === null) {
      this.progress.hide();
      this.cancel.hide();
      return;
    }
    const { title, progress } = study.state;
    const percent = Math.floor(100 * (progress?.fraction ?? 0));
    this.progress.text = `$(sync~spin) ${title}: ${percent} %`;
    const about = vscode.l10n.t('Neuron Deletion analyzes {0}; click to see it', title);
    const left = progress?.seconds_left ?? null;
    this.progress.tooltip = left === null ? about : `${about} (${timeLeft(left)})`;
    this.progress.command = {
      command: 'neuronDeletion.openRun',
      title: vscode.l10n.t('Open Run'),
      arguments: [{ directory: study.directory }],
    };
    this.progress.show();
    this.cancel.show();
  }
}
