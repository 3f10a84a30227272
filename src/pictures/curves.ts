import { readAt } from './curveAxes';
import { fitText, type Point, type Rect, type Surface } from './surface';
import { isDark, type PictureTheme } from './theme';

/** A curve and how it is told from others. Both axes go from 0 to 1. */
export interface Curve {
  readonly name: string;
  /** Its figure, after the name in the legend: `AUC 0.619 ± 0.025`. */
  readonly figure: string;
  readonly points: readonly Point[];
  /** Lower and upper edge at each point; null for no band. */
  readonly band: readonly (readonly [low: number, high: number])[] | null;
  /** What it is the mean of, drawn thin; none where only the mean is shown. */
  readonly repeats: readonly (readonly Point[])[];
  /** Which of the colours, from 0; after the last they begin again. */
  readonly colour: number;
  /** Which of the dashes, from 0, the whole line; after the last they begin again. */
  readonly dash: number;
}

/** A mark on an axis. */
export interface Tick {
  /** 0 … 1. */
  readonly at: number;
  readonly text: string;
}

/** A plot of curves. */
export interface CurvePlot {
  /** Above the plot; empty for none. */
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Levels that the curves are held against, such as chance. */
  readonly levels: readonly Tick[];
  /** Where the curves are read, 0 … 1 of the horizontal axis; null for nowhere. */
  readonly cursor: number | null;
  readonly theme: PictureTheme;
}

/** Okabe and Ito (2008), told apart by the colour-blind; darkened where they would be faint on white. */
const ON_LIGHT = ['#0072b2', '#c04a00', '#00795a', '#a8497f', '#8a6500', '#3d6a8a', '#4d4d4d'];
const ON_DARK = ['#56b4e9', '#f08a45', '#35c79c', '#e59ac3', '#e6b01f', '#9fc7e8', '#c8c8c8'];
/** How many colours there are. */
export const CURVE_COLOURS = ON_LIGHT.length;
const DASHES: readonly (readonly number[])[] = [[], [5, 3], [1.5, 3], [9, 3, 2, 3]];

const LEFT = 60;
/** Room for the label of the vertical axis. */
const TOP = 22;
const RIGHT = 10;
const BOTTOM = 40;
const TITLE = 22;
const LEGEND_ROW = 18;
const SWATCH = 26;
const SIZE = 11;
const LEVEL_DASH = [2, 3];

/** Height of a plot whose axes are `plot` pixels high, with its title and legend. */
export function curvesHeight(plot: CurvePlot, axes: number): number {
  return titleHeight(plot) + TOP + axes + BOTTOM + legendHeight(plot);
}

function legendHeight({ curves, levels }: CurvePlot): number {
  return (curves.length + levels.length) * LEGEND_ROW + 4;
}

function titleHeight({ title }: CurvePlot): number {
  return title === '' ? 0 : TITLE;
}

/** Colour of a curve on a theme. */
export function curveColour(index: number, theme: PictureTheme): string {
  const colours = isDark(theme) ? ON_DARK : ON_LIGHT;
  return colours[index % colours.length] ?? theme.foreground;
}

/** Strokes and gaps of a curve, pixels; none for a whole line. */
export function curveDash(index: number): readonly number[] {
  return DASHES[index % DASHES.length] ?? [];
}

/** Where in `rect` {@link drawPlot} has its axes. */
export function plotArea(rect: Rect): Rect {
  return { x: rect.x + LEFT, y: rect.y + TOP, w: rect.w - LEFT - RIGHT, h: rect.h - TOP - BOTTOM };
}

/** Draws title, axes, bands, curves and the legend below into `rect`. */
export function drawCurves(surface: Surface, rect: Rect, plot: CurvePlot): void {
  const { theme } = plot;
  const legend = legendHeight(plot);
  const title = titleHeight(plot);
  if (plot.title !== '') {
    const style = {
      colour: theme.foreground,
      size: 13,
      align: 'left',
      baseline: 'middle',
      weight: 600,
    } as const;
    surface.text(fitText(surface, plot.title, 13, rect.w * 0.9), rect.x, rect.y + 9, style);
  }
  drawPlot(surface, { x: rect.x, y: rect.y + title, w: rect.w, h: rect.h - title - legend }, plot);
  drawLegend(surface, { x: rect.x, y: rect.y + rect.h - legend, w: rect.w, h: legend }, plot);
}

/** Draws axes, levels, bands, curves and the cursor into `rect`; no title and no legend. */
export function drawPlot(surface: Surface, rect: Rect, plot: CurvePlot): void {
  const { theme, curves } = plot;
  const area = plotArea(rect);
  drawAxes(surface, area, plot);
  const at = ([x, y]: Point): Point => [area.x + x * area.w, area.y + (1 - inside(y)) * area.h];
  for (const { band, points, colour } of curves) {
    if (band === null) continue;
    const upper = points.map(([x], i) => at([x, band[i]?.[1] ?? 0]));
    const lower = points.map(([x], i) => at([x, band[i]?.[0] ?? 0]));
    surface.polygon([...upper, ...lower.toReversed()], curveColour(colour, theme), 0.18);
  }
  for (const { repeats, colour } of curves) {
    for (const points of repeats) surface.polyline(points.map(at), curveColour(colour, theme), 0.75, []);
  }
  for (const { points, colour, dash } of curves) {
    surface.polyline(points.map(at), curveColour(colour, theme), 2, curveDash(dash));
  }
  if (plot.cursor !== null) drawCursor(surface, area, plot, plot.cursor);
}

function inside(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** A line across the plot, and a dot on every curve where it meets it. */
function drawCursor(surface: Surface, area: Rect, { curves, theme }: CurvePlot, cursor: number): void {
  const x = area.x + cursor * area.w;
  surface.line(x, area.y, x, area.y + area.h, theme.foreground, 1);
  for (const { points, colour } of curves) {
    const value = readAt(points, cursor);
    if (value === null) continue;
    const y = area.y + (1 - inside(value)) * area.h;
    surface.disc(x, y, 4.5, theme.background, 1);
    surface.disc(x, y, 3.5, curveColour(colour, theme), 1);
  }
}

function drawAxes(surface: Surface, area: Rect, plot: CurvePlot): void {
  const { theme } = plot;
  const text = { colour: theme.muted, size: SIZE, baseline: 'middle' } as const;
  const bottom = area.y + area.h;
  for (const { at, text: label } of plot.yTicks) {
    const y = bottom - at * area.h;
    surface.line(area.x, y, area.x + area.w, y, theme.border, at === 0 ? 1 : 0.5);
    surface.text(label, area.x - 6, y, { ...text, align: 'right' });
  }
  plot.xTicks.forEach(({ at, text: label }, i) => {
    const x = area.x + at * area.w;
    surface.line(x, bottom, x, bottom + 4, theme.muted, 1);
    const align = i === plot.xTicks.length - 1 && at === 1 ? 'right' : 'center';
    surface.text(label, align === 'right' ? x + RIGHT - 2 : x, bottom + 13, { ...text, align });
  });
  surface.text(plot.xLabel, area.x + area.w / 2, bottom + 29, { ...text, align: 'center' });
  surface.text(plot.yLabel, area.x - LEFT + 4, area.y - 14, { ...text, align: 'left' });
  for (const { at } of plot.levels) {
    const y = bottom - at * area.h;
    strokeAcross(surface, area.x, area.x + area.w, y, theme.muted, 1, LEVEL_DASH);
  }
}

function strokeAcross(
  surface: Surface,
  from: number,
  to: number,
  y: number,
  colour: string,
  width: number,
  dash: readonly number[],
): void {
  surface.polyline(
    [
      [from, y],
      [to, y],
    ],
    colour,
    width,
    dash,
  );
}

/** A line a curve and one a level; the figures stand under each other. */
function drawLegend(surface: Surface, rect: Rect, plot: CurvePlot): void {
  const { curves, levels, theme } = plot;
  const left = rect.x + 4;
  const x = left + SWATCH + 8;
  const room = rect.x + rect.w - x;
  const widest = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map((text) => surface.measure(text, 12)));
  const figures = widest(curves.map(({ figure }) => figure));
  const names = Math.min(widest(curves.map(({ name }) => name)), Math.max(40, room - figures - 10));
  const style = { size: 12, align: 'left', baseline: 'middle' } as const;
  const middleOf = (row: number): number => rect.y + (row + 0.5) * LEGEND_ROW;
  curves.forEach(({ name, figure, colour, dash }, i) => {
    const y = middleOf(i);
    strokeAcross(surface, left, left + SWATCH, y, curveColour(colour, theme), 2, curveDash(dash));
    surface.text(fitText(surface, name, 12, names), x, y, { ...style, colour: theme.foreground });
    surface.text(figure, x + names + 10, y, { ...style, colour: theme.muted });
  });
  levels.forEach(({ text }, i) => {
    const y = middleOf(curves.length + i);
    strokeAcross(surface, left, left + SWATCH, y, theme.muted, 1, LEVEL_DASH);
    surface.text(fitText(surface, text, 12, room), x, y, { ...style, colour: theme.foreground });
  });
}
