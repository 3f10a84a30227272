import { curvesHeight, drawCurves, type Curve, type CurvePlot, type Tick } from '../pictures/curves';
import { svgSurface } from '../pictures/svgSurface';
import { paperTheme } from '../pictures/theme';
import {
  ORDERS,
  type CurvePoint,
  type CurvesPart,
  type CurveSummary,
  type NoisePart,
} from '../protocol/curves';
import { meanCurves, type MeanCurve, type MeanLine } from '../protocol/meanCurves';
import { Markup } from './reportMarkup';

const WIDTH = 816;
const GAP = 16;
const AXES = 260;

/** Marks of an axis of shares. */
export const SHARES: readonly Tick[] = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${100 * at} %` }));

/** An order in words. */
export function orderText({ order, direction, repeats }: Omit<CurveSummary, 'auc'>): string {
  const words = {
    random: `random, mean of ${repeats}`,
    importance: 'importance',
    selectivity: 'selectivity',
    l1: 'L1 norm',
    first_order: 'first-order estimate',
    mutual_information: 'mutual information',
    greedy: 'greedy',
  }[order];
  if (direction === '') return words;
  return `${words}, ${direction === 'ascending' ? 'least first' : 'most first'}`;
}

/** The area of a kind of curve with its spread: `AUC 0.619 ± 0.025`. */
export function areaText({ auc, auc_sd }: CurveSummary): string {
  return `AUC ${auc.toFixed(3)}${auc_sd === null ? '' : ` ± ${auc_sd.toFixed(3)}`}`;
}

/** Cumulative curves: for each set of sites the data side by side. */
export function cumulativeFigures(part: CurvesPart, rows: readonly CurvePoint[]): Markup[] {
  return cumulativePlots(part, rows).map(({ title, plots }) => plotFigure(title, plots));
}

/** The same as one picture, the sets of sites one under another. */
export function cumulativeFigure(part: CurvesPart, rows: readonly CurvePoint[]): Markup {
  const title = 'Accuracy against the share of units deleted';
  return plotRows(
    title,
    cumulativePlots(part, rows).map(({ plots }) => plots),
  );
}

/** The plots of each set of sites. */
function cumulativePlots(
  part: CurvesPart,
  rows: readonly CurvePoint[],
): { readonly title: string; readonly plots: readonly CurvePlot[] }[] {
  const means = meanCurves(rows);
  const sites = [...new Set(means.map((mean) => mean.sites))];
  return sites.map((name) => {
    const own = means.filter((mean) => mean.sites === name);
    const sets = [...new Set(own.map((mean) => mean.data))];
    const plots = sets.map((data): CurvePlot => {
      const lines = own.filter((mean) => mean.data === data);
      const chance = part.summary.find((line) => line.data === data)?.chance ?? 0;
      const subject = sites.length > 1 ? name : '';
      const where = sets.length > 1 ? (data === 'train' ? 'training data' : 'test data') : '';
      return {
        title: [subject, where].filter((text) => text !== '').join(', '),
        curves: lines.map((mean) => curveOf(mean, part)),
        xLabel: 'share of the units deleted',
        yLabel: 'accuracy',
        xTicks: SHARES,
        yTicks: SHARES,
        levels: [{ at: chance, text: `chance: the largest class, ${(100 * chance).toFixed(1)} %` }],
        cursor: null,
        theme: paperTheme,
      };
    });
    return { title: `Accuracy against the share of units deleted, sites ${name}`, plots };
  });
}

function curveOf(mean: MeanCurve, part: CurvesPart): Curve {
  const summary = part.summary.find(
    (line) =>
      line.data === mean.data &&
      line.sites === mean.sites &&
      line.order === mean.order &&
      line.direction === mean.direction,
  );
  return {
    name: summary === undefined ? mean.order : orderText(summary),
    figure: summary === undefined ? '' : areaText(summary),
    ...lineAndBand(mean.fractions, mean.accuracy),
    repeats: [],
    colour: ORDERS.indexOf(mean.order),
    dash: mean.direction === 'descending' ? 1 : 0,
  };
}

/** The points of a mean line at the places `x`, and its band of one deviation to each side. */
export function lineAndBand(
  x: readonly number[],
  { mean, deviation }: MeanLine,
): Pick<Curve, 'points' | 'band'> {
  const band = deviation.flatMap((one, i): [number, number][] =>
    one === null ? [] : [[mean[i]! - one, mean[i]! + one]],
  );
  return {
    points: x.map((place, i) => [place, mean[i]!] as const),
    band: band.length === mean.length ? band : null,
  };
}

/** Where scales of noise stand on a logarithmic axis, and its marks. */
export function noiseAxis(scales: readonly number[]): {
  readonly at: (scale: number) => number;
  readonly ticks: readonly Tick[];
} {
  const logs = scales.map((scale) => Math.log10(scale));
  const [first, last] = [Math.min(...logs), Math.max(...logs)];
  const at = (scale: number): number => (last > first ? (Math.log10(scale) - first) / (last - first) : 0);
  const marks = [0.03, 0.1, 0.3, 1, 3, 10].map((scale) => ({ at: at(scale), text: String(scale) }));
  return { at, ticks: marks.filter((mark) => mark.at >= 0 && mark.at <= 1) };
}

/** Accuracy against the size of the noise, on a logarithmic axis. */
export function noiseFigure(part: NoisePart): Markup {
  const axis = noiseAxis(part.summary.map(({ scale }) => scale));
  const line: MeanLine = {
    mean: part.summary.map(({ accuracy }) => accuracy),
    deviation: part.summary.map(({ accuracy_sd }) => accuracy_sd),
    repeats: [],
  };
  const plot: CurvePlot = {
    title: '',
    curves: [
      {
        name: `mean of ${part.options.repeats}`,
        figure: '',
        ...lineAndBand(
          part.summary.map(({ scale }) => axis.at(scale)),
          line,
        ),
        colour: 0,
        repeats: [],
        dash: 0,
      },
    ],
    xLabel: 'noise, in standard deviations of each unit',
    yLabel: 'accuracy',
    xTicks: axis.ticks,
    yTicks: SHARES,
    levels: [{ at: part.chance, text: `chance: the largest class, ${(100 * part.chance).toFixed(1)} %` }],
    cursor: null,
    theme: paperTheme,
  };
  return plotFigure('Accuracy against the size of the noise in all units', [plot]);
}

/** Plots side by side as one SVG. */
export function plotFigure(title: string, plots: readonly CurvePlot[]): Markup {
  return plotRows(title, [plots]);
}

/** Rows of plots one under another as one SVG. */
function plotRows(title: string, rows: readonly (readonly CurvePlot[])[]): Markup {
  const heights = rows.map((plots) => Math.max(...plots.map((plot) => curvesHeight(plot, AXES))));
  const height = heights.reduce((sum, one) => sum + one + GAP, 8 - GAP);
  const surface = svgSurface(WIDTH, height, { title, fontFamily: paperTheme.fontFamily });
  surface.fillRect(0, 0, WIDTH, height, paperTheme.background);
  let top = 4;
  for (const [row, plots] of rows.entries()) {
    const width = (WIDTH - 8 - GAP * (plots.length - 1)) / plots.length;
    plots.forEach((plot, i) => {
      const x = 4 + i * (width + GAP);
      drawCurves(surface, { x, y: top, w: width, h: curvesHeight(plot, AXES) }, plot);
    });
    top += heights[row]! + GAP;
  }
  return new Markup(surface.toString());
}
