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
import { classMeanColumns, fileColumns, unitRows } from './unitColumns';
import { readUnitsArrow } from './unitsArrow';

/**
 * Reads a run back from its directory; the table is empty where no round was finished, and class means are where older
 * runs have none.
 * Throws {@link Failure} where `run.json` is missing, or a file is damaged.
 */
export async function readRun(directory: string): Promise<StoredRun> {
  const record = await readRecord(directory);
  const experiment = await readExperiment(directory, record);
  const correlations = await readCorrelations(directory);
  const table = emptyUnitTable(unitRows(record.sites).length, record.classes.length);
  for (const name of [RUN_FILES.units, RUN_FILES.classMeans]) {
    const file = join(directory, name);
    const bytes = await readIfThere(file);
    // Without units there is nothing that the means belong to.
    if (bytes === null) break;
    const columns = name === RUN_FILES.units ? fileColumns(table.classes) : classMeanColumns(table.classes);
    readUnitsArrow(bytes, columns, record, file, table);
  }
  return {
    record,
    table,
    ...(experiment === null ? {} : { experiment }),
    ...(correlations === null ? {} : { correlations }),
  };
}

async function readIfThere(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw readFailure(error, file);
  }
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
