import type { RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import { UNIT_COLUMNS, type UnitColumn, type UnitTable } from '../protocol/units';

/** Number of units of a run, over all its sites. */
export function unitCount(record: Pick<RunRecord, 'sites'>): number {
  return record.sites.reduce((sum, site) => sum + site.units, 0);
}

/** Row of a unit in the run's table; null when the run has no such unit. */
export function rowOf(record: Pick<RunRecord, 'sites'>, unit: UnitRef): number | null {
  let first = 0;
  for (const site of record.sites) {
    if (site.name === unit.site) return unit.unit >= 0 && unit.unit < site.units ? first + unit.unit : null;
    first += site.units;
  }
  return null;
}

/** Same unit? */
export function sameUnit(a: UnitRef | null, b: UnitRef | null): boolean {
  return a === b || (a !== null && b !== null && a.site === b.site && a.unit === b.unit);
}

/** Rows `from` … `to` − 1 of a table as one of its own, in arrays of exact size. */
export function sliceRows(table: UnitTable, from: number, to: number): UnitTable {
  const columns = {} as Record<UnitColumn, Float64Array>;
  for (const name of UNIT_COLUMNS) columns[name] = table.columns[name].slice(from, to);
  const { classes } = table;
  return {
    rows: to - from,
    classes,
    columns,
    class_drop: table.class_drop.slice(from * classes, to * classes),
    class_mean: table.class_mean.slice(from * classes, to * classes),
  };
}

/** How many units have been measured on at least one block of samples. */
export function measuredUnits(table: UnitTable | null): number {
  if (table === null) return 0;
  return table.columns.n.reduce((count, n) => (n > 0 ? count + 1 : count), 0);
}
