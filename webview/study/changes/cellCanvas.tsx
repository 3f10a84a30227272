import { useSignal } from '@preact/signals';
import type { TargetedKeyboardEvent, TargetedPointerEvent, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Marks } from '../../../src/pictures/matrix';
import type { Rect, Surface } from '../../../src/pictures/surface';
import { paint } from '../../shared/paint';
import type { PictureView } from '../viewProps';

/** A layout in CSS pixels, of a picture made of cells. */
interface Sized {
  readonly width: number;
  readonly height: number;
}

/**
 * A picture of cells on a canvas, for the pointer and the keyboard, with the cell that either is at in words below it.
 * The outer element carries, for tests, what `data` says of the keyboard's cell, and its centre in CSS pixels of the
 * canvas, `data-focus-x`, `data-focus-y`.
 */
export function CellCanvas<Layout extends Sized>({
  id,
  label,
  cells,
  columns,
  layout,
  draw,
  cellAt,
  rectOf,
  readout,
  hint,
  data,
  stale,
  view,
}: {
  readonly id: string;
  /** Name of the picture and its keys, for those who do not see it. */
  readonly label: string;
  readonly cells: number;
  /** Cells in a row, in which the arrow keys go. */
  readonly columns: (layout: Layout) => number;
  readonly layout: (width: number) => Layout;
  readonly draw: (surface: Surface, layout: Layout, marks: Marks) => void;
  readonly cellAt: (layout: Layout, x: number, y: number) => number | null;
  readonly rectOf: (layout: Layout, cell: number) => Rect;
  /** A cell in words. */
  readonly readout: (cell: number) => string;
  /** Stands below where no cell is pointed at. */
  readonly hint: string;
  readonly data?: (cell: number) => Readonly<Record<`data-${string}`, string | number>>;
  /** It shows what was, until what is comes. */
  readonly stale: boolean;
  readonly view: PictureView;
}): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const pointed = useSignal<number | null>(null);
  const focused = useSignal(false);
  const cursor = useSignal(0);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => (width.value = Math.floor(element.clientWidth)));
    observer.observe(element);
    width.value = Math.floor(element.clientWidth);
    return () => observer.disconnect();
  }, [width]);

  const at = Math.min(cursor.value, cells - 1);
  const hovered = pointed.value !== null && pointed.value < cells ? pointed.value : null;
  const place = width.value === 0 || cells === 0 ? null : layout(width.value);
  const { theme, ratio } = view;
  const marks = { hovered, focused: focused.value ? at : null };
  const family = theme.value.fontFamily;
  const scale = ratio.value;
  useLayoutEffect(() => {
    if (canvas.current === null || place === null) return;
    paint(canvas.current, place, scale, family, (surface) => draw(surface, place, marks));
  });

  const onPointerMove = ({ offsetX, offsetY }: TargetedPointerEvent<HTMLCanvasElement>): void => {
    if (place !== null) pointed.value = cellAt(place, offsetX, offsetY);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLCanvasElement>): void => {
    if (place === null) return;
    const to = target(event, at, cells, columns(place));
    if (to === null) return;
    cursor.value = to;
    pointed.value = null;
    reveal(event.currentTarget, rectOf(place, to));
    event.preventDefault();
  };

  const read = hovered ?? (focused.value ? at : null);
  const rect = place === null ? null : rectOf(place, at);
  return (
    <div
      class={`cell-canvas${stale ? ' stale' : ''}`}
      {...(cells === 0 ? {} : data?.(at))}
      {...(rect === null ? {} : { 'data-focus-x': rect.x + rect.w / 2, 'data-focus-y': rect.y + rect.h / 2 })}
    >
      <div class="cell-frame" ref={frame}>
        <canvas
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-label={label}
          aria-describedby={`${id}-readout`}
          onPointerMove={onPointerMove}
          onPointerLeave={() => (pointed.value = null)}
          onKeyDown={onKeyDown}
          onFocus={() => (focused.value = true)}
          onBlur={() => (focused.value = false)}
        />
      </div>
      <p class="cell-readout" id={`${id}-readout`} aria-live={focused.value ? 'polite' : 'off'}>
        {read === null ? hint : readout(read)}
      </p>
    </div>
  );
}

/** Where a key leads; null where it is not for the picture. */
function target(event: KeyboardEvent, at: number, cells: number, columns: number): number | null {
  const column = at % columns;
  const all = event.ctrlKey || columns === 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: all ? 0 : at - column,
    End: all ? cells - 1 : Math.min(cells - 1, at - column + columns - 1),
  };
  const to = steps[event.key];
  if (to === undefined) return null;
  return to < 0 || to >= cells ? at : to;
}

/** Scrolls the page just so far that a cell is in view. */
function reveal(canvas: HTMLCanvasElement, { y, h }: Rect): void {
  const top = canvas.getBoundingClientRect().top + y;
  if (top < 0) window.scrollBy(0, top - 8);
  else if (top + h > window.innerHeight - 60) window.scrollBy(0, top + h + 60 - window.innerHeight);
}
