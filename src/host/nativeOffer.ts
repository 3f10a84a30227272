import * as vscode from 'vscode';
import type { RunRecord } from '../protocol/run';

/** From how many seconds of expected computing on native TensorFlow is offered. */
const WORTH_IT = 30;

/** Remembers that the offer was made. */
const MADE = 'nativeOffered';

/** Offers native TensorFlow, once in the life of an installation, when an estimate says that it would pay. */
export class NativeOffer {
  constructor(private readonly memory: vscode.Memento) {}

  /** Looks at a run that begins. */
  async consider({ backend, estimate }: RunRecord): Promise<void> {
    if (backend.name !== 'wasm' || estimate === null || estimate < WORTH_IT) return;
    const isFree = vscode.workspace.getConfiguration('neuronDeletion').get('backend') === 'auto';
    if (!isFree || !vscode.workspace.isTrusted || this.memory.get<boolean>(MADE, false)) return;
    await this.memory.update(MADE, true);
    const setUp = vscode.l10n.t('Set Up');
    const minutes = Math.max(1, Math.round(estimate / 60));
    const text = vscode.l10n.t(
      'This analysis will take about {0} min on WebAssembly. Native TensorFlow is several times as fast with networks like this one.',
      minutes,
    );
    const chosen = await vscode.window.showInformationMessage(text, setUp, vscode.l10n.t('Not Now'));
    if (chosen === setUp) await vscode.commands.executeCommand('neuronDeletion.setUpNative');
  }
}
