import type { StoredRun } from '../protocol/engine';
import { writeAtomically } from './atomicFile';
import { columnValues, fileColumns } from './unitColumns';
import { unitsCsv } from './unitsCsv';

/**
 * The run as JSON: `record` as in `run.json`, `units` one object a unit with the columns of `units.csv`, `relations`
 * as in `correlations.json` (null where the run has none).
 */
export function runJson(run: StoredRun): string {
  const columns = fileColumns(run.table.classes).map((column) => ({
    column,
    values: columnValues(run, column),
  }));
  const units = Array.from({ length: run.table.rows }, (_, row) =>
    Object.fromEntries<unknown>(
      columns.map(({ column, values }): [string, unknown] => {
        const value = values[row] ?? null;
        if (typeof value !== 'number') return [column.name, value];
        if (Number.isNaN(value)) return [column.name, null];
        return [column.name, column.kind === 'flag' ? value !== 0 : value];
      }),
    ),
  );
  const relations = run.correlations ?? null;
  return `${JSON.stringify({ record: run.record, units, relations }, null, 2)}\n`;
}

/** Writes a run's table as CSV, or record and table as JSON. Throws {@link Failure} where it cannot. */
export async function exportRun(run: StoredRun, format: 'csv' | 'json', file: string): Promise<void> {
  await writeAtomically(file, format === 'csv' ? unitsCsv(run) : runJson(run));
}
