import { standingOf } from '../protocol/standing';
import type { InspectorState, StudyState } from '../protocol/webview';
import { rowOf } from './unitRows';

/** What the unit inspector shows of a study: its selected unit; null where nothing is selected. */
export function inspectorState(state: StudyState): InspectorState | null {
  const { record, selection } = state;
  const row = record === null || selection === null ? null : rowOf(record, selection);
  return row === null ? null : standingOf(state, row);
}
