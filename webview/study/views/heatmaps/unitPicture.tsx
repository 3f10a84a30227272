import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useCallback, useRef } from 'preact/hooks';
import { colourOf } from '../../../../src/pictures/colourScale';
import { drawHeatmapCells, drawHeatmapRings, type HeatmapView } from '../../../../src/pictures/heatmap';
import { cellAt, layoutHeatmap, neighbour, rectOf, type Move } from '../../../../src/pictures/heatmapLayout';
import { rasterColours } from '../../../../src/pictures/rasterColours';
import { movedBy } from '../../../../src/pictures/surface';
import { count } from '../../../shared/format';
import { isProvisional, samplesDone } from '../../progress';
import { readOut } from '../../readout';
import type { ViewProps } from '../../viewProps';
import { Brush } from './brush';
import { roomyCell } from './cellSize';
import { GridWindow, inWindow, reveal, scrollPort, useGridPort, type Draw } from './gridPort';
import { GridTooltip, withFirst } from './gridTooltip';
import type { HeatmapState } from './heatmapState';
import { findMarks, LegendKeys } from './legendKeys';
import { scaleOf, type Measure } from './measures';
import { siteDetail } from './siteDetail';

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

/** Columns that the readout has anyway. */
const ALWAYS_SAID: readonly string[] = ['accuracy_drop', 'loss_increase', 'selectivity'];

/**
 * One measure over all units: how it is distributed, and a cell a unit for the pointer and the keyboard, with tooltip
 * and spoken readout. The outer element carries, for tests, the keyboard's cell: `data-site`, `data-unit`,
 * `data-value` (as computed), `data-domain`, and its centre in CSS pixels of the canvas, `data-focus-x`,
 * `data-focus-y`.
 */
export function UnitPicture({
  view,
  state,
  measure,
  id,
  limit,
  shownCell,
  onZoom,
}: {
  readonly view: ViewProps;
  readonly state: HeatmapState;
  readonly measure: Measure;
  /** Tells two pictures of one measure apart. */
  readonly id: string;
  readonly limit: ReadonlySignal<number>;
  /** Told the side of the cells that is shown. */
  readonly shownCell: { value: number };
  readonly onZoom: (direction: 1 | -1 | 0) => void;
}): VNode | null {
  const { store, actions, theme, ratio } = view;
  const { column } = measure;
  const port = useGridPort(state.top);
  const focused = useSignal(false);
  /** Where the tooltip is open: at the pointer's cell or the keyboard's. */
  const pointed = useSignal<number | null>(null);

  const layout = useComputed(() => {
    const sites = store.record.value?.sites ?? [];
    const cell = state.choices.value.cell ?? roomyCell(sites, port.width.value);
    shownCell.value = cell;
    return layoutHeatmap(sites, port.width.value, { cell, detail: siteDetail });
  });
  const values = useComputed(() => ({ all: state.values(column) }));
  const domain = useComputed(() => state.domain(column));
  const scale = useComputed(() => scaleOf(domain.value, theme.value));
  const range = useComputed(() => state.rangeOf(column));
  const marks = useComputed(() => findMarks(store, measure));
  const heatmap = useComputed((): HeatmapView => {
    const { table } = store.table.value ?? { table: null };
    const inside = state.inside.value;
    return {
      values: values.value.all,
      colour: colourOf(scale.value, domain.value),
      raster: rasterColours(scale.value, domain.value),
      order: state.order.value,
      muted: (row) => table !== null && measure.muted(table, row),
      dead: (row) => table?.columns.dead[row] === 1,
      faded: inside === null ? null : (row) => inside[row] === 0,
      selected: null,
      hovered: null,
      focused: null,
      deleted: store.deleted.value,
      theme: theme.value,
    };
  });
  const picture = useComputed((): Draw => {
    const [place, shown] = [layout.value, heatmap.value];
    return (surface, { top, height }) =>
      drawHeatmapCells(movedBy(surface, 0, -top), place, shown, { top, bottom: top + height });
  });
  const rings = useComputed((): Draw => {
    const place = layout.value;
    const shown = {
      selected: store.selected.value,
      hovered: store.hovered.value,
      focused: focused.value ? store.cursor.value : null,
      order: state.order.value,
      theme: theme.value,
    };
    return (surface, { top }) => drawHeatmapRings(movedBy(surface, 0, -top), place, shown);
  });

  const positionOf = (row: number): number => state.order.value?.positions[row] ?? row;
  const rowAt = (position: number): number => state.order.value?.rows[position] ?? position;
  /** About a point of the window, whose cell stays there. */
  const turned = useRef(0);
  const zoom = useCallback(
    (steps: number, _x: number, y: number): void => {
      turned.current = Math.sign(steps) === Math.sign(turned.current) ? turned.current + steps : steps;
      if (Math.abs(turned.current) < 0.5) return;
      const direction = turned.current > 0 ? 1 : -1;
      turned.current = 0;
      const before = layout.peek();
      const unit = unitNear(before, port.top.peek() + y);
      onZoom(direction);
      if (unit !== null) scrollPort(port, 0, rectOf(layout.peek(), unit).y - y);
    },
    [port, onZoom, layout],
  );

  const record = store.record.value;
  const table = store.table.value?.table;
  const units = store.units.value;
  if (record === null || table === undefined || units.length === 0) return null;

  const show = (row: number | null): void => {
    pointed.value = row;
    actions.hover(row);
  };
  const unitAt = (x: number, y: number): number | null => {
    const position = cellAt(layout.value, x, y);
    return position === null ? null : rowAt(position);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const at = Math.min(store.cursor.value, units.length - 1);
    const move = MOVES[event.key];
    if (move !== undefined) {
      const whole = event.ctrlKey && (move === 'home' || move === 'end');
      const to = whole ? (move === 'home' ? 'first' : 'last') : move;
      const next = neighbour(layout.value, positionOf(at), to);
      store.cursor.value = rowAt(next);
      reveal(port, rectOf(layout.value, next), { left: 0, top: 24 });
      show(rowAt(next));
    } else if (event.key === 'Enter' || event.key === ' ') actions.select(at);
    else if (event.key === 'Delete' || event.key === 'Backspace') actions.toggleDeletion(at);
    else if (event.key === '+' || event.key === '=') onZoom(1);
    else if (event.key === '-') onZoom(-1);
    else if (event.key === '0') onZoom(0);
    else if (event.key === 'Escape') show(null);
    else return false;
    return true;
  };
  const readout = (row: number): ReturnType<typeof readOut> => {
    const said = readOut(record, table, units[row]!, store.deleted.value);
    if (ALWAYS_SAID.includes(column)) return said;
    return withFirst(said, [[measure.title, measure.say(table.columns[column][row] ?? NaN)]]);
  };

  const cursor = units[Math.min(store.cursor.value, units.length - 1)]!;
  const place =
    port.width.value === 0 || cursor.row >= layout.value.units
      ? null
      : rectOf(layout.value, positionOf(cursor.row));
  const [low, high] = domain.value;
  const readoutId = `readout-${id}`;
  return (
    <div
      class="picture"
      data-heatmap={column}
      {...(place === null
        ? {}
        : {
            'data-site': cursor.site,
            'data-unit': cursor.unit,
            'data-value': values.value.all[cursor.row],
            'data-domain': `${low} ${high}`,
            'data-focus-x': place.x + place.w / 2,
            'data-focus-y': place.y + place.h / 2 - port.top.value,
          })}
    >
      <Brush
        measure={measure}
        values={values}
        scale={scale}
        domain={domain}
        range={range}
        ratio={ratio}
        onRange={(chosen) => state.setRange(column, chosen)}
      />
      <div class="picture-notes">
        <LegendKeys measure={measure} marks={marks.value} />
        {isProvisional(record) && column === 'accuracy_drop' && (
          <p class="provisional">
            {provisional(samplesDone(record), record.baseline.samples, values.value.all)}
          </p>
        )}
      </div>
      <GridWindow
        port={port}
        content={layout}
        limit={limit}
        picture={picture}
        rings={rings}
        theme={theme}
        ratio={ratio}
        measure={column}
        label={t(
          '{0} of {1} neurons. Arrow keys move, Enter selects, Delete deletes or restores, plus and minus zoom.',
          measure.title,
          count(units.length),
        )}
        description={t('heatmap')}
        readoutId={readoutId}
        onPoint={(at) => show(at === null ? null : unitAt(at.x, at.y))}
        onPress={(x, y) => {
          const row = unitAt(x, y);
          if (row !== null) actions.select(row);
        }}
        onKey={onKey}
        onZoom={zoom}
        onFocus={(has) => (focused.value = has)}
      />
      <p class="unseen readout" id={readoutId} role="status" aria-live={focused.value ? 'polite' : 'off'}>
        {readout(cursor.row).text}
      </p>
      <GridTooltip
        pointed={pointed}
        readout={readout}
        cell={(row) => inWindow(port, rectOf(layout.value, positionOf(row)))}
      />
    </div>
  );
}

/** The first unit of the row of cells nearest to a height. */
function unitNear(layout: ReturnType<typeof layoutHeatmap>, y: number): number | null {
  const site = layout.sites.findLast(({ top, units }) => units > 0 && top <= y) ?? layout.sites[0];
  if (site === undefined || site.units === 0) return null;
  const row = Math.min(site.rows - 1, Math.max(0, Math.floor((y - site.cellsTop) / layout.pitch)));
  return site.first + row * site.columns;
}

function provisional(samples: number, all: number, importance: Float64Array): string {
  if (samples > 0) return t('Provisional: {0} of {1} samples', count(samples), count(all));
  const begun = importance.some((value) => !Number.isNaN(value));
  return begun ? t('Provisional: the first round is under way') : t('Comes with the first round');
}
