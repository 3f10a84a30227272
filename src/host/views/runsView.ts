import * as vscode from 'vscode';
import type { Analyses } from '../analyses';
import { DisposableStore } from '../disposableStore';
import type { Studies } from '../studies';
import type { Study } from '../study';
import type { Trainings } from '../trainings';
import { Throttle } from '../throttle';
import { describeRun, runTooltip } from './describeRun';
import { describeTraining, trainingTooltip } from './describeTraining';
import { findRuns, type RunNode } from './runNodes';
import { findTrainings, type TrainingNode } from './trainingNodes';

/** Their records, and the folders they are in: when a folder is deleted, nothing is told of what was in it. */
const WATCHED = [
  '**/.neuron-deletion/runs/*/{run,experiment}.json',
  '**/.neuron-deletion/runs/*',
  '**/.neuron-deletion',
];

/** A row: a run, or an experiment. */
type Node = RunNode | TrainingNode;

/** The runs and experiments of the workspace with their state; a click opens one, several can be compared or deleted. */
export class RunsView extends DisposableStore implements vscode.TreeDataProvider<Node> {
  private readonly changed = this.own(new vscode.EventEmitter<Node | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly updates = this.own(new vscode.EventEmitter<void>());
  /** Runs came, went, or stand otherwise than before. */
  readonly onDidUpdate = this.updates.event;

  private readonly refresh = this.own(new Throttle(1000, () => this.reload()));
  private readonly progress = this.own(new Throttle(1000, () => this.redrawRunning()));
  private readonly tree: vscode.TreeView<Node>;
  /** As they were last listed. */
  private nodes: readonly Node[] = [];

  constructor(
    private readonly studies: Studies,
    analyses: Analyses,
    private readonly trainings: Trainings,
  ) {
    super();
    const options = { treeDataProvider: this, canSelectMany: true };
    this.tree = this.own(vscode.window.createTreeView('neuronDeletion.runs', options));
    // Not every disk tells of what is deleted on it.
    this.own(this.tree.onDidChangeVisibility(({ visible }) => visible && this.update()));
    this.own(analyses.onDidChange(() => this.refresh.trigger()));
    this.own(
      studies.onDidChange((study) => {
        if (study.running) this.progress.trigger();
      }),
    );
    this.own(trainings.onDidChange(() => this.refresh.trigger()));
    this.own(studies.onDidChangeActive((study) => void this.reveal(study)));
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

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) return [];
    const [runs, trainings] = await Promise.all([findRuns(this.studies), findTrainings(this.trainings)]);
    const own = new Set(trainings.map(({ directory }) => directory));
    // An experiment that has only just begun has no record yet, and would pass for a damaged run.
    const nodes = [...trainings, ...runs.filter(({ directory }) => !own.has(directory))];
    this.nodes = nodes.sort((a, b) => timeOf(b) - timeOf(a));
    return nodes;
  }

  /** A run has no parent; {@link reveal} asks for it. */
  getParent(): null {
    return null;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const isExperiment = isTraining(node);
    const { label, detail, icon, context } = isExperiment ? describeTraining(node) : describeRun(node);
    const item = new vscode.TreeItem(label);
    item.id = node.directory;
    item.description = detail;
    item.tooltip = isExperiment ? trainingTooltip(node) : runTooltip(node);
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = context;
    item.command = isExperiment
      ? { command: 'neuronDeletion.openExperiment', title: vscode.l10n.t('Open Report'), arguments: [node] }
      : { command: 'neuronDeletion.openRun', title: vscode.l10n.t('Open Run'), arguments: [node] };
    return item;
  }

  private reload(): void {
    this.changed.fire(undefined);
    this.updates.fire();
  }

  /** Progress alone changes no other row, and nothing on disk. */
  private redrawRunning(): void {
    const running = this.nodes.filter((node) => !isTraining(node) && node.study?.running === true);
    // One that is not among them yet began just now.
    if (running.length === 0) this.refresh.trigger();
    for (const node of running) this.changed.fire(node);
  }

  /** Marks the run of the study in front, where the view is to be seen. */
  private async reveal(study: Study | null): Promise<void> {
    const node = this.nodes.find(({ directory }) => directory === study?.directory);
    if (node === undefined || !this.tree.visible) return;
    if (this.tree.selection.length > 1 || this.tree.selection[0]?.directory === node.directory) return;
    // A run that went meanwhile has no row to be marked.
    await Promise.resolve(this.tree.reveal(node, { select: true, focus: false })).catch(() => undefined);
  }
}

function isTraining(node: Node): node is TrainingNode {
  return 'kind' in node;
}

/** When it began, for the order of the rows: what has only just begun comes first, what cannot be read last. */
function timeOf(node: Node): number {
  const time = isTraining(node) ? node.record?.started : node.record?.created;
  const isBeginning = isTraining(node) ? node.running !== null : node.study?.running === true;
  return time === undefined ? (isBeginning ? Number.MAX_VALUE : 0) : Date.parse(time);
}
