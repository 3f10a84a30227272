import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredExperiment, StoredRun } from '../protocol/engine';
import type { RunRecord } from '../protocol/run';
import { emptyUnitTable } from '../protocol/units';
import { readCorrelations } from './correlationsFile';
import { experimentOf, readRows } from './experimentFiles';
import { isMissing, readFailure } from './fileErrors';
import { RUN_FILES } from './runDirectory';
import { readRecord } from './runRecord';
import { unitRows } from './unitColumns';
import { readUnitsArrow } from './unitsArrow';

/**
 * Reads a run back from its directory; the table is empty where no round was finished.
 * Throws {@link Failure} where `run.json` or `units.arrow` is missing or damaged.
 */
export async function readRun(directory: string): Promise<StoredRun> {
  const record = await readRecord(directory);
  const experiment = await readExperiment(directory, record);
  const correlations = await readCorrelations(directory);
  const rest = {
    ...(experiment === null ? {} : { experiment }),
    ...(correlations === null ? {} : { correlations }),
  };
  const file = join(directory, RUN_FILES.units);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (!isMissing(error)) throw readFailure(error, file);
    const table = emptyUnitTable(unitRows(record.sites).length, record.classes.length);
    return { record, table, ...rest };
  }
  return { record, table: readUnitsArrow(bytes, record, file), ...rest };
}

async function readExperiment(directory: string, record: RunRecord): Promise<StoredExperiment | null> {
  const name = experimentOf(record);
  switch (name) {
    case 'curves':
      return { name, rows: await readRows(directory, name) };
    case 'noise':
      return { name, rows: await readRows(directory, name) };
    case 'pairs':
      return { name, rows: await readRows(directory, name) };
    default:
      return null;
  }
}
