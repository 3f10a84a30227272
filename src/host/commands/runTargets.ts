import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import type { Services } from '../services';
import { describeRun } from '../views/describeRun';
import { describeTraining } from '../views/describeTraining';
import { findRuns, type RunNode } from '../views/runNodes';
import { findTrainings } from '../views/trainingNodes';

/**
 * The run directory a command is about: the row it was called on, the panel that has the focus, else one
 * that the user picks. Undefined when the user turned away.
 */
export async function runOf(services: Services, target: unknown, title: string): Promise<string | undefined> {
  const directory = directoryOf(target);
  if (directory !== undefined) return directory;
  if (services.panels.focused !== null) return services.panels.focused.directory;
  return (await pickRun(services, title))?.directory;
}

/** The run directories a command is about: all rows that are selected with the one it was called on, else {@link runOf}. */
export async function runsOf(
  services: Services,
  target: unknown,
  more: unknown,
  title: string,
): Promise<readonly string[]> {
  const rows = Array.isArray(more) ? more.flatMap((row) => directoryOf(row) ?? []) : [];
  if (rows.length > 1) return rows;
  const one = await runOf(services, target, title);
  return one === undefined ? [] : [one];
}

/** The directory of what a command was called on, where that is a run. */
export function directoryOf(target: unknown): string | undefined {
  const { directory } = (target ?? {}) as { readonly directory?: unknown };
  return typeof directory === 'string' ? directory : undefined;
}

/**
 * Lets the user pick a run; undefined when the user turned away.
 * @param fits only these are offered
 * @param none what is said where there is none
 * @throws Failure where there is none
 */
export async function pickRun(
  services: Services,
  title: string,
  fits: (node: RunNode) => boolean = () => true,
  none: string = vscode.l10n.t('There are no runs in this workspace yet; analyze a model first.'),
): Promise<RunNode | undefined> {
  const nodes = (await findRuns(services.studies)).filter((node) => node.problem === null && fits(node));
  if (nodes.length === 0) throw new Failure(none);
  const items = nodes.map((node) => {
    const { label, detail, icon } = describeRun(node);
    return { label: `$(${icon}) ${label}`, description: detail, node };
  });
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.node;
}

/**
 * Lets the user pick an experiment and returns its directory; undefined when the user turned away.
 * @throws Failure where there is none
 */
export async function pickTraining(services: Services, title: string): Promise<string | undefined> {
  const nodes = (await findTrainings(services.trainings)).filter(({ problem }) => problem === null);
  if (nodes.length === 0) {
    throw new Failure(vscode.l10n.t('There are no experiments in this workspace yet; run one first.'));
  }
  const items = nodes.map((node) => {
    const { label, detail, icon } = describeTraining(node);
    return { label: `$(${icon}) ${label}`, description: detail, directory: node.directory };
  });
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.directory;
}
