import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useCallback, useMemo, useRef } from 'preact/hooks';
import {
  evenHeight,
  fittingRow,
  HIGHEST_ROW,
  layoutMatrix,
  matrixCellAt,
  matrixRect,
  type MatrixCell,
} from '../../../../src/pictures/gridMatrix';
import { drawMatrix, drawMatrixRings } from '../../../../src/pictures/gridMatrixPicture';
import { cellValue } from '../../../../src/pictures/gridPyramid';
import { rasterColours } from '../../../../src/pictures/rasterColours';
import { count, unitName } from '../../../shared/format';
import type { ViewProps } from '../../viewProps';
import { GridWindow, inWindow, reveal, scrollPort, useGridPort, type Draw } from './gridPort';
import { GridTooltip } from './gridTooltip';
import { matrixWords, readOutCell } from './matrixWords';
import type { MatrixState } from './matrixState';
import { scaleOf } from './measures';

/** One step of zooming. */
const ZOOM = 1.35;
/** Share of the width that the rows' names may take. */
const NAMES = 0.28;

/**
 * The cells of the matrix, for the pointer and the keyboard. Its outer element carries, for tests, the keyboard's
 * cell: `data-row` (of the table), `data-class`, `data-value`, `data-row-height`, and its centre in CSS pixels of the
 * canvas, `data-focus-x`, `data-focus-y`.
 */
export function MatrixPicture({
  view,
  state,
  limit,
  zoomRef,
}: {
  readonly view: ViewProps;
  readonly state: MatrixState;
  readonly limit: ReadonlySignal<number>;
  /** Gets what zooms, about the keyboard's cell; null: back to where all rows are in view. */
  readonly zoomRef: { current: (steps: number | null) => void };
}): VNode {
  const { store, actions, theme, ratio } = view;
  const port = useGridPort();
  const focused = useSignal(false);
  const column = useSignal(0);
  const pointed = useSignal<MatrixCell | null>(null);

  const gutter = useComputed(() => {
    const sites = store.record.value?.sites ?? [];
    const { site } = state.choices.value;
    const longest = sites.reduce((most, { name, units }) => {
      if (site !== '') return name === site ? `#${units}`.length : most;
      return Math.max(most, `${name} #${units}`.length);
    }, 0);
    return Math.round(Math.max(32, Math.min(160, port.width.value * NAMES, longest * 6.3 + 22)));
  });
  const fit = useComputed(() => fittingRow(state.order.value.rows.length, limit.value, ratio.value));
  const layout = useComputed(() => {
    const { grid } = state.pyramid.value;
    const row = Math.max(fit.value, state.choices.value.row ?? 0);
    const size = { rows: grid.rows.length, columns: grid.columns };
    return layoutMatrix(size, port.width.value, row, gutter.value);
  });
  const colours = useComputed(() =>
    rasterColours(scaleOf(state.domain.value, theme.value), state.domain.value),
  );
  const deleted = useComputed(() => {
    const { positions } = state.order.value;
    return [...store.deleted.value].map((row) => positions[row] ?? -1).filter((at) => at >= 0);
  });
  const picture = useComputed((): Draw => {
    const place = layout.value;
    const units = store.units.value;
    const { rows } = state.order.value;
    const several = state.choices.value.site === '';
    const shown = {
      pyramid: state.pyramid.value,
      colours: colours.value,
      columnNames: store.record.value?.classes ?? [],
      rowName: (position: number): string => {
        const unit = units[rows[position]!];
        return unit === undefined ? '' : several ? unitName(unit) : `#${unit.unit}`;
      },
      sections: state.sections.value,
      rankName: count,
      deleted: deleted.value,
      theme: theme.value,
    };
    return (surface, inView) => drawMatrix(surface, place, inView, shown);
  });
  /** Where the keyboard is: at the study's cursor, or at the first row where that is not shown. */
  const cursor = useComputed((): MatrixCell => {
    const position = state.order.value.positions[store.cursor.value] ?? -1;
    const last = Math.max(0, (store.record.value?.classes.length ?? 1) - 1);
    return { position: Math.max(0, position), column: Math.min(column.value, last) };
  });
  const rings = useComputed((): Draw => {
    const place = layout.value;
    const { positions } = state.order.value;
    const at = (row: number | null): number | null => {
      const position = row === null ? -1 : (positions[row] ?? -1);
      return position < 0 ? null : position;
    };
    const hovered = pointed.value;
    const shown = {
      selected: at(store.selected.value),
      hovered,
      hoveredRow: at(store.hovered.value),
      focused: focused.value ? cursor.value : null,
      theme: theme.value,
    };
    return (surface, inView) => drawMatrixRings(surface, place, inView, shown);
  });

  /** The height wished for, before it was made even: small steps add up. */
  const wished = useRef<{ readonly from: number; readonly height: number } | null>(null);
  const zoom = useCallback(
    (steps: number, x: number, y: number): void => {
      const before = layout.peek();
      const last = wished.current;
      const base = last !== null && last.from === before.cellHeight ? last.height : before.cellHeight;
      const height = Math.min(HIGHEST_ROW, Math.max(fit.peek(), base * ZOOM ** steps));
      const even = evenHeight(height, ratio.peek());
      wished.current = { from: Math.max(even, fit.peek()), height };
      const row = (port.top.peek() + y - before.header) / before.cellHeight;
      const across = (port.left.peek() + x - before.gutter) / before.cellWidth;
      state.change({ row: even <= fit.peek() ? null : even });
      const after = layout.peek();
      const left = across * after.cellWidth + after.gutter - x;
      scrollPort(port, left, row * after.cellHeight + after.header - y);
    },
    [layout, fit, ratio, port, state],
  );
  zoomRef.current = useMemo(
    () => (steps) => {
      if (steps === null) {
        wished.current = null;
        state.change({ row: null });
        return;
      }
      const { clientHeight = 0, clientWidth = 0 } = port.scroller.current ?? {};
      const { x, y, h } = matrixRect(layout.peek(), cursor.peek());
      const at = { x: x - port.left.peek(), y: y + h / 2 - port.top.peek() };
      const seen = at.y >= layout.peek().header && at.y <= clientHeight && at.x >= 0 && at.x <= clientWidth;
      zoom(steps, seen ? at.x : clientWidth / 2, seen ? at.y : clientHeight / 2);
    },
    [zoom, state, port, layout, cursor],
  );

  const { value } = state.choices.value;
  const words = matrixWords(value);
  const classes = store.record.value?.classes ?? [];
  const grid = state.pyramid.value.grid;
  const rowOf = ({ position }: MatrixCell): number => grid.rows[position] ?? -1;
  const readout = (cell: MatrixCell): NonNullable<ReturnType<typeof readOutCell>> | null =>
    cell.position < grid.rows.length
      ? readOutCell(store, value, rowOf(cell), cell.column, cellValue(grid, cell.position, cell.column))
      : null;

  const show = (cell: MatrixCell | null): void => {
    const last = pointed.peek();
    if (last?.position !== cell?.position || last?.column !== cell?.column) pointed.value = cell;
    actions.hover(cell === null ? null : rowOf(cell));
  };
  const cellAt = (x: number, y: number): MatrixCell | null => {
    const place = layout.peek();
    // The names stand over the cells that are scrolled under them.
    if (x - port.left.peek() < place.gutter || y - port.top.peek() < place.header) return null;
    return matrixCellAt(place, state.pyramid.peek(), x, y, ratio.peek());
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const here = cursor.value;
    const rows = grid.rows.length;
    const page = Math.max(
      1,
      Math.floor((port.scroller.current?.clientHeight ?? 0) / layout.value.cellHeight) - 3,
    );
    const moves: Readonly<Record<string, readonly [position: number, column: number]>> = {
      ArrowLeft: [here.position, here.column - 1],
      ArrowRight: [here.position, here.column + 1],
      ArrowUp: [here.position - 1, here.column],
      ArrowDown: [here.position + 1, here.column],
      PageUp: [here.position - page, here.column],
      PageDown: [here.position + page, here.column],
      Home: event.ctrlKey ? [0, 0] : [here.position, 0],
      End: event.ctrlKey ? [rows - 1, classes.length - 1] : [here.position, classes.length - 1],
    };
    const to = moves[event.key];
    const row = rowOf(here);
    if (to !== undefined) {
      const position = Math.min(rows - 1, Math.max(0, to[0]));
      column.value = Math.min(classes.length - 1, Math.max(0, to[1]));
      store.cursor.value = grid.rows[position] ?? 0;
      const next = { position, column: column.value };
      const { gutter: left, header: top } = layout.value;
      reveal(port, matrixRect(layout.value, next), { left, top });
      show(next);
    } else if (event.key === 'Enter' || event.key === ' ') actions.select(row);
    else if (event.key === 'Delete' || event.key === 'Backspace') actions.toggleDeletion(row);
    else if (event.key === '+' || event.key === '=') zoomRef.current(2);
    else if (event.key === '-') zoomRef.current(-2);
    else if (event.key === '0') zoomRef.current(null);
    else if (event.key === 'Escape') show(null);
    else return false;
    return true;
  };

  const here = cursor.value;
  const rect = matrixRect(layout.value, here);
  return (
    <div
      class="matrix-picture"
      data-row={rowOf(here)}
      data-class={here.column}
      data-value={here.position < grid.rows.length ? cellValue(grid, here.position, here.column) : NaN}
      data-row-height={layout.value.cellHeight}
      data-focus-x={rect.x + rect.w / 2 - port.left.value}
      data-focus-y={rect.y + rect.h / 2 - port.top.value}
    >
      <GridWindow
        port={port}
        content={layout}
        limit={limit}
        picture={picture}
        rings={rings}
        theme={theme}
        ratio={ratio}
        measure="matrix"
        label={t(
          '{0}: {1} neurons, {2} classes. Arrow keys move, Enter selects, Delete deletes or restores, plus and minus zoom.',
          words.title,
          count(grid.rows.length),
          count(classes.length),
        )}
        description={t('matrix')}
        readoutId="readout-matrix"
        onPoint={(at) => show(at === null ? null : cellAt(at.x, at.y))}
        onPress={(x, y) => {
          const cell = cellAt(x, y);
          if (cell !== null) {
            column.value = cell.column;
            actions.select(rowOf(cell));
          }
        }}
        onKey={onKey}
        onZoom={zoom}
        onFocus={(has) => (focused.value = has)}
      />
      <p
        class="unseen readout"
        id="readout-matrix"
        role="status"
        aria-live={focused.value ? 'polite' : 'off'}
      >
        {readout(here)?.text}
      </p>
      <GridTooltip
        pointed={pointed}
        readout={readout}
        cell={(cell) => inWindow(port, matrixRect(layout.value, cell))}
      />
    </div>
  );
}
