import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import type { SiteFigures } from '../../protocol/engine';
import type { RunRecord } from '../../protocol/run';
import type { ModelInfo, SiteInfo } from '../../protocol/study';
import { modelName, runTitle, shapeText } from '../names';
import { factsTooltip } from '../tooltip';
import { shownPath } from '../workspaceFiles';
import { percent } from './describeRun';
import { decimals } from '../numberText';

/**
 * The row of a model: its format and, where it was analysed, how well it does.
 * @param last its newest run
 * @param ambiguous another model has the same name
 */
export function modelItem(uri: vscode.Uri, last: RunRecord | null, ambiguous: boolean): vscode.TreeItem {
  const { l10n } = vscode;
  const { fsPath } = uri;
  const name = modelName(fsPath);
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = uri.toString();
  item.description = modelBadge(fsPath, last, ambiguous ? shownPath(fsPath) : null);
  const run =
    last === null
      ? l10n.t('not analyzed yet')
      : l10n.t(
          '{0}, {1} of {2} samples right',
          runTitle(last),
          percent(last.baseline.accuracy),
          String(last.baseline.samples),
        );
  item.tooltip = factsTooltip(name, [
    [l10n.t('File'), shownPath(fsPath)],
    [l10n.t('Format'), last?.model.format ?? shortFormat(fsPath)],
    [l10n.t('Last run'), run],
  ]);
  item.iconPath = new vscode.ThemeIcon('type-hierarchy');
  item.contextValue = last === null ? 'model' : 'model.analyzed';
  return item;
}

/** `Keras · 98.1 %`, and where the model is if its name does not tell. */
export function modelBadge(
  path: string,
  last: Pick<RunRecord, 'baseline'> | null,
  place: string | null,
): string {
  const accuracy = last === null ? [] : [percent(last.baseline.accuracy)];
  return [shortFormat(path), ...accuracy, ...(place === null ? [] : [place])].join(' · ');
}

/** Which family of formats a model's file is of. */
export function shortFormat(path: string): string {
  return extname(path).toLowerCase() === '.json' ? 'TensorFlow.js' : 'Keras';
}

/** The rows below a model: its sites, what is left out and why. */
export function siteItems(model: ModelInfo, figures: readonly SiteFigures[]): vscode.TreeItem[] {
  const { l10n } = vscode;
  const sites = model.sites.map((site) =>
    siteItem(
      site,
      figures.find((of) => of.site === site.name),
    ),
  );
  const excluded = model.excluded.map((site) =>
    plainItem(site.name, site.reason, 'circle-slash', `${site.name}: ${site.reason}`),
  );
  if (sites.length > 0) return [...sites, ...excluded];
  const text = l10n.t('{0} has no neurons that can be deleted', basename(model.path));
  return [plainItem(text, '', 'info'), ...excluded];
}

function siteItem(site: SiteInfo, figures: SiteFigures | undefined): vscode.TreeItem {
  const { l10n } = vscode;
  const units = l10n.t('{0} units', site.units);
  // Also what a screen reader says of the row.
  const whole = [l10n.t('{0}: {1}, {2}, output {3}', site.name, units, site.kind, shapeText(site.shape))];
  const parts = [units];
  if (figures?.dead != null) {
    const dead = l10n.t('{0} dead', figures.dead);
    parts.push(dead);
    whole.push(dead);
  }
  if (figures?.worst != null) {
    const points = signed(-100 * figures.worst.accuracy_drop);
    parts.push(l10n.t('{0} points at most', points));
    whole.push(l10n.t('the most important unit is #{0}: {1} points without it', figures.worst.unit, points));
  }
  if (parts.length === 1) parts.push(site.kind);
  return plainItem(site.name, parts.join(' · '), 'symbol-array', whole.join('; '));
}

function signed(value: number): string {
  const text = decimals(Math.abs(value), 2);
  if (!/[1-9]/.test(text)) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** A row without anything below it. */
export function plainItem(
  label: string,
  description: string,
  icon: string,
  tooltip: string = label,
): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = new vscode.ThemeIcon(icon);
  return item;
}
