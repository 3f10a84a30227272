import * as vscode from 'vscode';
import { Cancelled, Failure } from '../protocol/failure';
import { EngineStopped } from './engineProcess';

/**
 * Shows anything thrown, the one way everywhere: a failure as its own sentence, a cancellation not at all,
 * a defect in general words with the details in the log.
 */
export function showProblem(log: vscode.LogOutputChannel, thrown: unknown): void {
  if (thrown instanceof Cancelled) return;
  log.error(thrown instanceof Error ? thrown : String(thrown));
  const text = problemText(thrown);
  const showLog = vscode.l10n.t('Show Log');
  void vscode.window.showErrorMessage(text, showLog).then((chosen) => {
    if (chosen === showLog) log.show();
  });
}

/** Anything thrown as a sentence for the screen. */
export function problemText(thrown: unknown): string {
  if (thrown instanceof EngineStopped) {
    return vscode.l10n.t('The engine stopped ({0}). Try again: it is started anew.', thrown.how);
  }
  if (thrown instanceof Failure) return thrown.message;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return vscode.l10n.t('Something went wrong in Neuron Deletion: {0}', message);
}
