import * as vscode from 'vscode';
import { DisposableStore } from '../disposableStore';
import type { Studies } from '../studies';
import type { Study } from '../study';
import { StudyPanel, type StudyActions } from './studyPanel';

/** View type of the study panel. */
export const STUDY_VIEW = 'neuronDeletion.study';

/** The open study panels, at most one a run; they come back after a window reload. */
export class StudyPanels extends DisposableStore implements vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, StudyPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly studies: Studies,
    private readonly log: vscode.LogOutputChannel,
    private readonly actions: StudyActions,
  ) {
    super();
    this.own(vscode.window.registerWebviewPanelSerializer(STUDY_VIEW, this));
    this.own({ dispose: () => this.panels.forEach((panel) => panel.dispose()) });
  }

  /** Shows a study, in the panel it already has or in a new one. */
  show(study: Study): void {
    const open = this.panels.get(study.directory);
    if (open !== undefined) {
      open.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(STUDY_VIEW, study.state.title, vscode.ViewColumn.Active);
    this.adopt(panel, study);
  }

  /** The study of the panel that has the focus. */
  get focused(): Study | null {
    for (const { panel, study } of this.panels.values()) if (panel.active) return study;
    return null;
  }

  /** Has a run a panel? */
  isOpen(directory: string): boolean {
    return this.panels.has(directory);
  }

  /** Closes the panel of a run, if it has one. */
  close(directory: string): void {
    this.panels.get(directory)?.panel.dispose();
  }

  /** Part of a window reload: the panel knows its run directory. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { run } = (state ?? {}) as { readonly run?: unknown };
    try {
      if (typeof run !== 'string') throw new Error('A study panel came back without its run.');
      this.adopt(panel, await this.studies.open(run));
    } catch (error) {
      // The run is gone, or never came to be: then so is its panel.
      panel.dispose();
      this.log.warn(`A study panel cannot come back: ${String(error)}`);
    }
  }

  private adopt(panel: vscode.WebviewPanel, study: Study): void {
    this.panels.set(study.directory, new StudyPanel(panel, study, this.extension, this.actions, this.log));
    panel.onDidDispose(() => {
      this.panels.delete(study.directory);
      // A running study goes on without its panel and is found again through its directory.
      if (!study.running) this.studies.release(study);
    });
  }
}
