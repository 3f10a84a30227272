import { useComputed, useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { TargetedKeyboardEvent, TargetedPointerEvent, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { colourOf } from '../../../../src/pictures/colourScale';
import { drawHeatmap } from '../../../../src/pictures/heatmap';
import { roomyCell } from './cellSize';
import { cellAt, layoutHeatmap, neighbour, rectOf, type Move } from '../../../../src/pictures/heatmapLayout';
import type { PictureTheme } from '../../../../src/pictures/theme';
import type { RunRecord } from '../../../../src/protocol/run';
import { count } from '../../../shared/format';
import { paint } from '../../../shared/paint';
import type { StudyStore } from '../../../shared/store';
import type { UnitActions } from '../../actions';
import { Legend, LegendKeys, type CellMarks } from './legend';
import type { Measure } from './measures';
import { isProvisional, samplesDone } from '../../progress';
import { readOut } from '../../readout';
import { Tooltip } from '../../tooltip';

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'previousSite',
  PageDown: 'nextSite',
};

/**
 * One measure over all units: a canvas for the pointer and the keyboard, its legend, tooltip and spoken readout.
 * The outer element carries, for tests, the keyboard's cell: `data-site`, `data-unit`, `data-value` (as computed),
 * `data-domain`, and its centre in CSS pixels of the canvas, `data-focus-x`, `data-focus-y`.
 */
export function Heatmap({
  store,
  measure,
  theme,
  ratio,
  cell,
  shownCell,
  actions,
  onZoom,
}: {
  readonly store: StudyStore;
  readonly measure: Measure;
  readonly theme: ReadonlySignal<PictureTheme>;
  readonly ratio: ReadonlySignal<number>;
  /** Side of a cell, pixels; null: as large as a screen allows. */
  readonly cell: ReadonlySignal<number | null>;
  /** Told the side that is shown. */
  readonly shownCell: Signal<number>;
  readonly actions: UnitActions;
  readonly onZoom: (direction: 1 | -1 | 0) => void;
}): VNode | null {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const focused = useSignal(false);
  /** Where the tooltip is open: at the pointer's cell or the keyboard's. */
  const pointed = useSignal<number | null>(null);

  const layout = useComputed(() => {
    const sites = store.record.value?.sites ?? [];
    return layoutHeatmap(sites, width.value, { cell: cell.value ?? roomyCell(sites, width.value) });
  });
  useSignalEffect(() => {
    shownCell.value = layout.value.cell;
  });
  const values = useComputed(() => store.table.value?.table.columns[measure.column] ?? new Float64Array());
  const scale = useComputed(() => measure.scale(theme.value));
  // The version is read because the values are written in place.
  const domain = useComputed(() =>
    store.table.value === null ? measure.domain(new Float64Array()) : measure.domain(values.value),
  );
  const [low, high] = domain.value;
  const marks = useComputed((): CellMarks => findMarks(store, measure));

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => (width.value = Math.floor(element.clientWidth)));
    observer.observe(element);
    width.value = Math.floor(element.clientWidth);
    return () => observer.disconnect();
  }, [width]);

  useSignalEffect(() => {
    const current = store.table.value;
    const element = canvas.current;
    if (current === null || element === null || width.value === 0) return;
    const { table } = current;
    const colour = colourOf(scale.value, domain.value);
    const place = layout.value;
    const view = {
      values: table.columns[measure.column],
      colour,
      muted: (row: number) => measure.muted(table, row),
      dead: (row: number) => table.columns.dead[row] === 1,
      selected: store.selected.value,
      hovered: store.hovered.value,
      focused: focused.value ? store.cursor.value : null,
      deleted: store.deleted.value,
      theme: theme.value,
    };
    paint(element, place, ratio.value, theme.value.fontFamily, (surface) =>
      drawHeatmap(surface, place, view),
    );
  });

  const wheel = useMemo(
    () => (event: WheelEvent) => {
      if (!event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      onZoom(event.deltaY < 0 ? 1 : -1);
    },
    [onZoom],
  );
  useLayoutEffect(() => {
    const element = canvas.current;
    // Not through JSX: it must be able to keep the page from zooming.
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, [wheel]);

  const record = store.record.value;
  const table = store.table.value?.table;
  const units = store.units.value;
  if (record === null || table === undefined) return null;

  const show = (row: number | null): void => {
    pointed.value = row;
    store.hovered.value = row;
  };
  const onPointerMove = (event: TargetedPointerEvent<HTMLCanvasElement>): void =>
    show(cellAt(layout.value, event.offsetX, event.offsetY));
  const onClick = (event: MouseEvent): void => {
    const row = cellAt(layout.value, event.offsetX, event.offsetY);
    if (row !== null) actions.select(row);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLCanvasElement>): void => {
    const at = Math.min(store.cursor.value, units.length - 1);
    const move = MOVES[event.key];
    if (move !== undefined) {
      const whole = event.ctrlKey && (move === 'home' || move === 'end');
      const next = neighbour(layout.value, at, whole ? (move === 'home' ? 'first' : 'last') : move);
      store.cursor.value = next;
      show(next);
      revealCell(event.currentTarget, rectOf(layout.value, next).y, layout.value.cell);
    } else if (event.key === 'Enter' || event.key === ' ') actions.select(at);
    else if (event.key === 'Delete' || event.key === 'Backspace') actions.toggleDeletion(at);
    else if (event.key === '+' || event.key === '=') onZoom(1);
    else if (event.key === '-') onZoom(-1);
    else if (event.key === '0') onZoom(0);
    else if (event.key === 'Escape') show(null);
    else return;
    event.preventDefault();
  };

  const cursor = units[Math.min(store.cursor.value, units.length - 1)];
  const place = cursor === undefined || width.value === 0 ? null : rectOf(layout.value, cursor.row);
  const spoken = cursor === undefined ? null : readOut(record, table, cursor, store.deleted.value);
  const shown = pointed.value === null ? undefined : units[pointed.value];
  const id = `readout-${measure.column}`;
  return (
    <figure
      class="picture"
      data-heatmap={measure.column}
      {...(cursor === undefined || place === null
        ? {}
        : {
            'data-site': cursor.site,
            'data-unit': cursor.unit,
            'data-value': values.value[cursor.row],
            'data-domain': `${low} ${high}`,
            'data-focus-x': place.x + place.w / 2,
            'data-focus-y': place.y + place.h / 2,
          })}
    >
      <figcaption class="picture-head">
        <div class="picture-title">
          <h2>{measure.title}</h2>
          <p>{measure.explanation}</p>
          {isProvisional(record) && measure.column === 'accuracy_drop' && (
            <p class="provisional">{provisional(record, values.value)}</p>
          )}
        </div>
        <Legend measure={measure} scale={scale.value} domain={domain.value} ratio={ratio.value} />
      </figcaption>
      <LegendKeys measure={measure} marks={marks.value} />
      <div class="canvas-frame" ref={frame}>
        <canvas
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-roledescription="heatmap"
          aria-label={`${measure.title} of ${count(units.length)} neurons. Arrow keys move, Enter selects, Delete deletes or restores, plus and minus zoom.`}
          aria-describedby={id}
          data-measure={measure.column}
          onPointerMove={onPointerMove}
          onPointerLeave={() => show(null)}
          onClick={onClick}
          onKeyDown={onKeyDown}
          onFocus={() => (focused.value = true)}
          onBlur={() => {
            focused.value = false;
            show(null);
          }}
        />
      </div>
      <p class="unseen readout" id={id} aria-live={focused.value ? 'polite' : 'off'}>
        {spoken?.text}
      </p>
      {shown !== undefined && canvas.current !== null && (
        <Tooltip
          readout={readOut(record, table, shown, store.deleted.value)}
          cell={inWindow(canvas.current, rectOf(layout.value, shown.row))}
        />
      )}
    </figure>
  );
}

function provisional(record: RunRecord, importance: Float64Array): string {
  const samples = samplesDone(record);
  if (samples === 0) {
    const begun = importance.some((value) => !Number.isNaN(value));
    return begun ? 'Provisional: the first round is under way' : 'Comes with the first round';
  }
  return `Provisional: ${count(samples)} of ${count(record.baseline.samples)} samples`;
}

function findMarks(store: StudyStore, measure: Measure): CellMarks {
  const table = store.table.value?.table;
  if (table === undefined) return { muted: false, dead: false, unknown: false, deleted: false };
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  return {
    muted: rows.some((row) => measure.muted(table, row)),
    dead: table.columns.dead.includes(1),
    unknown: table.columns[measure.column].some((value) => Number.isNaN(value)),
    deleted: store.deleted.value.size > 0,
  };
}

function inWindow(canvas: HTMLCanvasElement, rect: ReturnType<typeof rectOf>): ReturnType<typeof rectOf> {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: left + rect.x, y: top + rect.y, w: rect.w, h: rect.h };
}

/** Scrolls the page just so far that a row of cells is in view. */
function revealCell(canvas: HTMLCanvasElement, y: number, height: number): void {
  const top = canvas.getBoundingClientRect().top + y;
  if (top < 0) window.scrollBy(0, top - height);
  else if (top + height > window.innerHeight) window.scrollBy(0, top + 2 * height - window.innerHeight);
}
