import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import { experimentOf } from '../../runs/experimentFiles';
import type { Subject } from '../comparison';
import { modelName } from '../names';
import { newestOf } from '../runFigures';
import type { Services } from '../services';
import { describeRun } from '../views/describeRun';
import { findRuns, type RunNode } from '../views/runNodes';
import { findModels, shownPath } from '../workspaceFiles';
import { directoryOf } from './runTargets';

/**
 * Lays two or more runs or models beside each other: the rows or files the command was called on, else those that the
 * user picks. Of a model it is the newest run; one that has none yet can be measured there.
 * @param target a row of the Runs or Models view, or a file
 * @param more all that are selected with it
 * @throws Failure where there is nothing to compare with
 */
export async function compareRuns(services: Services, target: unknown, more: unknown): Promise<void> {
  const selected = Array.isArray(more) && more.length > 0 ? more : [target];
  const known = await findRuns(services.studies);
  const given = distinct(selected.flatMap((one) => subjectOf(known, one) ?? []));
  const [first] = given.length > 0 ? given : focused(services);
  const subjects =
    given.length > 1 ? given : first === undefined ? await pickAll(known) : await pickOther(known, first);
  if (subjects === undefined) return;
  if (subjects.length < 2) {
    throw new Failure(vscode.l10n.t('One alone cannot be compared; choose two runs or models, or more.'));
  }
  services.comparisons.show(subjects);
}

/** Lays the models of a folder beside each other, by the step of their training. */
export async function compareCheckpoints(services: Services, target: unknown): Promise<void> {
  const folder = target instanceof vscode.Uri ? target : await pickFolder();
  if (folder === undefined) return;
  const { findCheckpoints } = await import('../../formats/models/checkpoints');
  const options = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t('Looking for checkpoints…'),
  };
  const checkpoints = await vscode.window.withProgress(options, () => findCheckpoints(folder.fsPath));
  services.comparisons.show(checkpoints.map(({ file, step }) => ({ model: file, step })));
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t('Choose a Folder of Checkpoints');
  const folders = { title, canSelectFiles: false, canSelectFolders: true };
  return (await vscode.window.showOpenDialog(folders))?.[0];
}

/** What something stands for; undefined where it stands for nothing that can be compared. */
function subjectOf(known: readonly RunNode[], target: unknown): Subject | undefined {
  const directory = directoryOf(target);
  if (directory !== undefined) return { directory };
  const { uri } = (target ?? {}) as { readonly uri?: unknown };
  const file = target instanceof vscode.Uri ? target : uri;
  return file instanceof vscode.Uri ? modelSubject(known, file.fsPath) : undefined;
}

function modelSubject(known: readonly RunNode[], model: string): Subject {
  const run = newestOf(model, known);
  return run === undefined ? { model, step: null } : { directory: run.directory };
}

function focused({ panels }: Services): Subject[] {
  return panels.focused === null ? [] : [{ directory: panels.focused.directory }];
}

function distinct(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [JSON.stringify(subject), subject])).values()];
}

interface SubjectItem extends vscode.QuickPickItem {
  readonly subject?: Subject;
}

async function pickAll(known: readonly RunNode[]): Promise<Subject[] | undefined> {
  const chosen = await vscode.window.showQuickPick(await itemsOf(known, null), {
    title: vscode.l10n.t('Runs and Models to Compare'),
    canPickMany: true,
    matchOnDescription: true,
  });
  return chosen?.flatMap(({ subject }) => subject ?? []);
}

async function pickOther(known: readonly RunNode[], first: Subject): Promise<Subject[] | undefined> {
  const chosen = await vscode.window.showQuickPick(await itemsOf(known, first), {
    title: vscode.l10n.t('Compare With'),
    matchOnDescription: true,
  });
  return chosen?.subject && [first, chosen.subject];
}

/**
 * Runs that can be compared, and the models that have none, but for one.
 * @throws Failure where there is nothing
 */
async function itemsOf(known: readonly RunNode[], but: Subject | null): Promise<SubjectItem[]> {
  const { l10n } = vscode;
  const other = ({ subject }: SubjectItem): boolean => JSON.stringify(subject) !== JSON.stringify(but);
  const runs = known.filter(
    ({ record, problem }) => problem === null && record !== null && experimentOf(record) === null,
  );
  const runItems = runs.map((node): SubjectItem => {
    const { label, detail, icon } = describeRun(node);
    return { label: `$(${icon}) ${label}`, description: detail, subject: { directory: node.directory } };
  });
  const models = (await findModels()).filter(({ fsPath }) => newestOf(fsPath, known) === undefined);
  const modelItems = models.map(({ fsPath }): SubjectItem => ({
    label: `$(type-hierarchy) ${modelName(fsPath)}`,
    description: l10n.t('{0}, not analyzed yet', shownPath(fsPath)),
    subject: { model: fsPath, step: null },
  }));
  const [ofRuns, ofModels] = [runItems.filter(other), modelItems.filter(other)];
  if (ofRuns.length + ofModels.length === 0) {
    throw new Failure(l10n.t('There is no other run or model in this workspace to compare with.'));
  }
  const heading = (label: string): SubjectItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    ...(ofRuns.length === 0 ? [] : [heading(l10n.t('Runs')), ...ofRuns]),
    ...(ofModels.length === 0 ? [] : [heading(l10n.t('Models')), ...ofModels]),
  ];
}
