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

const LEFT = 52;
const RIGHT = 10;
const BOTTOM = 40;
const TITLE = 22;
const LEGEND_ROW = 18;
const SWATCH = 26;
const SIZE = 11;

/** Height of a plot whose axes are `plot` pixels high, with its title and legend. */
export function curvesHeight(plot: CurvePlot, axes: number): number {
  return titleHeight(plot) + 8 + axes + BOTTOM + plot.curves.length * LEGEND_ROW + 4;
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
  const legend = curves.length * LEGEND_ROW + 4;
  const top = rect.y + titleHeight(plot) + 8;
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
  surface.text(plot.yLabel, area.x + 4, area.y + 7, { ...text, align: 'left' });
  if (plot.level === null) return;
  const y = bottom - plot.level.at * area.h;
  surface.polyline(
    [
      [area.x, y],
      [area.x + area.w, y],
    ],
    theme.muted,
    1,
    [2, 3],
  );
  surface.text(plot.level.text, area.x + area.w - 2, y - 8, { ...text, align: 'right' });
}

function drawLegend(surface: Surface, rect: Rect, { curves, theme }: CurvePlot): void {
  curves.forEach((curve, i) => {
    const y = rect.y + (i + 0.5) * LEGEND_ROW;
    const left = rect.x + LEFT;
    const colour = curveColour(curve.colour, theme);
    surface.polyline(
      [
        [left, y],
        [left + SWATCH, y],
      ],
      colour,
      2,
      dashOf(curve),
    );
    const style = { size: 12, align: 'left', baseline: 'middle' } as const;
    const x = left + SWATCH + 8;
    const room = rect.x + rect.w - x;
    const figure = surface.measure(curve.figure, 12);
    const name = fitText(surface, curve.name, 12, Math.max(40, room - figure - 12));
    surface.text(name, x, y, { ...style, colour: theme.foreground });
    surface.text(curve.figure, x + surface.measure(name, 12) + 10, y, { ...style, colour: theme.muted });
  });
}
