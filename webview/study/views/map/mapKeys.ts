import { boundsOf, rectOf } from '../../../../src/pictures/networkMapLayout';
import { mapNeighbour, type MapMove } from '../../../../src/pictures/networkMapMoves';
import type { Rect } from '../../../../src/pictures/surface';
import type { ViewProps } from '../../viewProps';
import type { MapModel } from './mapModel';
import { deleteAll } from '../../taking/takenUnits';

const MOVES: Readonly<Record<string, MapMove>> = {
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
 * What the keyboard does on a map's canvas: arrows move, with Shift they take; Enter, Space and Delete delete or
 * restore the unit, or delete what is taken.
 */
export function mapKeys(view: ViewProps, model: MapModel): (event: KeyboardEvent) => void {
  const { store, actions } = view;
  /** Where taking with Shift began. */
  let anchor: number | null = null;
  const move = (event: KeyboardEvent, by: MapMove): void => {
    const layout = model.layout.peek();
    const at = Math.min(store.cursor.peek(), layout.units - 1);
    const whole = event.ctrlKey || event.metaKey;
    const next = mapNeighbour(
      layout,
      at,
      whole && by === 'home' ? 'first' : whole && by === 'end' ? 'last' : by,
    );
    if (!event.shiftKey) anchor = model.taken.value = null;
    else {
      anchor = model.taken.peek() === null ? at : (anchor ?? at);
      model.take(boundsOf(layout, [anchor, next]));
    }
    store.cursor.value = next;
    model.pointed.value = next;
    actions.hover(next);
    reveal(event.currentTarget as HTMLElement, rectOf(layout, next));
  };
  const press = (key: string): boolean => {
    const taken = model.taken.peek();
    const at = Math.min(store.cursor.peek(), model.layout.peek().units - 1);
    if (key === 'Enter' || key === ' ' || key === 'Delete' || key === 'Backspace') {
      if (taken === null) {
        actions.select(at);
        actions.toggleDeletion(at);
      } else {
        deleteAll(view, taken.rows);
        model.taken.value = null;
      }
      return true;
    }
    if (key === 's' || key === 'S') actions.select(at);
    else if (key === 'Escape') {
      if (taken === null && model.pointed.peek() === null) return false;
      model.taken.value = model.pointed.value = null;
      actions.hover(null);
    } else return false;
    return true;
  };
  return (event) => {
    const by = MOVES[event.key];
    if (by !== undefined) move(event, by);
    else if (event.ctrlKey || event.metaKey || event.altKey || !press(event.key)) return;
    event.preventDefault();
    model.focused.value = true;
  };
}

/** Scrolls the page just so far that a cell is in view, above what stands at the window's bottom. */
function reveal(canvas: HTMLElement, cell: Rect): void {
  const top = canvas.getBoundingClientRect().top + cell.y;
  const dock = document.querySelector('.dock')?.getBoundingClientRect().height ?? 0;
  const bottom = window.innerHeight - dock;
  if (top < 0) window.scrollBy(0, top - 2 * cell.h);
  else if (top + cell.h > bottom) window.scrollBy(0, top + 3 * cell.h - bottom);
}
