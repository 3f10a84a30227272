import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentName, Experiments } from '../protocol/curves';
import type { StoredExperiment } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import { writeAtomically } from './atomicFile';
import { isMissing, readFailure, writeFailure } from './fileErrors';
import { readRowsCsv, rowsArrow, rowsCsv, type RowColumn } from './rowTable';
import { RUN_FILES } from './runDirectory';
import { ignoreInGit } from './runWriter';

/** The columns of `curves.csv`, `noise.csv` and `pairs.csv` (design.md, "Command line"). */
const COLUMNS: { readonly [E in ExperimentName]: readonly RowColumn<Experiments[E]['row']>[] } = {
  curves: [
    { name: 'model', kind: 'text' },
    { name: 'data', kind: 'text' },
    { name: 'sites', kind: 'text' },
    { name: 'operator', kind: 'text' },
    { name: 'order', kind: 'text' },
    { name: 'direction', kind: 'text' },
    { name: 'repeat', kind: 'integer' },
    { name: 'units_ablated', kind: 'integer' },
    { name: 'fraction', kind: 'real' },
    { name: 'accuracy', kind: 'real' },
    { name: 'loss', kind: 'real' },
  ],
  noise: [
    { name: 'model', kind: 'text' },
    { name: 'sites', kind: 'text' },
    { name: 'scale', kind: 'real' },
    { name: 'repeat', kind: 'integer' },
    { name: 'accuracy', kind: 'real' },
    { name: 'loss', kind: 'real' },
  ],
  pairs: [
    { name: 'site_a', kind: 'text' },
    { name: 'unit_a', kind: 'integer' },
    { name: 'site_b', kind: 'text' },
    { name: 'unit_b', kind: 'integer' },
    { name: 'loss_increase_a', kind: 'real' },
    { name: 'loss_increase_b', kind: 'real' },
    { name: 'loss_increase_both', kind: 'real' },
    { name: 'synergy', kind: 'real' },
  ],
};

/** Makes the directory of a new experiment with its `run.json`. Throws {@link Failure} where it cannot. */
export async function createExperiment(directory: string, record: RunRecord): Promise<void> {
  if (existsSync(join(directory, RUN_FILES.record)))
    throw new Failure(`${directory} already holds a run: choose another folder.`, { file: directory });
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw writeFailure(error, directory);
  }
  await ignoreInGit(directory);
  await writeExperimentRecord(directory, record);
}

/** Replaces `run.json`. */
export async function writeExperimentRecord(directory: string, record: RunRecord): Promise<void> {
  await writeAtomically(join(directory, RUN_FILES.record), `${JSON.stringify(record, null, 2)}\n`);
}

/** Replaces the table of an experiment: `<name>.csv`, of curves also `curves.arrow`. */
export async function writeRows<E extends ExperimentName>(
  directory: string,
  name: E,
  rows: readonly Experiments[E]['row'][],
): Promise<void> {
  await writeAtomically(join(directory, `${name}.csv`), rowsCsv(COLUMNS[name], rows));
  if (name === 'curves')
    await writeAtomically(join(directory, 'curves.arrow'), rowsArrow(COLUMNS[name], rows));
}

/** The rows of an experiment as they stand in `<name>.csv`. */
export function experimentCsv(experiment: StoredExperiment): string {
  switch (experiment.name) {
    case 'curves':
      return rowsCsv(COLUMNS.curves, experiment.rows);
    case 'noise':
      return rowsCsv(COLUMNS.noise, experiment.rows);
    case 'pairs':
      return rowsCsv(COLUMNS.pairs, experiment.rows);
  }
}

/** Reads the table of an experiment; empty where nothing was finished. Throws {@link Failure} where it is damaged. */
export async function readRows<E extends ExperimentName>(
  directory: string,
  name: E,
): Promise<Experiments[E]['row'][]> {
  const file = join(directory, `${name}.csv`);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw readFailure(error, file);
  }
  return readRowsCsv(COLUMNS[name], text, file);
}

/** Which experiment a record is of; null for an analysis. */
export function experimentOf(record: RunRecord): ExperimentName | null {
  if (record.curves !== undefined) return 'curves';
  if (record.noise !== undefined) return 'noise';
  return record.pairs === undefined ? null : 'pairs';
}
