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
import { meanCurves, type MeanCurve } from '../protocol/meanCurves';
import { Markup } from './reportMarkup';

const WIDTH = 816;
const GAP = 16;
const AXES = 260;

const SHARES: readonly Tick[] = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${100 * at} %` }));

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
    return figure(`Accuracy against the share of units deleted, sites ${name}`, plots);
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
  const { mean: accuracy, deviation: deviations } = mean.accuracy;
  const spread = deviations.flatMap((deviation, i): [number, number][] =>
    deviation === null ? [] : [[accuracy[i]! - deviation, accuracy[i]! + deviation]],
  );
  return {
    name: summary === undefined ? mean.order : orderText(summary),
    figure: summary === undefined ? '' : areaText(summary),
    points: mean.fractions.map((x, i) => [x, accuracy[i]!] as const),
    band: spread.length === accuracy.length ? spread : null,
    repeats: [],
    colour: ORDERS.indexOf(mean.order),
    dash: mean.direction === 'descending' ? 1 : 0,
  };
}

/** Accuracy against the size of the noise, on a logarithmic axis. */
export function noiseFigure(part: NoisePart): Markup {
  const scales = part.summary.map(({ scale }) => Math.log10(scale));
  const [first, last] = [Math.min(...scales), Math.max(...scales)];
  const x = (scale: number): number => (last > first ? (Math.log10(scale) - first) / (last - first) : 0);
  const band = part.summary.flatMap(({ accuracy, accuracy_sd }): [number, number][] =>
    accuracy_sd === null ? [] : [[accuracy - accuracy_sd, accuracy + accuracy_sd]],
  );
  const ticks = [0.03, 0.1, 0.3, 1, 3, 10].map((scale) => ({ at: x(scale), text: String(scale) }));
  const plot: CurvePlot = {
    title: '',
    curves: [
      {
        name: `mean of ${part.options.repeats}`,
        figure: '',
        points: part.summary.map(({ scale, accuracy }) => [x(scale), accuracy] as const),
        band: band.length === part.summary.length ? band : null,
        colour: 0,
        repeats: [],
        dash: 0,
      },
    ],
    xLabel: 'noise, in standard deviations of each unit',
    yLabel: 'accuracy',
    xTicks: ticks.filter(({ at }) => at >= 0 && at <= 1),
    yTicks: SHARES,
    levels: [{ at: part.chance, text: `chance: the largest class, ${(100 * part.chance).toFixed(1)} %` }],
    cursor: null,
    theme: paperTheme,
  };
  return figure('Accuracy against the size of the noise in all units', [plot]);
}

/** Plots side by side as one SVG. */
function figure(title: string, plots: readonly CurvePlot[]): Markup {
  const height = Math.max(...plots.map((plot) => curvesHeight(plot, AXES))) + 8;
  const surface = svgSurface(WIDTH, height, { title, fontFamily: paperTheme.fontFamily });
  surface.fillRect(0, 0, WIDTH, height, paperTheme.background);
  const width = (WIDTH - 8 - GAP * (plots.length - 1)) / plots.length;
  plots.forEach((plot, i) => {
    drawCurves(surface, { x: 4 + i * (width + GAP), y: 4, w: width, h: curvesHeight(plot, AXES) }, plot);
  });
  return new Markup(surface.toString());
}
