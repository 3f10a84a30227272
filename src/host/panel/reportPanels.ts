import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { TRAINING_REPORT } from '../../runs/runDirectory';
import { DisposableStore } from '../disposableStore';

/** View type of the report of an experiment. */
export const REPORT_VIEW = 'neuronDeletion.report';

/** Beside what the report itself asks for. */
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;
/** VS Code styles these for its own pages. */
const STYLE = '<style>body{padding:0}code{color:inherit;background:none}</style>';

/** The open reports of experiments, at most one a directory. They have no scripts, so a window reload closes them. */
export class ReportPanels extends DisposableStore {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly extension: vscode.Uri) {
    super();
    this.own({
      dispose: () => {
        for (const panel of this.panels.values()) panel.dispose();
      },
    });
  }

  /** Shows the report that is in a directory, as it is now. Throws where there is none. */
  async show(directory: string, title: string): Promise<void> {
    const report = await readFile(join(directory, TRAINING_REPORT), 'utf8');
    const panel = this.panels.get(directory) ?? this.create(directory);
    panel.title = title;
    panel.webview.html = report.replace(/<head[^>]*>/i, (head) => `${head}${POLICY}${STYLE}`);
    panel.reveal();
  }

  /** Closes the report of an experiment, if it is open. */
  close(directory: string): void {
    this.panels.get(directory)?.dispose();
  }

  private create(directory: string): vscode.WebviewPanel {
    const options = { enableScripts: false, enableFindWidget: true, localResourceRoots: [] };
    const panel = vscode.window.createWebviewPanel(REPORT_VIEW, '', vscode.ViewColumn.Active, options);
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(this.extension, 'media', `panel-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.onDidDispose(() => this.panels.delete(directory));
    this.panels.set(directory, panel);
    return panel;
  }
}
