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

const SOCKET_OPACITY = 0.09;

/** Draws the cells of one site. */
export function drawMapCells(surface: Surface, column: MapColumn, view: MapView): void {
  if (column.look === 'density') {
    drawPixels(surface, column, view);
  } else {
    for (let unit = 0; unit < column.units; unit++) drawCell(surface, column, unit, view);
  }
  if (view.deleted.size === 0) return;
  if (column.cell < CROSSABLE && view.deleted.size > MOST_SMALL_CROSSES) return;
  for (const row of view.deleted) {
    const unit = row - column.first;
    if (unit >= 0 && unit < column.units) drawCross(surface, rectIn(column, unit), view.theme);
  }
}

function drawCell(surface: Surface, column: MapColumn, unit: number, view: MapView): void {
  const { theme } = view;
  const row = column.first + unit;
  const value = view.values[row] ?? NaN;
  const rect = rectIn(column, unit);
  const round = column.look === 'dots';
  if (view.deleted.has(row)) fillCell(surface, rect, round, 1, greyOf(theme));
  else if (Number.isNaN(value)) outlineCell(surface, rect, round, theme.border, 1);
  else if (view.dead(row)) outlineCell(surface, smaller(rect), round, theme.muted, 1);
  else if (view.muted(row)) {
    drawSocket(surface, rect, round, theme);
    fillCell(surface, rect, round, 0.56, view.colour(value));
  } else fillCell(surface, rect, round, 1, view.colour(value));
}

/** A faint ground that shows how large a cell is of which only the middle is coloured. */
function drawSocket(surface: Surface, { x, y, w, h }: Rect, round: boolean, theme: PictureTheme): void {
  if (round) surface.disc(x + w / 2, y + h / 2, w / 2, theme.foreground, SOCKET_OPACITY);
  else {
    const corners: Point[] = [
      [x, y],
      [x + w, y],
      [x + w, y + h],
      [x, y + h],
    ];
    surface.polygon(corners, theme.foreground, SOCKET_OPACITY);
  }
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

function outlineCell(surface: Surface, rect: Rect, round: boolean, colour: string, width: number): void {
  if (round) ring(surface, rect, -width / 2, colour, width);
  else {
    const by = width / 2;
    surface.strokeRect(rect.x + by, rect.y + by, rect.w - width, rect.h - width, colour, width);
  }
}

/** A circle round a cell, `by` pixels outside of it. */
export function ring(surface: Surface, rect: Rect, by: number, colour: string, width: number): void {
  const radius = rect.w / 2 + by;
  const [x, y] = [rect.x + rect.w / 2, rect.y + rect.h / 2];
  const steps = 28;
  const points = Array.from({ length: steps + 1 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / steps;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  surface.polyline(points, colour, width, []);
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

/** The ground of a deleted unit's cell: between background and text, of no hue. */
function greyOf(theme: PictureTheme): string {
  const ground = parseColour(theme.background)?.L ?? 0;
  const text = parseColour(theme.foreground)?.L ?? 1;
  return toHex({ L: ground + 0.35 * (text - ground), a: 0, b: 0 });
}

function channelsOf(hex: string): readonly [number, number, number] {
  const number = parseInt(hex.slice(1, 7), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

function drawPixels(surface: Surface, column: MapColumn, view: MapView): void {
  const { columns, rows, pitch, cellsLeft, cellsTop, first, units } = column;
  const rgba = new Uint8ClampedArray(4 * columns * rows);
  const border = parseColour(view.theme.border);
  const empty = channelsOf(border === null ? '#808080' : toHex(border));
  const grey = channelsOf(greyOf(view.theme));
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
