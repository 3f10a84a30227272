import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DataCandidate, ModelInfo } from '../../protocol/study';
import { arrayOf, fileOf, shapeText } from '../names';
import { classesTold, rankCandidates, type Misfit } from '../rankCandidates';
import { shownPath } from '../workspaceFiles';

/** The parts of a study that say what its data are. */
export type DataChoice = Pick<DataCandidate, 'data' | 'labels' | 'label_column'>;

/** Names of classes that a row shows. */
const SHOWN_NAMES = 4;

/** A row of the data pick; without `choice` it is for browsing, or a separator. */
export interface DataItem extends vscode.QuickPickItem {
  readonly choice?: DataChoice;
}

/** How far the search for data is. */
export type SearchStage =
  /** Only what the study file names is worth showing. */
  | 'beginning'
  /** Some has been found. */
  | 'going on'
  | 'done';

/**
 * The rows of the data pick: what the study file beside the model names, what fits the model, and, when all is found,
 * what does not and why.
 * @param model null as long as it is being read
 */
export function dataItems(
  model: ModelInfo | null,
  candidates: readonly DataCandidate[],
  last: DataChoice | null,
  stage: SearchStage,
): DataItem[] {
  const used = last && candidates.find((candidate) => sameChoice(candidate, last));
  const others = candidates.filter((candidate) => candidate !== used);
  const items: DataItem[] = [];
  if (last !== null) {
    items.push(
      separator(vscode.l10n.t('named beside the model')),
      used ? candidateItem(used) : plainItem(last),
    );
  }
  if (model === null || stage === 'beginning') return items;
  const { fitting, unfitting } = rankCandidates(model, others);
  if (fitting.length > 0) {
    const remark =
      model.inputs.length > 1 ? vscode.l10n.t('has all {0} inputs', model.inputs.length) : undefined;
    items.push(
      separator(vscode.l10n.t('fits the model')),
      ...fitting.map((one) => candidateItem(one, remark)),
    );
  }
  if (stage !== 'done' || unfitting.length === 0) return items;
  items.push(separator(vscode.l10n.t('does not fit the model')));
  for (const { candidate, reason } of unfitting) {
    items.push(candidateItem(candidate, misfitText(model, candidate, reason)));
  }
  return items;
}

/** Stands above what was found after the list was first shown. */
export function foundLater(): DataItem {
  return separator(vscode.l10n.t('found since'));
}

/** Tells a row from all others, also when more is known of it. */
export function rowKey({ choice, label, kind }: DataItem): string {
  const { data, labels, label_column } = choice ?? {};
  return JSON.stringify(choice === undefined ? [label, kind ?? null] : [data, labels, label_column]);
}

function misfitText(model: ModelInfo, candidate: DataCandidate, reason: Misfit): string {
  switch (reason) {
    case 'shape':
      return vscode.l10n.t('the model takes {0}', shapeText(model.input));
    case 'classes':
      return vscode.l10n.t('the model tells {0} classes apart', classesTold(model));
    case 'inputs': {
      const missing = (candidate.missing_inputs ?? []).join(', ');
      return vscode.l10n.t('the model takes {0} inputs; it has no {1}', model.inputs.length, missing);
    }
  }
}

/** What a format is called. */
function formatName(format: string): string {
  return format === 'folder' ? vscode.l10n.t('folder of pictures') : format;
}

/** The first names of classes that have any: `boat, bug, bus, …`. */
function someNames(classes: DataCandidate['class_counts']): string {
  const names = classes.map(({ label }) => label);
  if (names.every((name) => /^-?\d+$/.test(name))) return '';
  return ` (${names.slice(0, SHOWN_NAMES).join(', ')}${names.length > SHOWN_NAMES ? ', …' : ''})`;
}

/** One way to read a file: its name, the shape of a sample, how many of each class, and the format. */
export function candidateItem(candidate: DataCandidate, remark?: string): DataItem {
  const { data, labels, label_column, samples, shape, dtype, class_counts, format } = candidate;
  const array = arrayOf(data);
  const labelled = labels === undefined ? null : (arrayOf(labels) ?? basename(labels));
  const names = [array, labelled === null ? null : vscode.l10n.t('labels {0}', labelled)];
  const counts = class_counts.map((each) => each.samples);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const each = least === most ? `${least}` : `${least}–${most}`;
  const detail = [
    vscode.l10n.t('{0} samples, {1} classes, {2} of each', samples, counts.length, each) +
      someNames(class_counts),
    ...(format === undefined ? [] : [formatName(format)]),
    shownPath(fileOf(data)),
  ];
  return {
    label: basename(fileOf(data)),
    description: [shapeText(shape, dtype), ...names, remark].filter((part) => part != null).join(' · '),
    detail: detail.join(' · '),
    choice: {
      data,
      ...(labels === undefined ? {} : { labels }),
      ...(label_column === undefined ? {} : { label_column }),
    },
  };
}

/** Are these the same data with the same labels? */
export function sameChoice(a: DataChoice, b: DataChoice): boolean {
  return a.data === b.data && a.labels === b.labels && a.label_column === b.label_column;
}

function plainItem(choice: DataChoice): DataItem {
  const { data, labels } = choice;
  const parts = [
    arrayOf(data),
    labels === undefined ? null : vscode.l10n.t('labels {0}', arrayOf(labels) ?? labels),
  ];
  return {
    label: basename(fileOf(data)),
    description: parts.filter((part) => part !== null).join(' · '),
    detail: shownPath(fileOf(data)),
    choice,
  };
}

function separator(label: string): DataItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
