import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ExperimentName } from '../../protocol/curves';
import type { Progress, RunRecord } from '../../protocol/run';
import { experimentOf } from '../../runs/experimentFiles';
import { timeLeft } from '../durations';
import { runTitle } from '../names';
import { factsTooltip } from '../tooltip';
import { shownPath } from '../workspaceFiles';
import type { RunNode } from './runNodes';
import { decimals, moment, shortTime } from '../numberText';

/** How a run looks in lists. */
export interface RunLook {
  readonly label: string;
  /** Its figures and its state. */
  readonly detail: string;
  readonly icon: string;
  /** `run.` or, of curves, noise or pairs, `experiment.`, with `running`, `unfinished`, `complete` or `damaged`. */
  readonly context: string;
}

/** How a run looks in lists: its title, baseline, area under its curves, and state. */
export function describeRun({ directory, record, study, auc, problem }: RunNode): RunLook {
  if (problem !== null && study === null) {
    return { label: basename(directory), detail: problem, icon: 'warning', context: 'run.damaged' };
  }
  const known = study?.state.record ?? record;
  const label = known === null ? (study?.state.title ?? '') : runTitle(known);
  const experiment = known === null ? null : experimentOf(known);
  const kind = experiment === null ? 'run' : 'experiment';
  const parts: string[] = [];
  if (experiment !== null) parts.push(experimentName(experiment));
  const progress = study?.state.progress ?? null;
  if (progress !== null) {
    parts.push(...progressTexts(progress));
    return { label, detail: parts.join(' · '), icon: 'sync~spin', context: `${kind}.running` };
  }
  if (known !== null) parts.push(percent(known.baseline.accuracy));
  if (auc !== null) parts.push(vscode.l10n.t('AUC {0}', decimals(auc, 3)));
  const { text, icon } = stateOf(known);
  // The check mark says that it is complete; the room is for when.
  if (known?.status !== 'complete') parts.push(text);
  if (known !== null) parts.push(shortTime(new Date(known.created)));
  const context = known?.status === 'complete' ? `${kind}.complete` : `${kind}.unfinished`;
  return { label, detail: parts.join(' · '), icon, context };
}

/** All that is known of a run without opening it. */
export function runTooltip(node: RunNode): vscode.MarkdownString {
  const { l10n } = vscode;
  const { label, detail } = describeRun(node);
  const record = node.study?.state.record ?? node.record;
  if (record === null) return factsTooltip(label, [[l10n.t('State'), node.problem ?? detail]]);
  const { baseline, data, model, preprocessing, spec, headline } = record;
  const facts: (readonly [string, string])[] = [
    [l10n.t('Model'), shownPath(model.path)],
    [l10n.t('Data'), shownPath(data.path)],
    [l10n.t('Preprocessing'), preprocessing.chosen],
    [l10n.t('Deleted neurons become'), spec.operator],
    [l10n.t('Accuracy'), l10n.t('{0} of {1} samples', percent(baseline.accuracy), String(baseline.samples))],
  ];
  if (node.auc !== null) facts.push([l10n.t('Area under the curve'), decimals(node.auc, 3)]);
  const progress = node.study?.state.progress ?? null;
  const state = progress === null ? stateOf(record).text : progressTexts(progress).join(' · ');
  facts.push(
    [l10n.t('State'), state],
    [l10n.t('Made'), moment(record.created)],
    [l10n.t('Folder'), shownPath(node.directory)],
  );
  const tooltip = factsTooltip(label, facts);
  return headline == null ? tooltip : tooltip.appendMarkdown('\n').appendText(headline.text);
}

/** A fraction as people read it: `98.1 %`. */
export function percent(fraction: number): string {
  return `${decimals(100 * fraction, 1)} %`;
}

/** How far an analysis is, and how long it still takes. */
export function progressTexts({ fraction, seconds_left }: Progress): string[] {
  if (fraction === 0 && seconds_left === null) return [vscode.l10n.t('starting')];
  const done = `${Math.floor(100 * fraction)} %`;
  return seconds_left === null ? [done] : [done, timeLeft(seconds_left)];
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
