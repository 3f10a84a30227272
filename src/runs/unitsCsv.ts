import type { StoredRun } from '../protocol/engine';
import { columnValues, fileColumns } from './unitColumns';

/** Quotes a field as RFC 4180 asks, where needed. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * `units.csv`, or another file of these columns: one header line, one line a unit. Not computed is empty; `dead`, `within_noise` and
 * `selectivity_valid` are `true` or `false`; numbers are the shortest that read back exactly.
 */
export function unitsCsv(
  run: Pick<StoredRun, 'record' | 'table'>,
  columns = fileColumns(run.table.classes),
): string {
  const fields = columns.map((column): ((row: number) => string) => {
    const values = columnValues(run, column);
    if (!(values instanceof Float64Array)) return (row) => csvField(values[row] ?? '');
    return (row) => {
      const value = values[row] ?? NaN;
      if (Number.isNaN(value)) return '';
      return column.kind === 'flag' ? String(value !== 0) : String(value);
    };
  });
  const lines = [columns.map((column) => column.name).join(',')];
  for (let row = 0; row < run.table.rows; row++) lines.push(fields.map((field) => field(row)).join(','));
  return `${lines.join('\n')}\n`;
}
