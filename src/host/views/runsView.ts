import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ExperimentName } from '../../protocol/curves';
import type { RunRecord } from '../../protocol/run';
import { experimentOf } from '../../runs/experimentFiles';
import { listRuns } from '../../runs/runRecord';
import { DisposableStore } from '../disposableStore';
import type { Analyses } from '../analyses';
import { studyTitle } from '../names';
import type { Studies } from '../studies';
import type { Study } from '../study';
import { Throttle } from '../throttle';
import { workspaceRoots } from '../workspaceFiles';

/** Records of runs, and the folders they are in: when a folder is deleted, nothing is told of what was in it. */
const WATCHED = ['**/.neuron-deletion/runs/*/run.json', '**/.neuron-deletion/runs/*', '**/.neuron-deletion'];

/** A row of the Runs view: a run on disk, one that is being made, or both. */
export interface RunNode {
  readonly directory: string;
  readonly record: RunRecord | null;
  readonly study: Study | null;
  /** Why the record on disk cannot be read. */
  readonly problem: string | null;
}

/** All runs of the workspace, the newest first. */
export async function findRuns(studies: Studies): Promise<RunNode[]> {
  const entries = (await Promise.all(workspaceRoots().map(listRuns))).flat();
  const found = entries.map((entry) => ({ ...entry, study: studies.find(entry.directory) ?? null }));
  found.sort((a, b) => (b.record?.created ?? '').localeCompare(a.record?.created ?? ''));
  const onDisk = new Set(entries.map(({ directory }) => directory));
  const starting = studies.all().filter((study) => study.running && !onDisk.has(study.directory));
  const nodes = starting.map((study) => ({
    directory: study.directory,
    record: null,
    study,
    problem: null,
  }));
  return [...nodes, ...found];
}

/** The runs of the workspace with their state; a click opens one. */
export class RunsView extends DisposableStore implements vscode.TreeDataProvider<RunNode> {
  private readonly changed = this.own(new vscode.EventEmitter<RunNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly refresh = this.own(new Throttle(1000, () => this.changed.fire(undefined)));

  constructor(
    private readonly studies: Studies,
    analyses: Analyses,
  ) {
    super();
    const tree = this.own(vscode.window.createTreeView('neuronDeletion.runs', { treeDataProvider: this }));
    // Not every disk tells of what is deleted on it.
    this.own(tree.onDidChangeVisibility(({ visible }) => visible && this.update()));
    this.own(analyses.onDidChange(() => this.refresh.trigger()));
    this.own(
      studies.onDidChange((study) => {
        if (study.running) this.refresh.trigger();
      }),
    );
    for (const glob of WATCHED) {
      const watcher = this.own(vscode.workspace.createFileSystemWatcher(glob));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
        this.own(event(() => this.update()));
      }
    }
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh.trigger()));
  }

  /** Something about the runs on disk changed. */
  update(): void {
    this.refresh.trigger();
  }

  getChildren(node?: RunNode): Promise<RunNode[]> {
    return node === undefined ? findRuns(this.studies) : Promise.resolve([]);
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    const { label, detail, icon, context } = describeRun(node);
    const item = new vscode.TreeItem(label);
    item.id = node.directory;
    item.description = detail;
    const record = node.study?.state.record ?? node.record;
    const made = record === null ? '' : `${new Date(record.created).toLocaleString()}\n`;
    const scale =
      record === null ? '' : `${vscode.l10n.t('preprocessing {0}', record.preprocessing.chosen)}\n`;
    item.tooltip = `${label}\n${detail}\n${made}${scale}${node.directory}`;
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = context;
    item.command = {
      command: 'neuronDeletion.openRun',
      title: vscode.l10n.t('Open Run'),
      arguments: [node],
    };
    return item;
  }
}

/** How a run looks in lists: its title, baseline and state. */
export function describeRun({ directory, record, study, problem }: RunNode): {
  readonly label: string;
  readonly detail: string;
  readonly icon: string;
  /** `run.running`, `run.unfinished`, `run.complete` or `run.damaged`. */
  readonly context: string;
} {
  if (problem !== null && study === null) {
    return { label: basename(directory), detail: problem, icon: 'warning', context: 'run.damaged' };
  }
  const label = record === null ? (study?.state.title ?? '') : studyTitle(record.spec);
  const parts: string[] = [];
  const known = study?.state.record ?? record;
  const experiment = known === null ? null : experimentOf(known);
  if (experiment !== null) parts.push(experimentName(experiment));
  if (known !== null) parts.push(percent(known.baseline.accuracy));
  const progress = study?.state.progress ?? null;
  if (progress !== null) {
    parts.push(
      progress.rounds > 0
        ? vscode.l10n.t('round {0} of {1}', Math.min(progress.round + 1, progress.rounds), progress.rounds)
        : vscode.l10n.t('starting'),
    );
    return { label, detail: parts.join(' · '), icon: 'sync~spin', context: 'run.running' };
  }
  const { text, icon } = stateOf(known);
  // The check mark says that it is complete; the room is for when.
  if (known?.status !== 'complete') parts.push(text);
  if (known !== null) parts.push(shortTime(new Date(known.created)));
  const context = known?.status === 'complete' ? 'run.complete' : 'run.unfinished';
  return { label, detail: parts.join(' · '), icon, context };
}

function experimentName(name: ExperimentName): string {
  const { l10n } = vscode;
  return { curves: l10n.t('curves'), noise: l10n.t('noise'), pairs: l10n.t('pairs') }[name];
}

function stateOf(record: RunRecord | null): { readonly text: string; readonly icon: string } {
  const { l10n } = vscode;
  switch (record?.status) {
    case 'complete':
      return { text: l10n.t('complete'), icon: 'check' };
    case 'cancelled': {
      const { done, samples } = record.rounds;
      return {
        text: l10n.t('cancelled after {0} of {1} rounds', done, samples.length),
        icon: 'circle-slash',
      };
    }
    case 'failed':
      return { text: l10n.t('failed'), icon: 'error' };
    default:
      return { text: l10n.t('interrupted'), icon: 'debug-pause' };
  }
}

/** The time of day for what was made today, else the day: there is room for one of them, at its shortest. */
function shortTime(time: Date): string {
  const today = time.toDateString() === new Date().toDateString();
  return today
    ? time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    : time.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}
