import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportFormat, StoredRun } from '../protocol/engine';
import { writeAtomically } from './atomicFile';
import { experimentCsv } from './experimentFiles';
import { experimentHtml } from './experimentReport';
import type { PictureName } from './pictureNames';
import { readRun } from './readRun';
import { writeReport } from './report';
import { runPicture } from './runPicture';
import { readTrainingDirectory, TRAINING_FILES } from './trainingDirectory';
import { classMeanColumns, columnValues, fileColumns, type FileColumn } from './unitColumns';
import { unitsCsv } from './unitsCsv';

/**
 * The run as JSON: `record` as in `run.json`, `units` one object a unit with the columns of `units.csv`, `class_means`
 * likewise with those of `class_means.csv`, `relations` as in `correlations.json` (null where the run has none). Of a
 * run of curves, noise or pairs also `experiment`: its name and rows.
 */
export function runJson(run: StoredRun): string {
  const { classes } = run.table;
  const units = rowObjects(run, fileColumns(classes));
  const class_means = rowObjects(run, classMeanColumns(classes));
  const relations = run.correlations ?? null;
  const { record, experiment } = run;
  const whole = {
    record,
    units,
    class_means,
    relations,
    ...(experiment === undefined ? {} : { experiment }),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** One object a unit; null for what was not computed. */
function rowObjects(run: StoredRun, columns: readonly FileColumn[]): Record<string, unknown>[] {
  const filled = columns.map((column) => ({ column, values: columnValues(run, column) }));
  return Array.from({ length: run.table.rows }, (_, row) =>
    Object.fromEntries<unknown>(
      filled.map(({ column, values }): [string, unknown] => {
        const value = values[row] ?? null;
        if (typeof value !== 'number') return [column.name, value];
        if (Number.isNaN(value)) return [column.name, null];
        return [column.name, column.kind === 'flag' ? value !== 0 : value];
      }),
    ),
  );
}

/** The run's table as CSV: of its units, or of an experiment its rows. */
export function runCsv(run: StoredRun): string {
  return run.experiment === undefined ? unitsCsv(run) : experimentCsv(run.experiment);
}

/**
 * Writes a picture of the run in a directory into one file, as SVG.
 * @throws Failure where the directory holds no run, the run has no such picture, or the file cannot be written
 */
export async function exportPicture(
  directory: string,
  name: PictureName | undefined,
  file: string,
): Promise<void> {
  await writeAtomically(file, runPicture(await readRun(directory), name));
}

/**
 * Writes the run in a directory into one file: its table as CSV, everything as JSON, or its report as HTML; of an
 * experiment (several networks) its report.
 * Throws {@link Failure} where the directory holds no run or the file cannot be written.
 */
export async function exportRun(directory: string, format: ExportFormat, file: string): Promise<void> {
  if (format === 'html') {
    if (existsSync(join(directory, TRAINING_FILES.record))) {
      await writeAtomically(file, experimentHtml(await readTrainingDirectory(directory)));
    } else {
      await writeReport(directory, file);
    }
    return;
  }
  const run = await readRun(directory);
  await writeAtomically(file, format === 'csv' ? runCsv(run) : runJson(run));
}
