import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { domainOf, type Domain } from '../../../../src/pictures/colourScale';
import { clusterRows } from '../../../../src/pictures/gridClusters';
import type { MatrixSection } from '../../../../src/pictures/gridMatrixPicture';
import { orderOf, rowRange, sortedRows, type UnitOrder } from '../../../../src/pictures/gridOrder';
import {
  buildPyramid,
  updatePositions,
  updatePyramid,
  type Pyramid,
  type Reduction,
} from '../../../../src/pictures/gridPyramid';
import { keptSignal } from '../../../shared/keptSignal';
import type { RowRange, StudyStore } from '../../../shared/store';
import type { StudyHost } from '../../viewProps';
import { signedDomain, type MeasureColumn } from './measures';
import { inSlices } from './slices';

/** What the cells tell: recall lost, mean activation, or that as a share of the unit's own largest. */
export const MATRIX_VALUES = ['class_drop', 'class_mean', 'class_share'] as const;
export type MatrixValue = (typeof MATRIX_VALUES)[number];

/** The order of the rows: the network's, from the largest of a measure or of a class, or like ones side by side. */
export type RowOrder = 'network' | 'similar' | MeasureColumn | `class ${number}`;

/** What a user has chosen in the matrix. */
export interface MatrixChoices {
  readonly value: MatrixValue;
  /** Empty: all sites. */
  readonly site: string;
  readonly order: RowOrder;
  /** Height of a row, pixels; null: all are in view. */
  readonly row: number | null;
}

const INITIAL: MatrixChoices = { value: 'class_drop', site: '', order: 'network', row: null };
const EMPTY = new Float64Array();

/** What the matrix of units and classes shows. */
export interface MatrixState {
  readonly choices: Signal<MatrixChoices>;
  readonly change: (part: Partial<MatrixChoices>) => void;
  /** One of the choices, which changes less often than the others. */
  readonly value: ReadonlySignal<MatrixValue>;
  /** The rows that are shown, in order. */
  readonly order: ReadonlySignal<UnitOrder>;
  /** Null where the order does not keep sites together. */
  readonly sections: ReadonlySignal<readonly MatrixSection[] | null>;
  /** Anew whenever a value has changed. */
  readonly pyramid: ReadonlySignal<Pyramid>;
  readonly domain: ReadonlySignal<Domain>;
  /** Like rows are being put side by side. */
  readonly clustering: ReadonlySignal<boolean>;
  /** There are no such values in this run. */
  readonly empty: ReadonlySignal<boolean>;
  readonly stop: () => void;
}

/** @param inside 1 for each unit that a filter keeps; null: all */
export function matrixState(
  store: StudyStore,
  host: StudyHost,
  inside: ReadonlySignal<Uint8Array | null>,
): MatrixState {
  const choices = keptSignal(host, 'matrix', INITIAL);
  const part = <K extends keyof MatrixChoices>(key: K): ReadonlySignal<MatrixChoices[K]> =>
    computed(() => choices.value[key]);
  const [value, site, rowOrder] = [part('value'), part('site'), part('order')];
  const classes = computed(() => store.table.value?.table.classes ?? 1);
  const source = (): Float64Array => {
    const table = store.table.value?.table;
    if (table === undefined) return EMPTY;
    return value.value === 'class_drop' ? table.class_drop : table.class_mean;
  };

  /** First row and one past the last of what the choice of a site leaves. */
  const bounds = computed((): string => {
    let first = 0;
    for (const { name, units } of store.record.value?.sites ?? []) {
      if (name === site.value) return `${first} ${first + units}`;
      first += units;
    }
    return `0 ${first}`;
  });
  const network = computed(() => {
    const [from = 0, to = 0] = bounds.value.split(' ').map(Number);
    return rowRange(from, to);
  });

  const clusters = signal<{ readonly key: string; readonly rows: Int32Array } | null>(null);
  const clustering = signal(false);
  const wanted = computed((): string | null => {
    if (rowOrder.value !== 'similar' || store.table.value === null) return null;
    // Numbers that still stream in would move the rows ten times a second.
    const version = store.progress.value === null ? store.table.value.version : 'streaming';
    return [value.value === 'class_drop' ? 'drop' : 'mean', bounds.value, version].join(' ');
  });
  const stop = effect(() => {
    const key = wanted.value;
    if (key === null || clusters.peek()?.key === key) {
      clustering.value = false;
      return undefined;
    }
    clustering.value = true;
    const work = clusterRows(network.peek(), source().slice(), classes.peek());
    return inSlices(work, (rows) => {
      clusters.value = { key, rows };
      clustering.value = false;
    });
  });

  const factors = computed((): Float64Array | undefined => {
    const table = store.table.value?.table;
    if (value.value !== 'class_share' || table === undefined) return undefined;
    return Float64Array.from({ length: table.rows }, (_, row) => {
      let largest = 0;
      for (let c = 0; c < table.classes; c++) {
        const size = Math.abs(table.class_mean[row * table.classes + c]!);
        if (size > largest) largest = size;
      }
      return largest === 0 ? 1 : 1 / largest;
    });
  });
  const sorted = computed((): Int32Array => {
    const rows = network.value;
    const by = rowOrder.value;
    if (by === 'network') return rows;
    if (by === 'similar') {
      const found = clusters.value;
      return found !== null && found.rows.length === rows.length ? found.rows : rows;
    }
    const table = store.table.value?.table;
    if (table === undefined) return rows;
    if (!by.startsWith('class ')) return sortedRows(rows, table.columns[by as MeasureColumn]);
    const column = Number(by.slice('class '.length));
    const values = source();
    const ofClass = new Float64Array(table.rows);
    const own = factors.value;
    for (const row of rows) ofClass[row] = values[row * table.classes + column]! * (own?.[row] ?? 1);
    return sortedRows(rows, ofClass);
  });
  const order = computed(() => {
    const kept = inside.value;
    const rows = kept === null ? sorted.value : sorted.value.filter((row) => kept[row] === 1);
    return orderOf(rows, store.units.value.length);
  });

  const domainText = computed((): string => {
    const values = source();
    if (value.value === 'class_drop') return domainOf(values).join(' ');
    const domain = signedDomain(values);
    if (value.value === 'class_mean') return domain.join(' ');
    return domain[0] < 0 ? '-1 1' : '0 1';
  });
  const domain = computed((): Domain => {
    const [low = 0, high = 1] = domainText.value.split(' ').map(Number);
    return [low, high];
  });

  let made: { readonly pyramid: Pyramid; readonly version: number } | null = null;
  const pyramid = computed((): Pyramid => {
    const version = store.table.value?.version ?? 0;
    const grid = {
      rows: order.value.rows,
      columns: classes.value,
      values: source(),
      factors: factors.value,
    };
    const reduction: Reduction = domain.value[0] < 0 ? 'extreme' : 'mean';
    const last = made?.pyramid;
    const same =
      last?.grid.rows === grid.rows &&
      last.grid.values === grid.values &&
      (last.grid.factors === undefined) === (grid.factors === undefined) &&
      last.reduction === reduction;
    const changed = made === null ? null : store.changedSince(made.version);
    const fresh =
      same && changed !== null && changed.to < Infinity
        ? updated({ ...last, grid }, order.value, changed)
        : buildPyramid(grid, reduction);
    made = { pyramid: fresh, version };
    return fresh;
  });

  return {
    choices,
    change: (changed) => (choices.value = { ...choices.peek(), ...changed }),
    value,
    order,
    sections: computed(() => {
      const { rows } = order.value;
      if (rowOrder.value !== 'network') return null;
      return sectionsOf(store.record.value?.sites ?? [], rows);
    }),
    pyramid,
    domain,
    clustering,
    empty: computed(() => !source().some((one) => !Number.isNaN(one))),
    stop,
  };
}

function updated(pyramid: Pyramid, { rows, positions }: UnitOrder, { from, to }: RowRange): Pyramid {
  const first = positions[from] ?? -1;
  const last = positions[Math.min(to, positions.length) - 1] ?? -1;
  const together = first >= 0 && last - first === to - 1 - from && rows[first] === from;
  if (together && isRun(rows, first, last)) updatePyramid(pyramid, first, last + 1);
  else
    updatePositions(
      pyramid,
      positions.subarray(from, to).filter((position) => position >= 0),
    );
  return pyramid;
}

function isRun(rows: Int32Array, first: number, last: number): boolean {
  for (let at = first + 1; at <= last; at++) if (rows[at] !== rows[at - 1]! + 1) return false;
  return true;
}

/** The sites that rows in the network's order belong to. */
function sectionsOf(
  sites: readonly { readonly name: string; readonly units: number }[],
  rows: Int32Array,
): MatrixSection[] {
  const sections: MatrixSection[] = [];
  let end = 0;
  let first = 0;
  for (const { name, units } of sites) {
    end += units;
    // The first row of the next site, by halves.
    let [low, high] = [first, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]! < end) low = middle + 1;
      else high = middle;
    }
    if (low > first) sections.push({ name, first, rows: low - first });
    first = low;
  }
  return sections;
}
