import type { RunRecord } from '../protocol/run';
import { UNIT_COLUMNS, type UnitColumn, type UnitTable } from '../protocol/units';
import type { InspectorState, StudyState } from '../protocol/webview';
import { rowOf, sameUnit } from './unitRows';

/** What the unit inspector shows of a study: its selected unit; null where nothing is selected. */
export function inspectorState(state: StudyState): InspectorState | null {
  const { record, table, selection, deletion, unit } = state;
  if (record === null || table === null || selection === null) return null;
  const row = rowOf(record, selection);
  if (row === null) return null;
  const values = {} as Record<UnitColumn, number>;
  for (const name of UNIT_COLUMNS) values[name] = table.columns[name][row] ?? NaN;
  return {
    unit: selection,
    title: state.title,
    values,
    class_drop: [...table.class_drop.subarray(row * table.classes, (row + 1) * table.classes)],
    classes: record.classes,
    baseline: { accuracy: record.baseline.accuracy, samples: record.baseline.samples },
    provisional: record.rounds.done < record.rounds.samples.length,
    deleted: deletion.deleted.some((unit) => sameUnit(unit, selection)),
    deletion,
    ranks: ranksOf(record, table, row),
    details: unit?.details ?? null,
    problem: unit?.problem ?? null,
  };
}

/** Of each column, the share of the row's site that has less. */
function ranksOf(record: RunRecord, table: UnitTable, row: number): Record<UnitColumn, number> {
  let first = 0;
  const site = record.sites.find(({ units }) => (first += units) > row);
  const units = site?.units ?? 0;
  const ranks = {} as Record<UnitColumn, number>;
  for (const name of UNIT_COLUMNS) {
    const column = table.columns[name];
    const value = column[row] ?? NaN;
    const others = column.subarray(first - units, first).filter((other) => !Number.isNaN(other));
    const less = others.reduce((count, other) => (other < value ? count + 1 : count), 0);
    ranks[name] = Number.isNaN(value) ? NaN : less / others.length;
  }
  return ranks;
}
