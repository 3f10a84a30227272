import { UNIT_COLUMNS, type UnitColumn } from './units';
import type { UnitRef } from './study';
import type { InspectorState, StudyState } from './webview';

/** How a measure is spread over the units of a site: how many lie in each of some equal parts of its range. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** The measures whose spread stands beside a unit's own value. */
export const SPREAD_COLUMNS = [
  'accuracy_drop',
  'max_class_drop',
  'selectivity',
  'mutual_information_corrected',
] as const satisfies readonly UnitColumn[];

/** Parts of a {@link Spread}. */
const PARTS = 40;

/** The values as a {@link Spread}; null where none is known. */
export function spreadOf(values: Float64Array): Spread | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  const counts = new Array<number>(PARTS).fill(0);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const part = high > low ? Math.floor(((value - low) / (high - low)) * PARTS) : 0;
    counts[Math.min(PARTS - 1, part)]!++;
  }
  return { low, high, counts };
}

/** The share of the known values that are less than `value`, 0 … 1; NaN where it is not known. */
export function rankIn(values: Float64Array, value: number): number {
  if (Number.isNaN(value)) return NaN;
  let known = 0;
  let less = 0;
  for (const other of values) {
    if (Number.isNaN(other)) continue;
    known++;
    if (other < value) less++;
  }
  return less / known;
}

/** Everything of the unit in one row of a study's table; null where there is no such row. */
export function standingOf(state: StudyState, row: number): InspectorState | null {
  const { record, table, deletion } = state;
  if (record === null || table === null) return null;
  let end = 0;
  const site = record.sites.find(({ units }) => (end += units) > row);
  if (site === undefined) return null;
  const first = end - site.units;
  const unit: UnitRef = { site: site.name, unit: row - first };
  const isUnit = (other: UnitRef): boolean => other.site === unit.site && other.unit === unit.unit;
  const values = {} as Record<UnitColumn, number>;
  const ranks = {} as Record<UnitColumn, number>;
  for (const name of UNIT_COLUMNS) {
    const column = table.columns[name].subarray(first, end);
    values[name] = column[unit.unit] ?? NaN;
    ranks[name] = rankIn(column, values[name]);
  }
  const said = state.unit !== null && isUnit(state.unit.unit) ? state.unit : null;
  return {
    unit,
    title: state.title,
    values,
    class_drop: [...table.class_drop.subarray(row * table.classes, (row + 1) * table.classes)],
    classes: record.classes,
    baseline: { accuracy: record.baseline.accuracy, samples: record.baseline.samples },
    provisional: record.rounds.done < record.rounds.samples.length,
    deleted: deletion.deleted.some(isUnit),
    deletion,
    ranks,
    siteUnits: site.units,
    spreads: SPREAD_COLUMNS.map((name) => spreadOf(table.columns[name].subarray(first, end))),
    details: said?.details ?? null,
    problem: said?.problem ?? null,
  };
}
