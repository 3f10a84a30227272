import { signal, type ReadonlySignal } from '@preact/signals';
import type { PictureTheme } from '../../src/pictures/theme';
import type { ComparedPart, ComparedRun, FromCompare } from '../../src/protocol/compareState';
import type { Host } from '../shared/host';
import type { PictureView } from '../study/viewProps';

/** The runs of what is compared, in the order in which they are shown; each has its colour by its place. */
export type Runs = readonly ComparedRun[];

/** The runs that there are already. */
export function runsOf(parts: readonly ComparedPart[]): Runs {
  return parts.flatMap(({ run }) => run ?? []);
}

export type CompareHost = Host<FromCompare, Record<string, unknown>>;

/** What the parts of a comparison get. */
export interface CompareView extends PictureView {
  readonly host: CompareHost;
}

/** A comparison is of runs, not of units: there is nothing to select, point at or delete. */
export function compareView(
  host: CompareHost,
  theme: ReadonlySignal<PictureTheme>,
  ratio: ReadonlySignal<number>,
): CompareView {
  const nothing = (): void => undefined;
  return {
    host,
    theme,
    ratio,
    store: {
      selected: signal(null),
      hovered: signal(null),
      deleted: signal(new Set<number>()),
      table: signal(null),
    },
    actions: { select: nothing, toggleDeletion: nothing, hover: nothing },
  };
}
