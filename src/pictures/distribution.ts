import type { Axis } from './axis';
import { placeOn } from './axis';
import type { Curve, CurvePlot, Tick } from './curves';
import { histogram } from './gridHistogram';
import type { PictureTheme } from './theme';
import type { Point } from './surface';

/** Values whose distribution is shown beside others. NaN: not known, left out. */
export interface Series {
  readonly name: string;
  readonly values: Float64Array;
}

/** How a distribution is drawn: in bins, or as the share that is at most so much. */
export type DistributionForm = 'histogram' | 'cumulative';

/** What is said beside the drawing. */
export interface DistributionTexts {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** A share, 0 … 1, in words. */
  readonly share: (share: number) => string;
}

const BINS = 48;
/** Places at which a cumulative line is read. */
const PLACES = 400;
const SHARES = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1];
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** The share of the known values that falls into each of `bins` even parts of an axis. */
export function binShares(
  { low, high }: Pick<Axis, 'low' | 'high'>,
  values: Float64Array,
  bins: number,
): Float64Array {
  const counts = histogram(values, [low, high], bins);
  const known = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(counts, (count) => (known === 0 ? 0 : count / known));
}

/** The share of the known values that is at most `x`, at evenly spaced places from one end of an axis to the other. */
export function sharesBelow(
  { low, high }: Pick<Axis, 'low' | 'high'>,
  values: Float64Array,
  places: number,
): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  let below = 0;
  return Float64Array.from({ length: places }, (_, i) => {
    const x = low + ((high - low) * i) / (places - 1);
    while (below < sorted.length && sorted[below]! <= x) below++;
    return sorted.length === 0 ? 0 : below / sorted.length;
  });
}

/**
 * Distributions on one axis as a plot. Bins are as high as the root of their share, so that few units show beside
 * many; the marks of the vertical axis say so.
 */
export function distributionPlot(
  series: readonly Series[],
  form: DistributionForm,
  axis: Axis,
  texts: DistributionTexts,
  theme: PictureTheme,
): CurvePlot {
  const shares = series.map(({ values }) =>
    form === 'histogram' ? binShares(axis, values, BINS) : sharesBelow(axis, values, PLACES),
  );
  const most = form === 'cumulative' ? 1 : Math.max(1e-9, ...shares.flatMap((own) => Array.from(own)));
  const height = (share: number): number => (form === 'cumulative' ? share : Math.sqrt(share / most));
  const curves = series.map(({ name }, i): Curve => {
    const own = shares[i]!;
    const points = form === 'histogram' ? steps(own, height) : line(own);
    return {
      name,
      figure: '',
      points,
      band: form === 'histogram' ? points.map(([, y]) => [0, y] as const) : null,
      repeats: [],
      colour: i,
      dash: i,
    };
  });
  const marks = form === 'cumulative' ? QUARTERS : spaced(SHARES, most, height);
  return {
    title: texts.title,
    curves,
    xLabel: texts.xLabel,
    yLabel: texts.yLabel,
    xTicks: axis.ticks.map(({ value, text }): Tick => ({ at: placeOn(axis, value), text })),
    yTicks: marks.map((share) => ({ at: height(share), text: texts.share(share) })),
    levels: [],
    cursor: null,
    theme,
  };
}

/** The outline of bins. */
function steps(shares: Float64Array, height: (share: number) => number): Point[] {
  const points: Point[] = [[0, 0]];
  shares.forEach((share, bin) => {
    points.push([bin / shares.length, height(share)], [(bin + 1) / shares.length, height(share)]);
  });
  points.push([1, 0]);
  return points;
}

function line(shares: Float64Array): Point[] {
  return Array.from(shares, (share, i) => [i / (shares.length - 1), share] as const);
}

/** Shares up to the largest that stand far enough apart to be labelled, with 0. */
function spaced(shares: readonly number[], most: number, height: (share: number) => number): number[] {
  const kept = [0];
  for (const share of shares) {
    if (share <= most && height(share) - height(kept.at(-1)!) > 0.09) kept.push(share);
  }
  return kept;
}
