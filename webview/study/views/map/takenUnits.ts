import type { ViewProps } from '../../viewProps';

/** Deletes these units with those that are deleted already. */
export function deleteAll({ store, actions }: ViewProps, rows: readonly number[]): void {
  if (rows.length > 0) actions.setDeletion(new Set([...store.deleted.peek(), ...rows]));
}

/** Restores these of the deleted units. */
export function restoreAll({ store, actions }: ViewProps, rows: readonly number[]): void {
  const restored = new Set(rows);
  actions.setDeletion([...store.deleted.peek()].filter((row) => !restored.has(row)));
}
