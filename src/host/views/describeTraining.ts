import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { TrainingRecord } from '../../protocol/training';
import { moment, shortTime } from '../numberText';
import { progressText } from '../requestNotice';
import { factsTooltip } from '../tooltip';
import { experimentPurpose, experimentTitle } from '../trainingTexts';
import { shownPath } from '../workspaceFiles';
import { progressTexts, type RunLook } from './describeRun';
import type { TrainingNode } from './trainingNodes';

/** How an experiment looks in lists; its context is `training.` with the same states as a run's. */
export function describeTraining({ directory, record, running, problem }: TrainingNode): RunLook {
  const { l10n } = vscode;
  if (running !== null) {
    const detail = [l10n.t('experiment'), ...progressTexts(running.progress)].join(' · ');
    const label = experimentTitle(running.experiment);
    return { label, detail, icon: 'sync~spin', context: 'training.running' };
  }
  if (record === null) {
    const detail = problem ?? '';
    return { label: basename(directory), detail, icon: 'warning', context: 'training.damaged' };
  }
  const { text, icon } = stateOf(record);
  const parts = [l10n.t('experiment'), record.status === 'complete' ? findingsText(record) : text];
  if (record.options.quick) parts.push(l10n.t('quick'));
  parts.push(shortTime(new Date(record.started)));
  const context = record.status === 'complete' ? 'training.complete' : 'training.unfinished';
  return { label: experimentTitle(record.options.experiment), detail: parts.join(' · '), icon, context };
}

/** All that is known of an experiment without opening its report. */
export function trainingTooltip(node: TrainingNode): vscode.MarkdownString {
  const { l10n } = vscode;
  const { label, detail } = describeTraining(node);
  const { record, directory } = node;
  if (record === null) return factsTooltip(label, [[l10n.t('State'), node.problem ?? detail]]);
  const { options, networks } = record;
  const left = networks.filter(({ included }) => !included).length;
  const facts: (readonly [string, string])[] = [
    [l10n.t('Training data'), shownPath(options.train.data)],
    [l10n.t('Networks'), `${networks.length}`],
    [l10n.t('Left out'), `${left}`],
    [l10n.t('Findings'), findingsText(record)],
    [l10n.t('State'), node.running === null ? stateOf(record).text : progressText(node.running.progress)],
    [l10n.t('Made'), moment(record.started)],
    [l10n.t('Folder'), shownPath(directory)],
  ];
  return factsTooltip(label, facts).appendMarkdown('\n').appendText(experimentPurpose(options.experiment));
}

/** How many of the paper's claims hold, of those that could be told. */
export function findingsText({ findings }: TrainingRecord): string {
  const told = findings.filter(({ holds }) => holds !== null);
  const hold = told.filter(({ holds }) => holds === true).length;
  if (told.length === 0) return vscode.l10n.t('no claim could be tested');
  return vscode.l10n.t('{0} of {1} claims hold', hold, told.length);
}

function stateOf({ status }: TrainingRecord): { readonly text: string; readonly icon: string } {
  const { l10n } = vscode;
  switch (status) {
    case 'complete':
      return { text: l10n.t('complete'), icon: 'beaker' };
    case 'cancelled':
      return { text: l10n.t('cancelled'), icon: 'circle-slash' };
    case 'failed':
      return { text: l10n.t('failed'), icon: 'error' };
    case 'running':
      return { text: l10n.t('interrupted'), icon: 'debug-pause' };
  }
}
