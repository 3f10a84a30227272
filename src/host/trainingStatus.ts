import * as vscode from 'vscode';
import { DisposableStore } from './disposableStore';
import { progressText } from './requestNotice';
import type { Trainings } from './trainings';
import { experimentTitle } from './trainingTexts';

/** While an experiment is carried out: how far it is (a click shows the runs), and a button that cancels it. */
export class TrainingStatus extends DisposableStore {
  private readonly progress = this.own(vscode.window.createStatusBarItem('neuronDeletion.experiment', 1, 99));
  private readonly cancel = this.own(
    vscode.window.createStatusBarItem('neuronDeletion.cancelExperiment', 1, 98),
  );
  private shown = false;

  constructor(private readonly trainings: Trainings) {
    super();
    this.progress.name = vscode.l10n.t('Neuron Deletion: Experiment');
    this.progress.command = 'neuronDeletion.runs.focus';
    this.cancel.name = vscode.l10n.t('Neuron Deletion: Cancel Experiment');
    this.cancel.text = '$(debug-stop)';
    this.cancel.tooltip = vscode.l10n.t('Cancel the experiment; what is finished is kept');
    this.cancel.accessibilityInformation = { label: vscode.l10n.t('Cancel the experiment') };
    this.cancel.command = 'neuronDeletion.cancelExperiment';
    this.own(trainings.onDidChange(() => this.update()));
  }

  private update(): void {
    const { running } = this.trainings;
    if (this.shown !== (running !== null)) {
      this.shown = running !== null;
      void vscode.commands.executeCommand('setContext', 'neuronDeletion.experimenting', this.shown);
    }
    if (running === null) {
      this.progress.hide();
      this.cancel.hide();
      return;
    }
    const title = experimentTitle(running.experiment);
    this.progress.text = `$(sync~spin) ${title}: ${Math.floor(100 * running.progress.fraction)} %`;
    this.progress.tooltip = vscode.l10n.t('Experiment “{0}”: {1}', title, progressText(running.progress));
    this.progress.show();
    this.cancel.show();
  }
}
