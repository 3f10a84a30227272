import { placeOn, type Axis } from './axis';
import { discsImage } from './discs';
import type { Point, Rect, Surface } from './surface';
import type { PictureTheme } from './theme';

/** Points of a scatter plot at their places, pixels; `rows` are those of the unit table. */
export interface PlacedPoints {
  readonly rows: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** How a unit is drawn: `plain` · `muted` small and pale · `dead` as a ring. */
export type PointMark = 'plain' | 'muted' | 'dead';

/** A scatter plot; all lengths in pixels. */
export interface ScatterPlot {
  readonly width: number;
  readonly height: number;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly points: PlacedPoints;
  /** By row; `#rrggbb`. */
  readonly colour: (row: number) => string;
  readonly mark: (row: number) => PointMark;
  /** Rows that are crossed out. */
  readonly deleted: ReadonlySet<number>;
  readonly theme: PictureTheme;
}

/** Points beyond which they are drawn as one image. */
const MANY = 4000;
/** Least width of a number on the vertical axis. */
const CHARACTER = 6.4;
const TOP = 24;
const RIGHT = 12;
const BOTTOM = 40;
const SIZE = 11;

/** The rectangle between the axes. */
export function plotArea({ width, height, yAxis }: Pick<ScatterPlot, 'width' | 'height' | 'yAxis'>): Rect {
  const longest = Math.max(2, ...yAxis.ticks.map(({ text }) => text.length));
  const left = Math.ceil(longest * CHARACTER) + 10;
  return { x: left, y: TOP, w: Math.max(1, width - left - RIGHT), h: Math.max(1, height - TOP - BOTTOM) };
}

/** Puts the units that have a place on both axes at their places; the others are left out. */
export function placePoints(
  rows: Int32Array,
  xs: Float64Array,
  ys: Float64Array,
  plot: Pick<ScatterPlot, 'width' | 'height' | 'xAxis' | 'yAxis'>,
): PlacedPoints {
  const area = plotArea(plot);
  const kept = new Int32Array(rows.length);
  const x = new Float32Array(rows.length);
  const y = new Float32Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const [px, py] = [placeOn(plot.xAxis, xs[row] ?? NaN), placeOn(plot.yAxis, ys[row] ?? NaN)];
    if (Number.isNaN(px) || Number.isNaN(py)) continue;
    kept[count] = row;
    x[count] = area.x + px * area.w;
    y[count++] = area.y + (1 - py) * area.h;
  }
  return { rows: kept.subarray(0, count), x: x.subarray(0, count), y: y.subarray(0, count) };
}

/** Radius of a point where there are `count`, pixels. */
export function pointRadius(count: number): number {
  return count <= 600 ? 3.5 : count <= 4000 ? 2.75 : count <= 30_000 ? 2 : 1.5;
}

/** Opacity of a point where `count` share an area: the more, the paler. */
export function pointOpacity(count: number, area: Rect): number {
  const room = (area.w * area.h) / Math.max(1, count * 30);
  return Math.min(0.85, Math.max(0.18, 0.85 * Math.sqrt(room)));
}

/**
 * Draws axes and points.
 * @param ratio device pixels a CSS pixel that an image of many points is made for
 */
export function drawScatter(surface: Surface, plot: ScatterPlot, ratio: number): void {
  drawAxes(surface, plot);
  const { points, theme, deleted } = plot;
  const count = points.rows.length;
  if (count > MANY) drawManyPoints(surface, plot, ratio);
  else drawPoints(surface, plot);
  const arm = pointRadius(count) + 1;
  if (deleted.size === 0) return;
  for (let i = 0; i < count; i++) {
    if (!deleted.has(points.rows[i]!)) continue;
    const [x, y] = [points.x[i]!, points.y[i]!];
    surface.line(x - arm, y - arm, x + arm, y + arm, theme.foreground, 1.25);
    surface.line(x - arm, y + arm, x + arm, y - arm, theme.foreground, 1.25);
  }
}

/** The points as discs and rings. */
function drawPoints(surface: Surface, plot: ScatterPlot): void {
  const { points } = plot;
  const radius = pointRadius(points.rows.length);
  const opacity = pointOpacity(points.rows.length, plotArea(plot));
  points.rows.forEach((row, i) => {
    const [x, y] = [points.x[i]!, points.y[i]!];
    const mark = plot.mark(row);
    if (mark === 'dead') ring(surface, x, y, radius - 0.5, plot.colour(row), 1);
    else if (mark === 'muted') surface.disc(x, y, radius * 0.7, plot.colour(row), opacity * 0.6);
    else surface.disc(x, y, radius, plot.colour(row), opacity);
  });
}

/** The same as one image; all of one size. */
function drawManyPoints(surface: Surface, plot: ScatterPlot, ratio: number): void {
  const { width, height } = plot;
  const points = mixedUp(plot.points);
  const opacity = pointOpacity(points.rows.length, plotArea(plot));
  const scaled = (values: Float32Array): Float32Array => values.map((value) => value * ratio);
  const marks = Array.from(points.rows, (row) => plot.mark(row));
  const image = discsImage(Math.round(width * ratio), Math.round(height * ratio), {
    x: scaled(points.x),
    y: scaled(points.y),
    radius: pointRadius(points.rows.length) * ratio,
    outline: (i) => (marks[i] === 'dead' ? ratio : null),
    colour: (i) => plot.colour(points.rows[i]!),
    opacity: (i) => opacity * (marks[i] === 'muted' ? 0.6 : 1),
  });
  surface.pixels({ x: 0, y: 0, w: width, h: height }, image);
}

/** The same points in an order in which the last site does not cover the others. */
function mixedUp({ rows, x, y }: PlacedPoints): PlacedPoints {
  const count = rows.length;
  // A prime step that does not divide the count comes to every point once.
  const step = [7919, 7907].find((prime) => count % prime !== 0) ?? 1;
  const order = Int32Array.from({ length: count }, (_, i) => (i * step) % count);
  return {
    rows: order.map((i) => rows[i]!),
    x: Float32Array.from(order, (i) => x[i]!),
    y: Float32Array.from(order, (i) => y[i]!),
  };
}

/** A circle's outline. */
export function ring(
  surface: Surface,
  x: number,
  y: number,
  radius: number,
  colour: string,
  width: number,
): void {
  const corners = Array.from({ length: 25 }, (_, i): Point => {
    const angle = (i / 24) * 2 * Math.PI;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  surface.polyline(corners, colour, width, []);
}

function drawAxes(surface: Surface, plot: ScatterPlot): void {
  const { theme, xAxis, yAxis } = plot;
  const area = plotArea(plot);
  const bottom = area.y + area.h;
  const text = { colour: theme.muted, size: SIZE, baseline: 'middle' } as const;
  // Lines lie on whole pixels, so that they are sharp.
  const sharp = (value: number): number => Math.round(value) + 0.5;
  for (const { value, text: label } of yAxis.ticks) {
    const y = sharp(area.y + (1 - placeOn(yAxis, value)) * area.h);
    surface.line(area.x, y, area.x + area.w, y, theme.border, value === 0 ? 1 : 0.3);
    surface.text(label, area.x - 6, y, { ...text, align: 'right' });
  }
  for (const { value, text: label } of xAxis.ticks) {
    const x = sharp(area.x + placeOn(xAxis, value) * area.w);
    surface.line(x, area.y, x, bottom, theme.border, value === 0 ? 1 : 0.3);
    const half = surface.measure(label, SIZE) / 2;
    surface.text(label, Math.min(x, plot.width - half - 1), bottom + 12, { ...text, align: 'center' });
  }
  surface.line(area.x, sharp(bottom), area.x + area.w, sharp(bottom), theme.border, 1);
  surface.line(sharp(area.x), area.y, sharp(area.x), bottom, theme.border, 1);
  surface.text(plot.xLabel, area.x + area.w, bottom + 29, { ...text, align: 'right' });
  surface.text(plot.yLabel, 2, 9, { ...text, align: 'left' });
}

/** What is marked above the points. */
export interface ScatterMarks {
  readonly hovered: number | null;
  readonly selected: number | null;
  /** Place of a row among the points, −1 where it has none. */
  readonly place: (row: number) => number;
  /** A rectangle that takes points. */
  readonly taken: Rect | null;
}

/** Draws rings round the hovered and the selected point, and the rectangle that takes points. */
export function drawScatterMarks(surface: Surface, plot: ScatterPlot, marks: ScatterMarks): void {
  const { points, theme } = plot;
  const radius = pointRadius(points.rows.length) + 3;
  const round = (row: number | null, colour: string, width: number): void => {
    const at = row === null ? -1 : marks.place(row);
    if (row === null || at < 0) return;
    const [x, y] = [points.x[at]!, points.y[at]!];
    ring(surface, x, y, radius, theme.background, width + 2);
    surface.disc(x, y, radius - 2, plot.colour(row), 1);
    ring(surface, x, y, radius, colour, width);
  };
  round(marks.selected, theme.focus, 2.5);
  round(marks.hovered, theme.foreground, 1.5);
  if (marks.taken === null) return;
  const { x, y, w, h } = marks.taken;
  surface.polygon(
    [
      [x, y],
      [x + w, y],
      [x + w, y + h],
      [x, y + h],
    ],
    theme.focus,
    0.15,
  );
  surface.strokeRect(x, y, w, h, theme.focus, 1);
}
