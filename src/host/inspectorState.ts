import { UNIT_COLUMNS, type UnitColumn } from '../protocol/units';
import type { InspectorState, StudyState } from '../protocol/webview';
import { rowOf, sameUnit } from './unitRows';

/** What the unit inspector shows of a study: its selected unit; null where nothing is selected. */
export function inspectorState(state: StudyState): InspectorState | null {
  const { record, table, selection, deletion } = state;
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
  };
}
