import { cellAt, headAt } from '../../../../src/pictures/networkMapLayout';
import type { Rect } from '../../../../src/pictures/surface';
import type { ViewProps } from '../../viewProps';
import type { MapModel } from './mapModel';
import { deleteAll } from '../../taking/takenUnits';

/** The pointer has to go so far before it drags, pixels. */
const SLACK = 4;

/** What the pointer does on a map's canvas. */
export interface MapPointer {
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
  onPointerUp(event: PointerEvent): void;
  onPointerLeave(): void;
  /** Pressed and then taken away: a scroll of the page, a lost window. */
  onPointerCancel(): void;
  onContextMenu(event: MouseEvent): void;
}

/** A click deletes or restores, with Ctrl or Shift it selects; a drag takes what is in its rectangle. */
export function mapPointer(view: ViewProps, model: MapModel): MapPointer {
  const { actions } = view;
  let from: { readonly x: number; readonly y: number } | null = null;
  const point = (row: number | null): void => {
    model.pointed.value = row;
    actions.hover(row);
  };
  const end = (): void => {
    from = null;
    model.dragging.value = false;
  };
  const click = (row: number, event: PointerEvent): void => {
    const selects = model.choices.peek().selecting || event.ctrlKey || event.metaKey || event.shiftKey;
    actions.select(row);
    if (!selects) actions.toggleDeletion(row);
  };
  return {
    onPointerDown(event) {
      if (event.button !== 0) return;
      model.taken.value = null;
      from = { x: event.offsetX, y: event.offsetY };
    },
    onPointerMove(event) {
      const { offsetX: x, offsetY: y } = event;
      if (from !== null) {
        const far = Math.max(Math.abs(x - from.x), Math.abs(y - from.y)) >= SLACK;
        if (far && !model.dragging.peek()) {
          (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
          model.dragging.value = true;
          point(null);
        }
        if (model.dragging.peek()) model.take(inside(spanned(from.x, from.y, x, y), model));
        return;
      }
      const row = cellAt(model.layout.peek(), x, y);
      actions.hover(row);
      model.pointed.value = row ?? headAt(model.layout.peek(), x, y);
    },
    onPointerUp(event) {
      const pressed = from;
      const dragged = model.dragging.peek();
      end();
      if (dragged) {
        const rows = model.taken.peek()?.rows ?? [];
        if (event.altKey) deleteAll(view, rows);
        if (event.altKey || rows.length === 0) model.taken.value = null;
        return;
      }
      if (pressed === null) return;
      const row = cellAt(model.layout.peek(), event.offsetX, event.offsetY);
      if (row !== null) click(row, event);
    },
    onPointerLeave: () => {
      if (!model.dragging.peek()) point(null);
    },
    onPointerCancel() {
      end();
      model.taken.value = null;
      point(null);
    },
    onContextMenu(event) {
      const row = cellAt(model.layout.peek(), event.offsetX, event.offsetY);
      if (row === null) return;
      event.preventDefault();
      actions.select(row);
    },
  };
}

function spanned(x1: number, y1: number, x2: number, y2: number): Rect {
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), w: Math.abs(x2 - x1), h: Math.abs(y2 - y1) };
}

/** The part of a rectangle that is in the picture. */
function inside(rect: Rect, model: MapModel): Rect {
  const { width, height } = model.layout.peek();
  const x = Math.max(0, rect.x);
  const y = Math.max(0, rect.y);
  return { x, y, w: Math.min(width, rect.x + rect.w) - x, h: Math.min(height, rect.y + rect.h) - y };
}
