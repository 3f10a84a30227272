import type { Twin } from './twin';

/** By which column a table is sorted, and which way. */
export interface SortState {
  readonly column: string;
  readonly descending: boolean;
}

/** What a click on a column's head leads to: the other way, or that column, numbers from the largest. */
export function nextSort(twin: Twin, sort: SortState | null, column: string): SortState {
  if (sort?.column === column) return { column, descending: !sort.descending };
  return { column, descending: twin.columns.find(({ id }) => id === column)?.number ?? false };
}

/** As it is shown. */
export function shownText(column: Twin['columns'][number], row: number): string {
  if (column.text !== undefined) return column.text(row);
  const value = column.value(row);
  return typeof value === 'number' && Number.isNaN(value) ? '–' : String(value);
}

/**
 * The rows of a table in order; what is not known comes last either way, ties in the table's own order.
 * @param filter only rows in which a cell holds this text, whatever its case; empty: all
 */
export function orderRows(twin: Twin, sort: SortState | null, filter: string): Int32Array {
  const wanted = filter.trim().toLowerCase();
  const all = Int32Array.from({ length: twin.rows }, (_, row) => row);
  const rows =
    wanted === ''
      ? all
      : all.filter((row) =>
          twin.columns.some((column) => shownText(column, row).toLowerCase().includes(wanted)),
        );
  const column = twin.columns.find(({ id }) => id === sort?.column);
  if (column === undefined || sort === null) return rows;
  const keys = new Map<number, number | string>();
  for (const row of rows) keys.set(row, column.value(row));
  const sign = sort.descending ? -1 : 1;
  return rows.sort((a, b) => {
    const p = keys.get(a) ?? NaN;
    const q = keys.get(b) ?? NaN;
    const unknown = Number(Number.isNaN(p)) - Number(Number.isNaN(q));
    if (unknown !== 0) return unknown;
    if (p < q) return -sign;
    if (p > q) return sign;
    return a - b;
  });
}
