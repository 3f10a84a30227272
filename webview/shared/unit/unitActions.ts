import type { ReadonlySignal } from '@preact/signals';
import type { PictureTheme } from '../../../src/pictures/theme';
import type { UnitRef } from '../../../src/protocol/study';

/** What the page of a unit needs of the view it stands in: the panel's tab or the side panel. */
export interface UnitPageView {
  select(unit: UnitRef): void;
  hover(unit: UnitRef | null): void;
  setDeleted(unit: UnitRef, deleted: boolean): void;
  /** The unit that is pointed at, wherever. */
  readonly hovered: ReadonlySignal<UnitRef | null>;
  readonly theme: ReadonlySignal<PictureTheme>;
  /** Device pixels a CSS pixel. */
  readonly ratio: ReadonlySignal<number>;
}

/** Same unit? */
export function sameUnit(a: UnitRef | null, b: UnitRef | null): boolean {
  return a !== null && b !== null && a.site === b.site && a.unit === b.unit;
}
