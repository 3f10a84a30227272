import type { UnitRef } from '../../src/protocol/study';
import type { StudyStore } from '../shared/store';
import type { StudyHost } from './viewProps';

/** What a user can do to a unit, wherever it is shown. Units are named by their row in the table. */
export interface UnitActions {
  select(row: number | null): void;
  toggleDeletion(row: number): void;
  /** These are deleted and no others. */
  setDeletion(rows: Iterable<number>): void;
  /** Another unit is pointed at, or none. */
  hover(row: number | null): void;
}

/** The actions as messages to the host. */
export function unitActions(store: StudyStore, host: StudyHost): UnitActions {
  const refer = (row: number | null): UnitRef | null => {
    const unit = row === null ? undefined : store.units.peek()[row];
    return unit === undefined ? null : { site: unit.site, unit: unit.unit };
  };
  return {
    select(row) {
      const reference = refer(row);
      store.select(reference);
      if (row !== null) store.cursor.value = row;
      host.post({ type: 'select', unit: reference });
    },
    toggleDeletion(row) {
      const unit = refer(row);
      if (unit === null) return;
      const deleted = !store.deleted.peek().has(row);
      const before = store.state.peek()?.deletion.deleted ?? [];
      store.showDeleted(
        deleted
          ? [...before, unit]
          : before.filter((one) => one.site !== unit.site || one.unit !== unit.unit),
      );
      host.post({ type: 'delete', unit, deleted });
    },
    setDeletion(rows) {
      const units = [...rows].map(refer).filter((unit) => unit !== null);
      store.showDeleted(units);
      host.post({ type: 'setDeletion', units });
    },
    hover(row) {
      if (store.hovered.peek() === row) return;
      store.hovered.value = row;
      host.post({ type: 'hover', unit: refer(row) });
    },
  };
}
