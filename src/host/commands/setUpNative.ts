import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { Cancelled } from '../../protocol/failure';
import type { Services } from '../services';

/** A line of what the set-up script tells. */
interface SetUpStep {
  readonly step: string;
  readonly state: 'start' | 'progress' | 'ok' | 'skip' | 'fail';
  readonly message: string;
  readonly fraction?: number;
}

/** Fetches the native part of TensorFlow into the extension's storage, then says what is used now. */
export async function setUpNative(services: Services): Promise<void> {
  const { engine, log } = services;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Setting up native TensorFlow'),
    cancellable: true,
  };
  const outcome = await vscode.window.withProgress(options, (progress, token) => {
    const script = vscode.Uri.joinPath(services.context.extensionUri, 'dist', 'setup-native.mjs').fsPath;
    return runScript(script, engine.nativeFolder, token, (line) => {
      log.info(`Set-up, ${line.step}: ${line.state}, ${line.message}`);
      const percent = line.fraction === undefined ? '' : ` ${Math.round(100 * line.fraction)} %`;
      progress.report({ message: `${line.message}${percent}` });
    });
  });
  engine.process.renew();
  if (!outcome.works) {
    const text = vscode.l10n.t('Native TensorFlow is not set up: {0}', outcome.reason);
    const showLog = vscode.l10n.t('Show Log');
    void vscode.window.showWarningMessage(text, showLog).then((chosen) => {
      if (chosen === showLog) log.show();
    });
    return;
  }
  const { backend } = await engine.process.request('hello', null);
  const text =
    backend.name === 'tfjs-node'
      ? vscode.l10n.t('Native TensorFlow {0} is set up and in use.', backend.tensorflow ?? '')
      : vscode.l10n.t('Native TensorFlow is set up, but WebAssembly is in use: {0}', backend.fallback ?? '');
  void vscode.window.showInformationMessage(text);
}

/** Runs the script; its exit code tells whether native works, its last message why not. */
function runScript(
  script: string,
  into: string,
  token: vscode.CancellationToken,
  tell: (line: SetUpStep) => void,
): Promise<{ readonly works: boolean; readonly reason: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, '--into', into, '--json'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let reason = '';
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parse(text);
      if (line === null) return;
      reason = line.message;
      tell(line);
    });
    createInterface({ input: child.stderr }).on('line', (text) => {
      reason = text;
      tell({ step: 'stderr', state: 'progress', message: text });
    });
    token.onCancellationRequested(() => child.kill());
    child.on('error', reject);
    child.on('close', (code) => {
      if (token.isCancellationRequested) reject(new Cancelled());
      else resolve({ works: code === 0, reason });
    });
  });
}

function parse(text: string): SetUpStep | null {
  try {
    return JSON.parse(text) as SetUpStep;
  } catch {
    return null;
  }
}
