import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { DisposableStore } from './disposableStore';
import { EngineProcess } from './engineProcess';
import type { EngineStart } from './engineConnection';

/** The engine of this window, started on demand with what the settings say. */
export class EngineClient extends DisposableStore {
  readonly process: EngineProcess;

  constructor(
    private readonly context: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
  ) {
    super();
    this.process = this.own(
      new EngineProcess(
        () => this.start(),
        (level, text) => log[level](text),
      ),
    );
    this.own(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('neuronDeletion')) this.process.renew();
      }),
    );
    this.own(vscode.workspace.onDidGrantWorkspaceTrust(() => this.process.renew()));
  }

  /** Where Set Up Native TensorFlow puts the native part. */
  get nativeFolder(): string {
    return vscode.Uri.joinPath(this.context.globalStorageUri, 'native').fsPath;
  }

  private start(): EngineStart {
    const settings = vscode.workspace.getConfiguration('neuronDeletion');
    const chosen = settings.get<string>('tfjsNodePath', '').trim();
    const own = (...path: string[]): string => vscode.Uri.joinPath(this.context.extensionUri, ...path).fsPath;
    const places = [
      this.nativeFolder,
      own('dist', 'native'),
      own('node_modules', '@tensorflow', 'tfjs-node'),
    ];
    return {
      entry: own('dist', 'engine.js'),
      // Native kernels are not made for hostile models; WebAssembly is a sandbox.
      backend: vscode.workspace.isTrusted ? settings.get('backend', 'auto') : 'wasm',
      // That one of our own places is empty is no news; that the chosen one is, the user must hear.
      native: [...(chosen === '' ? [] : [chosen]), ...places.filter((place) => existsSync(place))],
      memoryLimit: settings.get('memoryLimit', 2) * 2 ** 30,
    };
  }
}
