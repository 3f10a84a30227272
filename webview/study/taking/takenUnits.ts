import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Rect } from '../../../src/pictures/surface';
import type { ViewProps } from '../viewProps';

/** Units taken together, to be deleted or restored at once, and the rectangle that took them. */
export interface Taken {
  readonly rect: Rect;
  /** Rows of the unit table. */
  readonly rows: readonly number[];
}

/** A picture in which a rectangle takes units. */
export interface Taking {
  readonly taken: Signal<Taken | null>;
  /** The rectangle is still being drawn. */
  readonly dragging: ReadonlySignal<boolean>;
}

/** Deletes these units with those that are deleted already. */
export function deleteAll({ store, actions }: ViewProps, rows: readonly number[]): void {
  if (rows.length > 0) actions.setDeletion(new Set([...store.deleted.peek(), ...rows]));
}

/** Restores these of the deleted units. */
export function restoreAll({ store, actions }: ViewProps, rows: readonly number[]): void {
  const restored = new Set(rows);
  actions.setDeletion([...store.deleted.peek()].filter((row) => !restored.has(row)));
}
