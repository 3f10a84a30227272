/** How a text is set. Sizes in pixels; `x`, `y` of the text is the point that `align` and `baseline` name. */
export interface TextStyle {
  readonly colour: string;
  readonly size: number;
  readonly align: 'left' | 'center' | 'right';
  readonly baseline: 'top' | 'middle' | 'alphabetic';
  readonly weight?: number;
}

/** A point: x, y. */
export type Point = readonly [number, number];

/** What a picture is drawn on: a canvas in a webview, or SVG in a report. Lengths in CSS pixels, y downwards. */
export interface Surface {
  fillRect(x: number, y: number, w: number, h: number, colour: string): void;
  /** A rectangle whose outline of `width` is centred on its edges. */
  strokeRect(x: number, y: number, w: number, h: number, colour: string, width: number): void;
  line(x1: number, y1: number, x2: number, y2: number, colour: string, width: number): void;
  /** Joined line segments; `dash`: lengths of strokes and gaps, none for a whole line. */
  polyline(points: readonly Point[], colour: string, width: number, dash: readonly number[]): void;
  /** A filled polygon; `opacity` from 0 to 1. */
  polygon(points: readonly Point[], colour: string, opacity: number): void;
  /** A filled disc; `opacity` from 0 to 1. */
  disc(x: number, y: number, radius: number, colour: string, opacity: number): void;
  /** An image stretched over `rect`, each of its pixels an even rectangle. */
  pixels(rect: Rect, image: Pixels): void;
  text(text: string, x: number, y: number, style: TextStyle): void;
  /** Width of a text of that size; SVG can only estimate it. */
  measure(text: string, size: number): number;
}

/** An image: `[height, width, 4]`, red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/** A rectangle in CSS pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Shortens a text with an ellipsis until it fits into `width` pixels. */
export function fitText(surface: Surface, text: string, size: number, width: number): string {
  if (surface.measure(text, size) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (surface.measure(`${text.slice(0, middle)}…`, size) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low)}…`;
}

/** The same surface with its origin moved to (`dx`, `dy`). */
export function movedBy(surface: Surface, dx: number, dy: number): Surface {
  const moved = ([x, y]: Point): Point => [x + dx, y + dy];
  return {
    fillRect: (x, y, w, h, colour) => surface.fillRect(x + dx, y + dy, w, h, colour),
    strokeRect: (x, y, w, h, colour, width) => surface.strokeRect(x + dx, y + dy, w, h, colour, width),
    line: (x1, y1, x2, y2, colour, width) => surface.line(x1 + dx, y1 + dy, x2 + dx, y2 + dy, colour, width),
    polyline: (points, colour, width, dash) => surface.polyline(points.map(moved), colour, width, dash),
    polygon: (points, colour, opacity) => surface.polygon(points.map(moved), colour, opacity),
    disc: (x, y, radius, colour, opacity) => surface.disc(x + dx, y + dy, radius, colour, opacity),
    pixels: (rect, image) => surface.pixels({ ...rect, x: rect.x + dx, y: rect.y + dy }, image),
    text: (text, x, y, style) => surface.text(text, x + dx, y + dy, style),
    measure: (text, size) => surface.measure(text, size),
  };
}
