import type { UnitTable } from '../../src/protocol/units';
import type { UnitRow } from '../shared/store';
import { COLUMNS } from './columns';

/** By which column a table is sorted, and which way. */
export interface SortState {
  readonly column: string;
  readonly descending: boolean;
}

/** Most important first: what one opens the table for. */
export const DEFAULT_SORT: SortState = { column: 'accuracy_drop', descending: true };

/** What a click on a column's head leads to: the other way, or that column, numbers from the largest. */
export function nextSort(sort: SortState, column: string): SortState {
  if (sort.column === column) return { column, descending: !sort.descending };
  const measured = column !== 'site' && column !== 'unit' && column !== 'preferred_class';
  return { column, descending: measured };
}

/** The units in order; what was not computed comes last either way, ties by site, then unit. */
export function sortUnits(table: UnitTable, units: readonly UnitRow[], sort: SortState): readonly UnitRow[] {
  const column = COLUMNS.find((one) => one.id === sort.column);
  if (column === undefined) return units;
  const keyed = units.map((unit) => ({ unit, key: column.value(table, unit) }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort((p, q) => {
    const unknown = Number(Number.isNaN(p.key)) - Number(Number.isNaN(q.key));
    if (unknown !== 0) return unknown;
    if (p.key < q.key) return -sign;
    if (p.key > q.key) return sign;
    return p.unit.row - q.unit.row;
  });
  return keyed.map(({ unit }) => unit);
}
