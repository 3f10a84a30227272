import * as vscode from 'vscode';
import type { StoredRun } from '../../protocol/engine';
import type { ListedRun, RunReader, Subject } from '../comparison';
import { ComparisonWork } from '../comparisonWork';
import { DisposableStore } from '../disposableStore';
import type { EngineProcess } from '../engineProcess';
import type { Queue } from '../measurements';
import { problemText } from '../problems';
import type { Studies } from '../studies';
import { findRuns } from '../views/runNodes';
import { ComparePage } from './comparePage';
import { webviewHtml, webviewOptions } from './webviewHtml';

/** View type of a comparison. */
export const COMPARE_VIEW = 'neuronDeletion.compare';

/** The open comparisons, at most one of the same runs in that order; they come back after a window reload. */
export class ComparePanels extends DisposableStore implements vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  /** What is measured goes on when its panel is closed. */
  private readonly works = new Map<string, ComparisonWork>();
  /** Finished runs that were read. */
  private readonly known = new Map<string, { readonly stamp: string; readonly run: StoredRun }>();
  /** What all comparisons read runs with. */
  readonly reader: RunReader;

  /** @param isShown has that run a panel? */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly studies: Studies,
    private readonly engine: EngineProcess,
    private readonly queue: Queue,
    private readonly isShown: (directory: string) => boolean,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.reader = {
      refusal: (directory) =>
        vscode.l10n.t('{0} did not analyze neurons one by one; compare runs that did.', directory),
      read: (directory) => this.read(directory),
      others: () => this.list(),
    };
    this.own(vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW, this));
    this.own({
      dispose: () => {
        for (const panel of this.panels.values()) panel.dispose();
        for (const work of this.works.values()) work.dispose();
      },
    });
  }

  /** Shows runs and models beside each other, in the panel they already have or in a new one. */
  show(subjects: readonly Subject[]): void {
    const open = this.panels.get(keyOf(subjects));
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const title = vscode.l10n.t('Comparison');
    const { Active } = vscode.ViewColumn;
    this.adopt(vscode.window.createWebviewPanel(COMPARE_VIEW, title, Active), subjects);
  }

  /** What measures for a comparison. */
  workOf(subjects: readonly Subject[]): ComparisonWork {
    const key = keyOf(subjects);
    const { studies, queue, isShown } = this;
    const work = this.works.get(key) ?? new ComparisonWork(studies, queue, isShown, problemText);
    this.works.set(key, work);
    return work;
  }

  /** Part of a window reload: the panel knows what it compares. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { compared } = (state ?? {}) as { readonly compared?: unknown };
    const subjects = subjectsOf(compared);
    if (subjects === null) panel.dispose();
    else this.adopt(panel, subjects);
    return Promise.resolve();
  }

  private adopt(panel: vscode.WebviewPanel, subjects: readonly Subject[]): void {
    const key = keyOf(subjects);
    this.panels.set(key, panel);
    panel.onDidDispose(() => this.panels.delete(key));
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(this.extension, 'media', `panel-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = webviewOptions(this.extension);
    const page = new ComparePage(panel, subjects, this.reader, this.workOf(subjects), this.log);
    panel.onDidDispose(() => page.dispose());
    panel.webview.html = webviewHtml(panel.webview, this.extension, {
      name: 'compare',
      title: vscode.l10n.t('Comparison'),
      remember: { compared: key },
    });
  }

  private async list(): Promise<readonly ListedRun[]> {
    const runs = await findRuns(this.studies);
    for (const { directory, record } of runs) {
      if (record !== null && this.known.get(directory)?.stamp !== stampOf(record)) {
        this.known.delete(directory);
      }
    }
    return runs;
  }

  /** A run that is finished and did not change since it was read is not read again. */
  private async read(directory: string): Promise<StoredRun> {
    const known = this.known.get(directory);
    if (known !== undefined) return known.run;
    const run = await this.engine.request('readRun', { directory });
    if (run.record.status === 'complete') {
      this.known.set(directory, { stamp: stampOf(run.record), run });
    }
    return run;
  }
}

/** Another one whenever something was written, a name too. */
function stampOf({ created, seconds, status, name }: StoredRun['record']): string {
  return [created, seconds, status, name].join(' ');
}

function keyOf(subjects: readonly Subject[]): string {
  return JSON.stringify(subjects);
}

/** What {@link keyOf} has written; null for anything else. */
function subjectsOf(key: unknown): readonly Subject[] | null {
  try {
    const value: unknown = typeof key === 'string' ? JSON.parse(key) : null;
    return isSubjects(value) ? value : null;
  } catch {
    return null;
  }
}

/** Something to be compared, as it is remembered and as commands pass it on. */
export function isSubjects(value: unknown): value is readonly Subject[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((one: unknown) => {
      const { directory, model, step } = (one ?? {}) as Readonly<Record<string, unknown>>;
      if (typeof directory === 'string') return true;
      return typeof model === 'string' && (step === null || typeof step === 'number');
    })
  );
}
