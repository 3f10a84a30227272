import type { Rect } from '../../../../src/pictures/surface';
import type { ViewProps } from '../../viewProps';
import { deleteAll } from '../../taking/takenUnits';
import type { ScatterModel } from './scatterModel';

/** The pointer has to go so far before it draws a rectangle, pixels. */
const SLACK = 4;
/** A point is pointed at from so far away, pixels. */
const REACH = 14;

/** What the pointer does on a plot: it points at the nearest unit, a click selects, a drag takes many. */
export function scatterPointer({ actions }: ViewProps, model: ScatterModel) {
  let from: { readonly x: number; readonly y: number } | null = null;
  const rowAt = (x: number, y: number): number | null => {
    const place = model.index.peek().nearest(x, y, REACH);
    return place === null ? null : (model.plot.peek().points.rows[place] ?? null);
  };
  const point = (row: number | null): void => {
    model.pointed.value = row;
    actions.hover(row);
  };
  return {
    onPointerDown(event: PointerEvent): void {
      if (event.button !== 0) return;
      model.taken.value = null;
      from = { x: event.offsetX, y: event.offsetY };
    },
    onPointerMove(event: PointerEvent): void {
      const { offsetX: x, offsetY: y } = event;
      if (from === null) {
        point(rowAt(x, y));
        return;
      }
      const far = Math.max(Math.abs(x - from.x), Math.abs(y - from.y)) >= SLACK;
      if (far && !model.dragging.peek()) {
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
        model.dragging.value = true;
        point(null);
      }
      if (model.dragging.peek()) take(model, from, { x, y });
    },
    onPointerUp(event: PointerEvent): void {
      const pressed = from;
      const dragged = model.dragging.peek();
      from = null;
      model.dragging.value = false;
      if (dragged) {
        if (model.taken.peek()?.rows.length === 0) model.taken.value = null;
        return;
      }
      const row = pressed === null ? null : rowAt(event.offsetX, event.offsetY);
      if (row !== null) actions.select(row);
    },
    onPointerLeave(): void {
      if (!model.dragging.peek()) point(null);
    },
    onPointerCancel(): void {
      from = null;
      model.dragging.value = false;
      model.taken.value = null;
      point(null);
    },
  };
}

/** The units in the rectangle between two corners, as far as it lies in the picture. */
function take(
  model: ScatterModel,
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): void {
  const { width, height, points } = model.plot.peek();
  const left = Math.max(0, Math.min(a.x, b.x));
  const top = Math.max(0, Math.min(a.y, b.y));
  const rect: Rect = {
    x: left,
    y: top,
    w: Math.min(width, Math.max(a.x, b.x)) - left,
    h: Math.min(height, Math.max(a.y, b.y)) - top,
  };
  const rows = model.index.peek().inside(rect);
  model.taken.value = { rect, rows: rows.map((place) => points.rows[place]!) };
}

const SIDES: Readonly<Record<string, readonly [dx: -1 | 0 | 1, dy: -1 | 0 | 1]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * What the keyboard does: arrows go to the nearest unit on that side, Page Up and Page Down through all of them from
 * left to right, Enter selects, Delete deletes or restores.
 */
export function scatterKeys(view: ViewProps, model: ScatterModel): (event: KeyboardEvent) => void {
  const { store, actions } = view;
  const go = (place: number | null | undefined): void => {
    const row = place === null || place === undefined ? undefined : model.plot.peek().points.rows[place];
    if (row === undefined) return;
    store.cursor.value = row;
    model.pointed.value = row;
    actions.hover(row);
  };
  return (event) => {
    const place = model.places.peek()[store.cursor.peek()] ?? -1;
    const side = SIDES[event.key];
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    const taken = model.taken.peek();
    if (side !== undefined) go(place < 0 ? model.byX.peek()[0] : model.index.peek().towards(place, ...side));
    else if (step !== undefined) go(model.byX.peek()[place < 0 ? 0 : model.byX.peek().indexOf(place) + step]);
    else if (event.key === 'Home') go(model.byX.peek()[0]);
    else if (event.key === 'End') go(model.byX.peek().at(-1));
    else if (event.key === 'Escape') {
      model.taken.value = null;
      model.pointed.value = null;
      actions.hover(null);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      if (taken !== null) {
        deleteAll(view, taken.rows);
        model.taken.value = null;
      } else if (place >= 0) actions.toggleDeletion(store.cursor.peek());
    } else if ((event.key === 'Enter' || event.key === ' ') && place >= 0) {
      actions.select(store.cursor.peek());
    } else return;
    event.preventDefault();
  };
}
