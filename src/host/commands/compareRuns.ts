import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import { experimentOf } from '../../runs/experimentFiles';
import { modelName } from '../names';
import { newestOf } from '../runFigures';
import type { Services } from '../services';
import { findRuns, type RunNode } from '../views/runNodes';
import { directoryOf, pickRun } from './runTargets';

/**
 * Lays two runs beside each other: the rows or models the command was called on, else those that the user picks. Of a
 * model it is the newest run.
 * @param target a row of the Runs or Models view, or a file
 * @param more all that are selected with it
 * @throws Failure where there are not two runs to compare
 */
export async function compareRuns(services: Services, target: unknown, more: unknown): Promise<void> {
  const { l10n } = vscode;
  const selected = Array.isArray(more) && more.length > 0 ? more : [target];
  if (selected.length > 2) {
    throw new Failure(l10n.t('Two runs are compared at a time; select two of them.'));
  }
  const known = await findRuns(services.studies);
  const given = selected.flatMap((one) => directoryGiven(known, one) ?? []);
  const first = given[0] ?? (await pickFirst(services));
  if (first === undefined) return;
  const second = given[1] ?? (await pickSecond(services, first));
  if (second === undefined) return;
  if (first === second) throw new Failure(l10n.t('These are one and the same run; choose two.'));
  services.comparisons.show(first, second);
}

/** The run that something stands for; undefined where it stands for none. */
function directoryGiven(known: readonly RunNode[], target: unknown): string | undefined {
  const directory = directoryOf(target);
  if (directory !== undefined) return directory;
  const { uri } = (target ?? {}) as { readonly uri?: unknown };
  const file = target instanceof vscode.Uri ? target : uri;
  if (!(file instanceof vscode.Uri)) return undefined;
  const run = newestOf(file.fsPath, known);
  if (run !== undefined) return run.directory;
  throw new Failure(
    vscode.l10n.t('{0} has no run yet that could be compared; analyze it first.', modelName(file.fsPath)),
  );
}

async function pickFirst(services: Services): Promise<string | undefined> {
  const { focused } = services.panels;
  if (focused !== null) return focused.directory;
  return (await pickRun(services, vscode.l10n.t('Compare: First Run'), isAnalysis))?.directory;
}

async function pickSecond(services: Services, first: string): Promise<string | undefined> {
  const { l10n } = vscode;
  const other = (node: RunNode): boolean => node.directory !== first && isAnalysis(node);
  const none = l10n.t(
    'There is no other run in this workspace to compare with; analyze another model first.',
  );
  return (await pickRun(services, l10n.t('Compare With'), other, none))?.directory;
}

function isAnalysis({ record }: RunNode): boolean {
  return record !== null && experimentOf(record) === null;
}
