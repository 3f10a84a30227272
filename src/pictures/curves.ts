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
  /** Which of the colours, from 0; after the last they begin again. */
  readonly colour: number;
  readonly dashed: boolean;
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
  /** A level that the curves are held against, such as chance; null for none. */
  readonly level: Tick | null;
  readonly theme: PictureTheme;
}

/** Okabe and Ito (2008), told apart by the colour-blind; darkened where they would be faint on white. */
const ON_LIGHT = ['#0072b2', '#c04a00', '#00795a', '#a8497f', '#8a6500', '#3d6a8a', '#4d4d4d'];
const ON_DARK = ['#56b4e9', '#f08a45', '#35c79c', '#e59ac3', '#e6b01f', '#9fc7e8', '#c8c8c8'];

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

function legendHeight({ curves, level }: CurvePlot): number {
  return (curves.length + (level === null ? 0 : 1)) * LEGEND_ROW + 4;
}

function titleHeight({ title }: CurvePlot): number {
  return title === '' ? 0 : TITLE;
}

/** Colour of a curve on a theme. */
export function curveColour(index: number, theme: PictureTheme): string {
  const colours = isDark(theme) ? ON_DARK : ON_LIGHT;
  return colours[index % colours.length] ?? theme.foreground;
}

/** Draws title, axes, bands, curves and the legend below into `rect`. */
export function drawCurves(surface: Surface, rect: Rect, plot: CurvePlot): void {
  const { theme, curves } = plot;
  const legend = legendHeight(plot);
  const top = rect.y + titleHeight(plot) + TOP;
  const area: Rect = {
    x: rect.x + LEFT,
    y: top,
    w: rect.w - LEFT - RIGHT,
    h: rect.y + rect.h - legend - BOTTOM - top,
  };
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
  drawAxes(surface, area, plot);
  const at = ([x, y]: Point): Point => [area.x + x * area.w, area.y + (1 - y) * area.h];
  for (const curve of curves) {
    if (curve.band === null) continue;
    const upper = curve.points.map(([x], i): Point => at([x, inside(curve.band?.[i]?.[1] ?? 0)]));
    const lower = curve.points.map(([x], i): Point => at([x, inside(curve.band?.[i]?.[0] ?? 0)]));
    surface.polygon([...upper, ...lower.toReversed()], curveColour(curve.colour, theme), 0.18);
  }
  for (const curve of curves) {
    surface.polyline(curve.points.map(at), curveColour(curve.colour, theme), 2, dashOf(curve));
  }
  drawLegend(surface, { x: rect.x, y: rect.y + rect.h - legend, w: rect.w, h: legend }, plot);
}

function inside(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function dashOf({ dashed }: Curve): readonly number[] {
  return dashed ? [5, 3] : [];
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
  surface.text(plot.yLabel, area.x - 6, area.y - 14, { ...text, align: 'right' });
  if (plot.level !== null) {
    const y = bottom - plot.level.at * area.h;
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

/** A line a curve and one for the level; the figures stand under each other. */
function drawLegend(surface: Surface, rect: Rect, plot: CurvePlot): void {
  const { curves, level, theme } = plot;
  const left = rect.x + 4;
  const x = left + SWATCH + 8;
  const room = rect.x + rect.w - x;
  const widest = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map((text) => surface.measure(text, 12)));
  const figures = widest(curves.map(({ figure }) => figure));
  const names = Math.min(widest(curves.map(({ name }) => name)), Math.max(40, room - figures - 10));
  const style = { size: 12, align: 'left', baseline: 'middle' } as const;
  curves.forEach((curve, i) => {
    const y = rect.y + (i + 0.5) * LEGEND_ROW;
    strokeAcross(surface, left, left + SWATCH, y, curveColour(curve.colour, theme), 2, dashOf(curve));
    surface.text(fitText(surface, curve.name, 12, names), x, y, { ...style, colour: theme.foreground });
    surface.text(curve.figure, x + names + 10, y, { ...style, colour: theme.muted });
  });
  if (level === null) return;
  const y = rect.y + (curves.length + 0.5) * LEGEND_ROW;
  strokeAcross(surface, left, left + SWATCH, y, theme.muted, 1, LEVEL_DASH);
  surface.text(level.text, x, y, { ...style, colour: theme.foreground });
}
