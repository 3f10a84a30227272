import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Domain } from '../../../../src/pictures/colourScale';
import { rowsInside, type Range } from '../../../../src/pictures/gridHistogram';
import { orderWithinSites, type UnitOrder } from '../../../../src/pictures/gridOrder';
import { keptSignal } from '../../../shared/keptSignal';
import type { StudyStore } from '../../../shared/store';
import type { StudyHost } from '../../viewProps';
import { MEASURE_COLUMNS, measureOf, type MeasureColumn } from './measures';

/** The order of cells: the network's, or from the largest value of a measure. */
export type CellOrder = 'network' | MeasureColumn;

/** What a user has chosen in the heatmaps. */
export interface HeatmapChoices {
  /** Side of a cell, pixels; null: as large as a screen allows. */
  readonly cell: number | null;
  readonly left: MeasureColumn;
  readonly right: MeasureColumn;
  readonly order: CellOrder;
  /** Of each measure, the values to keep; null: open at that end. */
  readonly brushes: Partial<Record<MeasureColumn, readonly [low: number | null, high: number | null]>>;
}

/** What both pictures of the heatmaps share. */
export interface HeatmapState {
  readonly choices: Signal<HeatmapChoices>;
  readonly change: (part: Partial<HeatmapChoices>) => void;
  readonly setRange: (column: MeasureColumn, range: Range | null) => void;
  readonly rangeOf: (column: MeasureColumn) => Range | null;
  /** Null: the network's. */
  readonly order: ReadonlySignal<UnitOrder | null>;
  /** 1 for each row that the ranges of the measures on screen keep; null without ranges. */
  readonly inside: ReadonlySignal<Uint8Array | null>;
  /** How far both are scrolled down. */
  readonly top: Signal<number>;
  readonly values: (column: MeasureColumn) => Float64Array;
  readonly domain: (column: MeasureColumn) => Domain;
}

const INITIAL: HeatmapChoices = {
  cell: null,
  left: 'accuracy_drop',
  right: 'selectivity',
  order: 'network',
  brushes: {},
};

const EMPTY = new Float64Array();

export function heatmapState(store: StudyStore, host: StudyHost): HeatmapState {
  const choices = keptSignal(host, 'heatmaps', INITIAL);
  // Read anew at every version: the values are written in place.
  const values = (column: MeasureColumn): Float64Array => store.table.value?.table.columns[column] ?? EMPTY;
  const domains = new Map(
    MEASURE_COLUMNS.map((column) => [
      column,
      computed((): string => measureOf(column).domain(values(column)).join(' ')),
    ]),
  );
  const rangeOf = (column: MeasureColumn): Range | null => {
    const kept = choices.value.brushes[column];
    return kept === undefined ? null : [kept[0] ?? -Infinity, kept[1] ?? Infinity];
  };
  return {
    choices,
    change: (part) => (choices.value = { ...choices.peek(), ...part }),
    setRange(column, range) {
      const { [column]: _before, ...others } = choices.peek().brushes;
      const open = (end: number): number | null => (Number.isFinite(end) ? end : null);
      const brushes = range === null ? others : { ...others, [column]: [open(range[0]), open(range[1])] };
      choices.value = { ...choices.peek(), brushes };
    },
    rangeOf,
    order: computed(() => {
      const { order } = choices.value;
      return order === 'network' ? null : orderWithinSites(store.record.value?.sites ?? [], values(order));
    }),
    inside: computed(() => {
      const { left, right } = choices.value;
      const ranges = [...new Set([left, right])].flatMap((column) => {
        const range = rangeOf(column);
        return range === null ? [] : [{ values: values(column), range }];
      });
      return ranges.length === 0 ? null : rowsInside(store.table.value?.table.rows ?? 0, ranges);
    }),
    top: signal(0),
    values,
    // As a text it stays the same until it changes.
    domain: (column) => {
      const [low = 0, high = 1] = domains.get(column)!.value.split(' ').map(Number);
      return [low, high];
    },
  };
}
