import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PrunedSite, PruneReport } from '../../protocol/prune';
import { decimals, integer } from '../numberText';
import { canReveal, reveal } from '../reveal';
import { percent } from '../views/describeRun';

/** Says what was saved, and offers what one does with it. */
export function saySaved(report: PruneReport, folder: string): void {
  const { l10n } = vscode;
  const file = vscode.Uri.file(join(folder, 'model.json'));
  const analyze = l10n.t('Analyze It');
  const show = l10n.t('Reveal');
  const details = l10n.t('Show Details');
  const buttons = canReveal(file) ? [analyze, show, details] : [analyze, details];
  void vscode.window.showInformationMessage(savedText(report, folder), ...buttons).then(async (chosen) => {
    if (chosen === analyze) await vscode.commands.executeCommand('neuronDeletion.analyze', file);
    else if (chosen === show) await reveal(file);
    else if (chosen === details) await showDetails(report, folder);
  });
}

function savedText(report: PruneReport, folder: string): string {
  const { l10n } = vscode;
  const { units_before, units_after, parameters_before, parameters_after } = report;
  const sizes = l10n.t(
    '{0} of {1} neurons, {2} of {3} parameters, {4} instead of {5}',
    integer(units_after),
    integer(units_before),
    integer(parameters_after),
    integer(parameters_before),
    bytes(report.bytes_after),
    bytes(report.bytes_before),
  );
  const [before, after] = [percent(report.accuracy_before), percent(report.accuracy_after)];
  const left = report.sites.filter(({ removal }) => removal !== 'removed').length;
  const parts = [
    l10n.t('The model in {0} has {1}; its accuracy is {2}, before {3}.', folder, sizes, after, before),
  ];
  if (left === 1) parts.push(l10n.t('1 site keeps its width; see the details.'));
  if (left > 1) parts.push(l10n.t('{0} sites keep their width; see the details.', left));
  return parts.join(' ');
}

/** Site by site how the neurons left it. */
async function showDetails(report: PruneReport, folder: string): Promise<void> {
  const { l10n } = vscode;
  const lines = [
    ...report.sites.filter(({ deleted }) => deleted.length > 0).map(siteLine),
    l10n.t(
      '1,000 samples take {0} ms instead of {1}.',
      decimals(report.speed_after, 1),
      decimals(report.speed_before, 1),
    ),
    l10n.t(
      'Its outputs differ by {0} at most from those of the network with these neurons deleted.',
      report.max_output_difference.toExponential(1),
    ),
  ];
  const open = l10n.t('Open prune.json');
  const title = l10n.t('How the Neurons Left the Model');
  const options = { modal: true, detail: lines.join('\n') };
  if ((await vscode.window.showInformationMessage(title, options, open)) !== open) return;
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(folder, 'prune.json')));
}

function siteLine({ site, units, deleted, removal, reason }: PrunedSite): string {
  const { l10n } = vscode;
  const how = {
    removed: l10n.t('removed'),
    'kept as constants': l10n.t('kept as constants'),
    'outgoing weights zeroed': l10n.t('outgoing weights set to zero'),
  }[removal];
  const line = l10n.t('{0}: {1} of {2} neurons, {3}', site, deleted.length, units, how);
  return reason === null ? line : `${line} (${reason})`;
}

/** A size on disk: `407 kB`, `1.2 MB`. */
function bytes(size: number): string {
  return size < 1e6 ? `${Math.round(size / 1e3)} kB` : `${decimals(size / 1e6, 1)} MB`;
}
