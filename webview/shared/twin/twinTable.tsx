import { useSignal, useSignalEffect, type Signal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { StudyStore } from '../store';
import { TextField } from '../controls';
import { count } from '../format';
import { nextSort, orderRows, shownText, type SortState } from './order';
import type { Twin } from './twin';

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 28;
/** Rows drawn above and below the visible ones. */
const OVERSCAN = 8;

/** What a table's user does to units. */
export interface TwinActions {
  select(row: number | null): void;
  toggleDeletion(row: number): void;
  hover(row: number | null): void;
}

/** What a table shows of units, and does to them. */
export interface TwinView {
  readonly store: Pick<StudyStore, 'selected' | 'hovered' | 'deleted' | 'table'>;
  readonly actions: TwinActions;
}

/** How a table is sorted, filtered and scrolled; kept by who owns it. */
export interface TwinState {
  readonly sort: SortState | null;
  readonly filter: string;
  readonly top: number;
}

export const NEW_TWIN: TwinState = { sort: null, filter: '', top: 0 };

/** A picture as a table: sorted by a click, filtered by a text; only the rows in view exist. */
export function TwinTable({
  twin,
  view,
  kept,
  onOrder,
}: {
  readonly twin: Twin;
  readonly view: TwinView;
  /** Where its state outlives it. */
  readonly kept?: Signal<TwinState>;
  /** Told the rows in order, whenever that changes. */
  readonly onOrder?: (rows: Int32Array) => void;
}): VNode {
  const { store, actions } = view;
  const own = useSignal(NEW_TWIN);
  const state = kept ?? own;
  const change = (part: Partial<TwinState>): void => void (state.value = { ...state.peek(), ...part });
  const scroller = useRef<HTMLDivElement>(null);
  const height = useSignal(0);
  const { sort, filter, top } = state.value;
  const rows = useMemo(() => orderRows(twin, sort, filter), [twin, sort, filter]);
  const unitOf = (row: number): number | null => twin.unitOf?.(row) ?? null;
  const selected = store.selected.value;
  const place = selected === null ? -1 : rows.findIndex((row) => unitOf(row) === selected);

  useLayoutEffect(() => onOrder?.(rows), [rows]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    element.scrollTop = state.peek().top;
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
    const key = `${store.selected.value ?? ''} ${state.value.sort?.column} ${state.value.sort?.descending}`;
    if (revealed.current === key) return;
    const restoring = revealed.current === '';
    revealed.current = key;
    if (!restoring || state.peek().top === 0) requestAnimationFrame(() => reveal(place));
  });

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN);
  const last = Math.min(rows.length, Math.ceil((top + height.value) / ROW_HEIGHT) + OVERSCAN);
  const template = twin.columns.map(({ width }) => `minmax(${width}px, ${width}fr)`).join(' ');
  const least = twin.columns.reduce((sum, { width }) => sum + width, 0);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((height.value - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    const unit = unitOf(rows[place] ?? -1);
    if (to !== undefined && twin.unitOf !== undefined) {
      const next = Math.min(rows.length - 1, Math.max(0, to));
      actions.select(unitOf(rows[next] ?? -1));
      reveal(next);
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && place >= 0 && unit !== null) {
      actions.toggleDeletion(unit);
    } else return;
    event.preventDefault();
  };

  return (
    <div class="twin">
      <div class="twin-filter">
        <TextField
          label={t('Filter')}
          placeholder={t('Filter rows by their text')}
          value={filter}
          onInput={(text) => change({ filter: text })}
        />
        <span class="quiet" role="status">
          {rows.length === twin.rows
            ? t('{0} rows', count(rows.length))
            : t('{0} of {1} rows', count(rows.length), count(twin.rows))}
        </span>
      </div>
      <div
        class="table-scroller"
        ref={scroller}
        tabIndex={0}
        role="grid"
        aria-label={twin.label}
        aria-rowcount={rows.length + 1}
        aria-colcount={twin.columns.length}
        aria-activedescendant={place >= first && place < last ? `row-${rows[place]}` : undefined}
        onScroll={(event) => change({ top: event.currentTarget.scrollTop })}
        onKeyDown={onKeyDown}
        onPointerLeave={() => actions.hover(null)}
      >
        <div
          class="table-body"
          style={{ minWidth: `${least}px`, height: `${HEAD_HEIGHT + rows.length * ROW_HEIGHT}px` }}
        >
          <div class="table-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
            {twin.columns.map((column) => {
              const sorted = sort?.column === column.id;
              return (
                <div
                  key={column.id}
                  role="columnheader"
                  class={cellClass(column)}
                  aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    title={column.title}
                    onClick={() => change({ sort: nextSort(twin, sort, column.id) })}
                  >
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
          {[...rows.subarray(first, last)].map((row, i) => {
            const unit = unitOf(row);
            const index = first + i;
            return (
              <div
                key={row}
                id={`row-${row}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={unit !== null && unit === selected}
                class={[
                  'table-row',
                  unit !== null && unit === selected ? 'selected' : '',
                  unit !== null && unit === store.hovered.value ? 'hovered' : '',
                  unit !== null && store.deleted.value.has(unit) ? 'deleted' : '',
                  unit !== null && store.table.value?.table.columns.within_noise[unit] === 1 ? 'noise' : '',
                ].join(' ')}
                style={{ top: `${HEAD_HEIGHT + index * ROW_HEIGHT}px`, gridTemplateColumns: template }}
                onClick={() => unit !== null && actions.select(unit)}
                onPointerEnter={() => actions.hover(unit)}
              >
                {twin.columns.map((column) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    class={cellClass(column)}
                    title={column.number ? undefined : shownText(column, row)}
                  >
                    {shownText(column, row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The columns that name a unit stay in view. */
function cellClass({ id, number }: Twin['columns'][number]): string {
  const fixed = id === 'site' ? ' pinned pinned-site' : id === 'unit' ? ' pinned pinned-unit' : '';
  return `table-cell${number ? ' number' : ''}${fixed}`;
}
