import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ComparisonFormat } from '../../protocol/compareState';
import { Failure } from '../../protocol/failure';
import { writeAtomically } from '../../runs/atomicFile';
import type { ReadComparison } from '../comparison';
import { fileName } from '../fileNames';
import { askWhere, say } from './exportRun';

/**
 * Writes a comparison into one file, as the command line's `compare` does.
 * @throws Failure where something is not measured yet
 */
export async function exportComparison(comparison: ReadComparison, format: ComparisonFormat): Promise<void> {
  const { l10n } = vscode;
  const content = await contentOf(comparison, format);
  const [first] = comparison.found;
  if (first?.units == null) return;
  const name = fileName(
    ['compare', ...comparison.state.parts.slice(0, 3).map((part) => part.name)].join('-'),
  );
  const title = l10n.t('Export Comparison');
  const file = `${name}.${format}`;
  const target = await askWhere(title, first.units.directory, file, format.toUpperCase());
  if (target === undefined) return;
  const options = {
    location: vscode.ProgressLocation.Window,
    title: l10n.t('Writing {0}…', basename(target.fsPath)),
  };
  await vscode.window.withProgress(options, () => writeAtomically(target.fsPath, content));
  say(format, target);
}

/**
 * A comparison as a file has it.
 * @throws Failure where something is not measured yet
 */
export async function contentOf(
  { found, lines, state }: ReadComparison,
  format: ComparisonFormat,
): Promise<string> {
  const { parts, verdict } = state;
  const measured = parts.flatMap(({ train_accuracy, step }, i) => {
    const { units, curves, noise } = found[i]!;
    const line = lines[i] ?? null;
    return line === null || units === null || curves === null || noise === null
      ? []
      : [
          {
            model: { ...line, step, train_accuracy },
            units: units.run,
            curves: curves.run,
            noise: noise.run,
          },
        ];
  });
  if (verdict === null || measured.length < parts.length) {
    throw new Failure(vscode.l10n.t('Not all is measured yet; measure what is missing, then export.'));
  }
  const models = measured.map(({ model }) => model);
  const { compareCsv, compareJson } = await import('../../runs/comparisonFiles');
  const { falls } = state;
  if (format === 'csv') return compareCsv(models);
  if (format === 'json')
    return compareJson(models, verdict, falls === undefined ? {} : { falls_from_step: falls });
  const { comparisonHtml } = await import('../../runs/reportComparison');
  const { fallText } = await import('../../runs/comparison');
  const best = models.find(({ step }) => step === falls) ?? null;
  return comparisonHtml({
    models,
    runs: measured.map(({ model, ...runs }) => ({ ...runs, name: model.model })),
    verdict,
    falls: falls === undefined ? null : fallText(best),
  });
}
