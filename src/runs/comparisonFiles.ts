import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparedModel, Verdict } from '../protocol/compare';
import { writeAtomically } from './atomicFile';
import { writeFailure } from './fileErrors';
import { csvField } from './unitsCsv';

/** The columns of `compare.csv` (design.md, "Command line"). */
const COLUMNS = [
  'model',
  'baseline_accuracy',
  'auc',
  'auc_sd',
  'auc_relative',
  'half_fraction',
  'worst_unit_drop',
  'dead_units',
] as const satisfies readonly (keyof ComparedModel)[];

/** `compare.csv`: a line a model; what is not known is empty. */
export function compareCsv(models: readonly ComparedModel[]): string {
  const lines = models.map((model) =>
    COLUMNS.map((name) => {
      const value = model[name];
      return typeof value === 'string' ? csvField(value) : Number.isNaN(value) ? '' : String(value);
    }).join(','),
  );
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

/** `compare.json`: models, verdict and what else is known; NaN is null. */
export function compareJson(
  models: readonly ComparedModel[],
  verdict: Verdict,
  more: Readonly<Record<string, unknown>>,
): string {
  return `${JSON.stringify({ models, verdict, ...more }, null, 2)}\n`;
}

/** Leaves `compare.csv` and `compare.json` in a folder. Throws {@link Failure} where it cannot. */
export async function writeComparison(
  directory: string,
  models: readonly ComparedModel[],
  verdict: Verdict,
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(error, directory);
  });
  await writeAtomically(join(directory, 'compare.csv'), compareCsv(models));
  await writeAtomically(join(directory, 'compare.json'), compareJson(models, verdict, more));
}
