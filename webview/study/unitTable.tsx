import { useComputed, useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals';
import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { StudyStore, UnitRow } from '../shared/store';
import type { UnitActions } from './actions';
import { COLUMNS } from './columns';
import { nextSort, sortUnits, type SortState } from './sorting';

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 28;
/** Rows drawn above and below the visible ones. */
const OVERSCAN = 8;

const TEMPLATE = COLUMNS.map((column) => `minmax(${column.width}px, ${column.width}fr)`).join(' ');
const WIDTH = COLUMNS.reduce((sum, column) => sum + column.width, 0);

/** What the table shows, how it is sorted and scrolled, and who is told when that changes. */
export interface UnitTableProps {
  readonly store: StudyStore;
  readonly sort: ReadonlySignal<SortState>;
  readonly actions: UnitActions;
  readonly initialTop: number;
  readonly onSort: (sort: SortState) => void;
  readonly onScroll: (top: number) => void;
}

/** The pictures' twin: every unit and every figure, sortable; only the rows in view exist. */
export function UnitTableView({
  store,
  sort,
  actions,
  initialTop,
  onSort,
  onScroll,
}: UnitTableProps): VNode | null {
  const scroller = useRef<HTMLDivElement>(null);
  const top = useSignal(initialTop);
  const height = useSignal(0);
  const order = useComputed((): readonly UnitRow[] => {
    const current = store.table.value;
    return current === null ? [] : sortUnits(current.table, store.units.value, sort.value);
  });
  const place = useComputed(() => order.value.findIndex((unit) => unit.row === store.selected.value));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    element.scrollTop = initialTop;
    const observer = new ResizeObserver(() => (height.value = element.clientHeight));
    observer.observe(element);
    height.value = element.clientHeight;
    return () => observer.disconnect();
  }, []);

  const reveal = (index: number): void => {
    const element = scroller.current;
    if (element === null || index < 0) return;
    const from = index * ROW_HEIGHT;
    const room = element.clientHeight - HEAD_HEIGHT;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + ROW_HEIGHT > element.scrollTop + room) element.scrollTop = from + ROW_HEIGHT - room;
  };
  // A selection made elsewhere, or a new order, brings the selected row into view; new numbers do not.
  const revealed = useRef('');
  useSignalEffect(() => {
    const key = `${store.selected.value ?? ''} ${sort.value.column} ${sort.value.descending}`;
    const index = place.value;
    if (revealed.current === key) return;
    const restoring = revealed.current === '';
    revealed.current = key;
    if (!restoring || initialTop === 0) reveal(index);
  });

  const record = store.record.value;
  const table = store.table.value?.table;
  if (record === null || table === undefined) return null;
  const units = order.value;
  const first = Math.max(0, Math.floor(top.value / ROW_HEIGHT) - OVERSCAN);
  const last = Math.min(units.length, Math.ceil((top.value + height.value) / ROW_HEIGHT) + OVERSCAN);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    const at = place.value;
    const page = Math.max(1, Math.floor((height.value - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: units.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      const next = Math.min(units.length - 1, Math.max(0, to));
      actions.select(units[next]?.row ?? null);
      reveal(next);
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && at >= 0) {
      actions.toggleDeletion(units[at]?.row ?? -1);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      class="table-scroller"
      ref={scroller}
      tabIndex={0}
      role="grid"
      aria-label="All neurons"
      aria-rowcount={units.length + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={
        place.value >= first && place.value < last ? `row-${units[place.value]?.row}` : undefined
      }
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
        onScroll(event.currentTarget.scrollTop);
      }}
      onKeyDown={onKeyDown}
      onPointerLeave={() => (store.hovered.value = null)}
    >
      <div
        class="table-body"
        style={{ minWidth: `${WIDTH}px`, height: `${HEAD_HEIGHT + units.length * ROW_HEIGHT}px` }}
      >
        <Head sort={sort.value} onSort={onSort} />
        {units.slice(first, last).map((unit, i) => {
          const index = first + i;
          const selected = unit.row === store.selected.value;
          const deleted = store.deleted.value.has(unit.row);
          return (
            <div
              key={unit.row}
              id={`row-${unit.row}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selected}
              class={[
                'table-row',
                selected ? 'selected' : '',
                unit.row === store.hovered.value ? 'hovered' : '',
                deleted ? 'deleted' : '',
                table.columns.within_noise[unit.row] === 1 ? 'noise' : '',
              ].join(' ')}
              style={{ top: `${HEAD_HEIGHT + index * ROW_HEIGHT}px`, gridTemplateColumns: TEMPLATE }}
              onClick={() => actions.select(unit.row)}
              onPointerEnter={() => (store.hovered.value = unit.row)}
            >
              {COLUMNS.map((column) => (
                <div
                  key={column.id}
                  role="gridcell"
                  class={cellClass(column.id, column.number)}
                  title={column.id === 'site' ? unit.site : undefined}
                >
                  {column.text(table, unit, record.classes)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function cellClass(id: string, number: boolean): string {
  const fixed = id === 'site' ? ' pinned pinned-site' : id === 'unit' ? ' pinned pinned-unit' : '';
  return `table-cell${number ? ' number' : ''}${fixed}`;
}

function Head({
  sort,
  onSort,
}: {
  readonly sort: SortState;
  readonly onSort: (sort: SortState) => void;
}): VNode {
  return (
    <div class="table-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: TEMPLATE }}>
      {COLUMNS.map((column) => {
        const sorted = sort.column === column.id;
        return (
          <div
            key={column.id}
            role="columnheader"
            class={cellClass(column.id, column.number)}
            aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
          >
            <button type="button" title={column.title} onClick={() => onSort(nextSort(sort, column.id))}>
              <span class="head-label">{column.label}</span>
              {sorted && (
                <span
                  class={`codicon codicon-chevron-${sort.descending ? 'down' : 'up'}`}
                  aria-hidden="true"
                />
              )}
            </button>
          </div>
        );
      })}
    </div>
  );
}
