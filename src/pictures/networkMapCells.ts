import { parseColour, toHex } from './oklab';
import { rectIn, type MapColumn } from './networkMapLayout';
import type { Point, Rect, Surface } from './surface';
import type { PictureTheme } from './theme';

/** How the units of a map are shaded; units by their row among all. */
export interface MapView {
  /** One value a unit; NaN: not computed. */
  readonly values: ArrayLike<number>;
  /** Colour of a value, `#rrggbb`; never called with NaN. The centre of a unit's cell has exactly it. */
  readonly colour: (value: number) => string;
  /** Units whose value says little: their cells are drawn smaller. */
  readonly muted: (row: number) => boolean;
  /** Units that never fire: their cells are hollow. */
  readonly dead: (row: number) => boolean;
  /** Their cells are grey and crossed. */
  readonly deleted: ReadonlySet<number>;
  readonly theme: PictureTheme;
}

/** Cells under that size get no cross of their own when very many are deleted. */
const CROSSABLE = 6;
const MOST_SMALL_CROSSES = 400;

/** Of a muted unit's cell drawn as pixels: how much of its colour shows. */
const MUTED_OPACITY = 0.4;

/** Colours of cells that show no value. */
interface Greys {
  readonly deleted: string;
  readonly dead: string;
}

const SOCKET_OPACITY = 0.09;

/** Draws the cells of one site. */
export function drawMapCells(surface: Surface, column: MapColumn, view: MapView): void {
  const greys: Greys = { deleted: greyOf(view.theme, 0.35), dead: greyOf(view.theme, 0.6) };
  if (column.look === 'density') {
    drawPixels(surface, column, view, greys);
  } else {
    for (let unit = 0; unit < column.units; unit++) drawCell(surface, column, unit, view, greys);
  }
  if (view.deleted.size === 0) return;
  if (column.cell < CROSSABLE && view.deleted.size > MOST_SMALL_CROSSES) return;
  for (const row of view.deleted) {
    const unit = row - column.first;
    if (unit >= 0 && unit < column.units) drawCross(surface, rectIn(column, unit), view.theme);
  }
}

function drawCell(surface: Surface, column: MapColumn, unit: number, view: MapView, greys: Greys): void {
  const { theme } = view;
  const row = column.first + unit;
  const value = view.values[row] ?? NaN;
  const rect = rectIn(column, unit);
  const round = column.look === 'dots';
  if (view.deleted.has(row)) fillCell(surface, rect, round, 1, greys.deleted);
  else if (Number.isNaN(value)) outlineCell(surface, rect, round, theme.border, [2, 2]);
  else if (view.dead(row)) outlineCell(surface, smaller(rect), round, greys.dead, []);
  else if (view.muted(row)) {
    drawSocket(surface, rect, round, theme);
    fillCell(surface, rect, round, 0.56, view.colour(value));
  } else fillCell(surface, rect, round, 1, view.colour(value));
}

/** A faint ground that shows how large a cell is of which only the middle is coloured. */
function drawSocket(surface: Surface, { x, y, w, h }: Rect, round: boolean, theme: PictureTheme): void {
  if (round) surface.disc(x + w / 2, y + h / 2, w / 2, theme.foreground, SOCKET_OPACITY);
  else surface.polygon(frame({ x, y, w, h }, 0), theme.foreground, SOCKET_OPACITY);
}

function smaller({ x, y, w, h }: Rect): Rect {
  const by = w >= 12 ? 2 : 1;
  return { x: x + by, y: y + by, w: w - 2 * by, h: h - 2 * by };
}

/** A cell, or its middle: `part` of its side. */
function fillCell(surface: Surface, rect: Rect, round: boolean, part: number, colour: string): void {
  if (round) {
    surface.disc(rect.x + rect.w / 2, rect.y + rect.h / 2, (rect.w / 2) * part, colour, 1);
    return;
  }
  const by = Math.round((rect.w * (1 - part)) / 2);
  surface.fillRect(rect.x + by, rect.y + by, rect.w - 2 * by, rect.h - 2 * by, colour);
}

function outlineCell(
  surface: Surface,
  rect: Rect,
  round: boolean,
  colour: string,
  dash: readonly number[],
): void {
  const points = round ? circle(rect, -0.5) : frame(rect, -0.5);
  surface.polyline(points, colour, 1, dash);
}

/** A ring round a cell, `by` pixels outside of it. */
export function ring(surface: Surface, rect: Rect, by: number, colour: string, width: number): void {
  surface.polyline(circle(rect, by), colour, width, []);
}

function circle(rect: Rect, by: number): Point[] {
  const radius = rect.w / 2 + by;
  const [x, y] = [rect.x + rect.w / 2, rect.y + rect.h / 2];
  const steps = 28;
  return Array.from({ length: steps + 1 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / steps;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

function frame({ x, y, w, h }: Rect, by: number): Point[] {
  const [left, top, right, bottom] = [x - by, y - by, x + w + by, y + h + by];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ];
}

/** A cross over a cell; over a tiny one, larger than it. */
function drawCross(surface: Surface, rect: Rect, theme: PictureTheme): void {
  const side = Math.max(CROSSABLE, rect.w);
  const x = rect.x + (rect.w - side) / 2;
  const y = rect.y + (rect.h - side) / 2;
  const thick = rect.w >= 12 ? 2 : 1.5;
  for (const [colour, width] of [
    [theme.background, thick + 2],
    [theme.foreground, thick],
  ] as const) {
    surface.line(x, y, x + side, y + side, colour, width);
    surface.line(x, y + side, x + side, y, colour, width);
  }
}

/** A grey of `part` of the way from background to text. */
function greyOf(theme: PictureTheme, part: number): string {
  const ground = parseColour(theme.background)?.L ?? 0;
  const text = parseColour(theme.foreground)?.L ?? 1;
  return toHex({ L: ground + part * (text - ground), a: 0, b: 0 });
}

function channelsOf(hex: string): readonly [number, number, number] {
  const number = parseInt(hex.slice(1, 7), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

function drawPixels(surface: Surface, column: MapColumn, view: MapView, greys: Greys): void {
  const { columns, rows, pitch, cellsLeft, cellsTop, first, units } = column;
  const rgba = new Uint8ClampedArray(4 * columns * rows);
  const border = parseColour(view.theme.border);
  const empty = channelsOf(border === null ? '#808080' : toHex(border));
  const grey = channelsOf(greys.deleted);
  for (let unit = 0; unit < units; unit++) {
    const row = first + unit;
    const value = view.values[row] ?? NaN;
    let colour = empty;
    let opacity = 0.25;
    if (view.deleted.has(row)) [colour, opacity] = [grey, 1];
    else if (!Number.isNaN(value)) {
      colour = channelsOf(view.colour(value));
      // A dead unit's cell stays empty, as it is hollow where cells are large.
      opacity = view.dead(row) ? 0 : view.muted(row) ? MUTED_OPACITY : 1;
    }
    rgba[4 * unit] = colour[0];
    rgba[4 * unit + 1] = colour[1];
    rgba[4 * unit + 2] = colour[2];
    rgba[4 * unit + 3] = 255 * opacity;
  }
  surface.pixels(
    { x: cellsLeft, y: cellsTop, w: columns * pitch, h: rows * pitch },
    { width: columns, height: rows, rgba },
  );
  surface.strokeRect(
    cellsLeft - 1.5,
    cellsTop - 1.5,
    columns * pitch + 3,
    rows * pitch + 3,
    view.theme.border,
    1,
  );
}
