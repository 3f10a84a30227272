import type { FromStudy } from '../../src/protocol/webview';
import type { Host } from '../shared/host';
import type { StudyStore } from '../shared/store';
import type { SortState } from './sorting';

/** What the panel remembers of itself while it is closed or hidden. */
export interface StudyView {
  /** Side of a heatmap cell in pixels; null: by the number of units. */
  readonly cell: number | null;
  readonly sort: SortState;
  readonly details: boolean;
  readonly pageTop: number;
  readonly tableTop: number;
}

export type StudyHost = Host<FromStudy, StudyView>;

/** What a user can do to a unit, wherever it is shown. Units are named by their row in the table. */
export interface UnitActions {
  select(row: number | null): void;
  toggleDeletion(row: number): void;
}

/** The actions as messages to the host. */
export function unitActions(store: StudyStore, host: StudyHost): UnitActions {
  return {
    select(row) {
      const unit = row === null ? undefined : store.units.peek()[row];
      const reference = unit === undefined ? null : { site: unit.site, unit: unit.unit };
      store.select(reference);
      if (row !== null) store.cursor.value = row;
      host.post({ type: 'select', unit: reference });
    },
    toggleDeletion(row) {
      const unit = store.units.peek()[row];
      if (unit === undefined) return;
      const deleted = !store.deleted.peek().has(row);
      host.post({ type: 'delete', unit: { site: unit.site, unit: unit.unit }, deleted });
    },
  };
}
