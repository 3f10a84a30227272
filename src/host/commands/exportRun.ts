import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ExportFormat } from '../../protocol/engine';
import { writeAtomically } from '../../runs/atomicFile';
import { readRecord } from '../../runs/runRecord';
import { fileName } from '../fileNames';
import { canReveal, reveal } from '../reveal';
import type { Services } from '../services';

/** A picture as a view has drawn it. */
export interface Picture {
  /** Proposed as the name of the file, without its ending. */
  readonly name: string;
  readonly format: 'png' | 'svg';
  readonly content: Uint8Array;
}

const FORMATS: readonly ExportFormat[] = ['csv', 'json', 'html'];

/** Is it one of the formats that a run is exported as? */
export function isExportFormat(value: unknown): value is ExportFormat {
  return FORMATS.some((format) => format === value);
}

/**
 * Writes a run into one file: its table, everything, or its report.
 * @param format asked for when absent
 * @param file asked for when absent
 */
export async function exportRun(
  services: Services,
  directory: string,
  format?: ExportFormat,
  file?: vscode.Uri,
): Promise<void> {
  const { l10n } = vscode;
  const record = await readRecord(directory);
  const chosen = format ?? (await pickFormat());
  if (chosen === undefined) return;
  const name = fileName(record.name ?? record.id);
  const { title, kind } = textsOf(chosen);
  const target = file ?? (await askWhere(title, directory, `${name}.${chosen}`, kind));
  if (target === undefined) return;
  const options = {
    location: vscode.ProgressLocation.Window,
    title: l10n.t('Writing {0}…', basename(target.fsPath)),
  };
  await vscode.window.withProgress(options, () =>
    services.engine.process.request('exportRun', { directory, format: chosen, file: target.fsPath }),
  );
  say(chosen, target);
}

/** Writes a picture that a view has drawn into a file that the user chooses. */
export async function savePicture(directory: string, picture: Picture): Promise<void> {
  const record = await readRecord(directory).catch(() => null);
  const name = [record?.name ?? record?.id ?? basename(directory), picture.name].map(fileName).join('-');
  const kind = picture.format.toUpperCase();
  const title = vscode.l10n.t('Save Picture');
  const target = await askWhere(title, directory, `${name}.${picture.format}`, kind);
  if (target === undefined) return;
  await writeAtomically(target.fsPath, picture.content);
  say(picture.format, target);
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const { l10n } = vscode;
  const items = [
    { label: l10n.t('$(table) Table (CSV)'), detail: l10n.t('One row a neuron with all its measures.'), format: 'csv' },
    { label: l10n.t('$(json) Everything (JSON)'), detail: l10n.t('The run’s record, its neurons and how their measures relate.'), format: 'json' },
    { label: l10n.t('$(browser) Report (HTML)'), detail: l10n.t('One page with pictures and figures that opens anywhere.'), format: 'html' },
  ] as const; // prettier-ignore
  return (await vscode.window.showQuickPick(items, { title: l10n.t('Export Run') }))?.format;
}

function textsOf(format: ExportFormat): { readonly title: string; readonly kind: string } {
  const { l10n } = vscode;
  switch (format) {
    case 'csv':
      return { title: l10n.t('Export Table'), kind: 'CSV' };
    case 'json':
      return { title: l10n.t('Export Run'), kind: 'JSON' };
    case 'html':
      return { title: l10n.t('Export Report'), kind: 'HTML' };
  }
}

/** Asks for a file; proposed is one beside the folder that keeps the runs. */
export async function askWhere(
  title: string,
  directory: string,
  name: string,
  kind: string,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.joinPath(vscode.Uri.file(directory), '..', '..', '..');
  return vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { [kind]: [kind.toLowerCase()] },
  });
}

/** Says where a file is, and offers what one does with it. */
export function say(format: ExportFormat | Picture['format'], file: vscode.Uri): void {
  const { l10n } = vscode;
  const text = {
    csv: l10n.t('The table is in {0}.', file.fsPath),
    json: l10n.t('The run is in {0}.', file.fsPath),
    html: l10n.t('The report is in {0}.', file.fsPath),
    png: l10n.t('The picture is in {0}.', file.fsPath),
    svg: l10n.t('The picture is in {0}.', file.fsPath),
  }[format];
  const open = format === 'html' ? l10n.t('Open in Browser') : l10n.t('Open');
  const show = l10n.t('Reveal');
  const buttons = canReveal(file) ? [open, show] : [open];
  void vscode.window.showInformationMessage(text, ...buttons).then(async (chosen) => {
    if (chosen === show) await reveal(file);
    else if (chosen === open && format === 'html') await vscode.env.openExternal(file);
    else if (chosen === open) await vscode.commands.executeCommand('vscode.open', file);
  });
}
