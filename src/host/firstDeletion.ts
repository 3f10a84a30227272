import * as vscode from 'vscode';
import type { Disposable } from './emitter';
import type { Studies } from './studies';

/** Sets `neuronDeletion.deleted` when a neuron is deleted for the first time: a step of the walkthrough is done then. */
export function watchFirstDeletion(studies: Studies): Disposable {
  const watch = studies.onDidChange(({ state }) => {
    if (state.deletion.deleted.length === 0) return;
    watch.dispose();
    void vscode.commands.executeCommand('setContext', 'neuronDeletion.deleted', true);
  });
  return watch;
}
