import { useComputed, useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Rect, Surface } from '../../../../src/pictures/surface';
import type { PictureTheme } from '../../../../src/pictures/theme';
import { paint } from '../../../shared/paint';

/** The part of a picture that is in view, CSS pixels. */
export interface InView {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** Draws what is in view; the origin is the port's corner. */
export type Draw = (surface: Surface, inView: InView) => void;

/** A scrolling window on a picture of any size; its canvases are only as large as it is. */
export interface GridPort {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly sizer: RefObject<HTMLDivElement | null>;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  /** Width without scroll bar; 0 before it is known. */
  readonly width: Signal<number>;
  readonly left: Signal<number>;
  readonly top: Signal<number>;
}

/** @param top where it is scrolled to, when several share it */
export function useGridPort(top?: Signal<number>): GridPort {
  const scroller = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const left = useSignal(0);
  const own = useSignal(0);
  return useMemo(() => ({ scroller, sizer, canvas, width, left, top: top ?? own }), [top, own, width, left]);
}

/** Scrolls just so far that a rectangle of the picture is in view, and the page so far that it is in the window. */
export function reveal(
  port: GridPort,
  rect: Rect,
  margin: { readonly left: number; readonly top: number },
): void {
  const element = port.scroller.current;
  if (element === null) return;
  const { clientWidth, clientHeight } = element;
  if (rect.y - margin.top < element.scrollTop) element.scrollTop = rect.y - margin.top;
  else if (rect.y + rect.h + 4 > element.scrollTop + clientHeight) {
    element.scrollTop = rect.y + rect.h + 4 - clientHeight;
  }
  if (rect.x - margin.left < element.scrollLeft) element.scrollLeft = rect.x - margin.left;
  else if (rect.x + rect.w + 4 > element.scrollLeft + clientWidth) {
    element.scrollLeft = rect.x + rect.w + 4 - clientWidth;
  }
  port.left.value = element.scrollLeft;
  port.top.value = element.scrollTop;
  const { y, h } = inWindow(port, rect);
  if (y < 0) window.scrollBy(0, y - h);
  else if (y + h > window.innerHeight) window.scrollBy(0, y + 2 * h - window.innerHeight);
}

/** Scrolls to a place. Both may be beyond the ends. */
export function scrollPort(port: GridPort, left: number, top: number): void {
  const element = port.scroller.current;
  if (element === null) return;
  element.scrollLeft = left;
  element.scrollTop = top;
  port.left.value = element.scrollLeft;
  port.top.value = element.scrollTop;
}

/** A rectangle of the picture in the window's coordinates. */
export function inWindow(port: GridPort, rect: Rect): Rect {
  const box = port.scroller.current?.getBoundingClientRect();
  const x = (box?.left ?? 0) + rect.x - port.left.value;
  const y = (box?.top ?? 0) + rect.y - port.top.value;
  return { x, y, w: rect.w, h: rect.h };
}

/** Movement that makes a press a drag, pixels. */
const DRAG = 4;
/** Turns of a wheel that are one step of zooming, pixels. */
const WHEEL_STEP = 100;

/**
 * The window itself: two canvases, one for the picture and one for the rings over it, drawn at most once a frame.
 * Points are told in the picture's coordinates.
 */
export function GridWindow({
  port,
  content,
  limit,
  picture,
  rings,
  theme,
  ratio,
  measure,
  label,
  description,
  readoutId,
  onPoint,
  onPress,
  onKey,
  onZoom,
  onFocus,
}: {
  readonly port: GridPort;
  /** Size of the whole picture. */
  readonly content: ReadonlySignal<{ readonly width: number; readonly height: number }>;
  /** Greatest height of the window. */
  readonly limit: ReadonlySignal<number>;
  readonly picture: ReadonlySignal<Draw>;
  readonly rings: ReadonlySignal<Draw>;
  readonly theme: ReadonlySignal<PictureTheme>;
  readonly ratio: ReadonlySignal<number>;
  /** Names the canvas in tests. */
  readonly measure: string;
  readonly label: string;
  readonly description: string;
  readonly readoutId: string;
  readonly onPoint: (at: { readonly x: number; readonly y: number } | null) => void;
  readonly onPress: (x: number, y: number) => void;
  /** True where the key was taken. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  /** Steps nearer (above 0) or away, about a point of the window. */
  readonly onZoom: (steps: number, x: number, y: number) => void;
  readonly onFocus: (focused: boolean) => void;
}): VNode {
  const overlay = useRef<HTMLCanvasElement>(null);
  const height = useComputed(() => Math.min(limit.value, content.value.height));

  useLayoutEffect(() => {
    const element = port.scroller.current;
    if (element === null) return undefined;
    const measureWidth = (): void => void (port.width.value = element.clientWidth);
    const observer = new ResizeObserver(measureWidth);
    observer.observe(element);
    measureWidth();
    return () => observer.disconnect();
  }, [port]);

  useSignalEffect(() => {
    const { scroller, sizer } = port;
    if (scroller.current === null || sizer.current === null) return;
    const { width, height: whole } = content.value;
    sizer.current.style.width = `${Math.max(width, 1)}px`;
    sizer.current.style.height = `${whole}px`;
    scroller.current.style.height = `${height.value}px`;
    scroller.current.classList.toggle('scrolls', whole > height.value + 1 || width > port.width.value + 1);
  });
  // A place that another window was scrolled to, or that was reached before this one was there.
  useSignalEffect(() => {
    const element = port.scroller.current;
    const top = port.top.value;
    if (element !== null && content.value.height > 0 && Math.abs(element.scrollTop - top) > 1) {
      element.scrollTop = top;
    }
  });

  usePainting(port, port.canvas, height, picture, theme, ratio);
  usePainting(port, overlay, height, rings, theme, ratio);

  useLayoutEffect(() => {
    const element = port.scroller.current;
    // Not through JSX: it must be able to keep the page from zooming.
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const box = element!.getBoundingClientRect();
      onZoom(-event.deltaY / WHEEL_STEP, event.clientX - box.left, event.clientY - box.top);
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [port, onZoom]);

  const press = useRef<{ x: number; y: number; left: number; top: number; dragged: boolean } | null>(null);
  const onPointerDown = (event: PointerEvent): void => {
    const element = port.scroller.current;
    if (event.button !== 0 || event.pointerType === 'touch' || element === null) return;
    const { scrollLeft: left, scrollTop: top } = element;
    press.current = { x: event.clientX, y: event.clientY, left, top, dragged: false };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const { canvas, scroller } = port;
    const from = press.current;
    if (from !== null && event.buttons === 0) press.current = null;
    else if (from !== null) {
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!from.dragged && Math.hypot(dx, dy) >= DRAG && scroller.current?.matches('.scrolls') === true) {
        from.dragged = true;
        canvas.current?.setPointerCapture(event.pointerId);
        scroller.current.classList.add('panning');
        onPoint(null);
      }
      if (from.dragged) scrollPort(port, from.left - dx, from.top - dy);
      if (from.dragged) return;
    }
    onPoint({ x: event.offsetX + port.left.value, y: event.offsetY + port.top.value });
  };
  const onClick = (event: MouseEvent): void => {
    const dragged = press.current?.dragged === true;
    press.current = null;
    port.scroller.current?.classList.remove('panning');
    if (!dragged) onPress(event.offsetX + port.left.value, event.offsetY + port.top.value);
  };

  return (
    <div
      class="grid-window"
      ref={port.scroller}
      onScroll={(event) => {
        port.left.value = event.currentTarget.scrollLeft;
        port.top.value = event.currentTarget.scrollTop;
      }}
    >
      <div class="grid-sizer" ref={port.sizer}>
        <div class="grid-stage">
          <canvas
            ref={port.canvas}
            tabIndex={0}
            role="application"
            aria-roledescription={description}
            aria-label={label}
            aria-describedby={readoutId}
            data-measure={measure}
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onPointerLeave={() => onPoint(null)}
            onClick={onClick}
            onKeyDown={(event) => {
              if (onKey(event)) event.preventDefault();
            }}
            onFocus={() => onFocus(true)}
            onBlur={() => {
              onFocus(false);
              onPoint(null);
            }}
          />
          <canvas class="grid-rings" ref={overlay} aria-hidden="true" data-rings={measure} />
        </div>
      </div>
    </div>
  );
}

/** Draws on a canvas of the port's size in the next frame after something has changed. */
function usePainting(
  port: GridPort,
  canvas: RefObject<HTMLCanvasElement | null>,
  height: ReadonlySignal<number>,
  draw: ReadonlySignal<Draw>,
  theme: ReadonlySignal<PictureTheme>,
  ratio: ReadonlySignal<number>,
): void {
  const frame = useRef(0);
  useLayoutEffect(() => () => cancelAnimationFrame(frame.current), []);
  useSignalEffect(() => {
    const size = { width: port.width.value, height: Math.ceil(height.value) };
    const inView = { ...size, left: port.left.value, top: port.top.value, ratio: ratio.value };
    const { fontFamily } = theme.value;
    const drawNow = draw.value;
    cancelAnimationFrame(frame.current);
    if (size.width <= 0 || size.height <= 0) return;
    frame.current = requestAnimationFrame(() => {
      if (canvas.current === null) return;
      paint(canvas.current, size, inView.ratio, fontFamily, (surface) => drawNow(surface, inView));
    });
  });
}
