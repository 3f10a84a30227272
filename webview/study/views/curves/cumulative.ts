import { t } from '@vscode/l10n';
import { CURVE_COLOURS } from '../../../../src/pictures/curves';
import { ORDERS, type CurveData, type Direction, type Order } from '../../../../src/protocol/curves';
import { meanCurves, type MeanCurve } from '../../../../src/protocol/meanCurves';
import type { RunRecord } from '../../../../src/protocol/run';
import type { CurveRun } from '../../../../src/protocol/webview';
import { percent } from '../../../shared/format';
import { PLOT_CHOICES, pointsOver, type Plot, type PlotChoices, type PlotLine } from './plotLine';
import { ownFirst, runNames } from './runNames';

/** What a user chooses of cumulative curves. */
export interface CumulativeChoices extends PlotChoices {
  /** `together`, `each`, or the name of one site. */
  readonly sites: string;
  readonly data: CurveData | 'both';
  readonly direction: Direction | 'both';
  /** Orders that are not shown. */
  readonly without: readonly Order[];
}

export const CUMULATIVE_CHOICES: CumulativeChoices = {
  ...PLOT_CHOICES,
  sites: 'together',
  data: 'test',
  direction: 'both',
  without: [],
};

/** A kind of curve of a run. */
interface Found extends MeanCurve {
  readonly run: CurveRun;
  readonly together: boolean;
}

/** What there is to choose from. */
export interface CumulativeOptions {
  readonly sites: readonly string[];
  readonly data: readonly CurveData[];
  readonly directions: readonly Direction[];
  readonly orders: readonly Order[];
}

/** All kinds of curves of some runs. */
export function findCurves(runs: readonly CurveRun[]): Found[] {
  return ownFirst(runs).flatMap((run) => {
    if (run.experiment.name !== 'curves') return [];
    const all = run.record.sites.map(({ name }) => name).join('+');
    return meanCurves(run.experiment.rows).map((mean) => ({ ...mean, run, together: mean.sites === all }));
  });
}

/** What can be chosen of some curves. */
export function optionsOf(found: readonly Found[]): CumulativeOptions {
  const each = [...new Set(found.filter(({ together }) => !together).map(({ sites }) => sites))];
  const some = <T>(values: readonly T[], own: readonly unknown[]): T[] =>
    values.filter((value) => own.includes(value));
  return {
    sites: [
      ...(found.some(({ together }) => together) ? ['together'] : []),
      ...(each.length > 1 ? ['each'] : []),
      ...each,
    ],
    data: some(
      ['test', 'train'],
      found.map(({ data }) => data),
    ),
    directions: some(
      ['ascending', 'descending'],
      found.map(({ direction }) => direction),
    ),
    orders: some(
      ORDERS,
      found.map(({ order }) => order),
    ),
  };
}

/** Choices as they can be followed: what is not there gives way to what is. */
export function feasible(choices: CumulativeChoices, options: CumulativeOptions): CumulativeChoices {
  const { sites, data, direction } = choices;
  return {
    ...choices,
    sites: options.sites.includes(sites) ? sites : (options.sites[0] ?? 'together'),
    data: options.data.length < 2 ? (options.data[0] ?? 'test') : data,
    direction: options.directions.length < 2 ? 'both' : direction,
    without: options.orders.every((order) => choices.without.includes(order)) ? [] : choices.without,
  };
}

/** The plot of the curves that were chosen. */
export function cumulativePlot(found: readonly Found[], choices: CumulativeChoices): Plot {
  const { sites, data, direction, without, measure } = choices;
  const chosen = found.filter(
    (curve) =>
      (sites === 'together' ? curve.together : sites === 'each' ? !curve.together : curve.sites === sites) &&
      (data === 'both' || curve.data === data) &&
      (direction === 'both' || curve.direction === '' || curve.direction === direction) &&
      !without.includes(curve.order),
  );
  const runs = [...new Set(chosen.map(({ run }) => run))];
  const names = runNames(runs);
  const one = runs.length === 1 && data !== 'both' && sites !== 'each';
  const kinds = [...new Set(chosen.map(kindOf))];
  const lines = chosen.map((curve): PlotLine => {
    const kind = one ? ORDERS.indexOf(curve.order) : kinds.indexOf(kindOf(curve));
    return {
      key: `${kindOf(curve)}\n${curve.direction}`,
      run: curve.run.directory,
      name: [
        ...(sites === 'each' ? [curve.sites] : []),
        orderName(curve),
        ...(data === 'both' ? [dataName(curve.data)] : []),
      ].join(', '),
      area: measure === 'accuracy' ? areaOf(curve) : null,
      ...pointsOver(curve.fractions, curve[measure]),
      colour: kind,
      dash: (curve.direction === 'descending' ? 1 : 0) + 2 * Math.floor(kind / CURVE_COLOURS),
    };
  });
  const chances = chosen.flatMap(({ run, data: own }) => chanceOf(run.record, own) ?? []);
  return {
    runs: runs.map(({ directory }, i) => ({ key: directory, name: names[i]! })),
    lines,
    chances: measure === 'accuracy' ? distinct(chances) : [],
    measure,
    xLabel:
      sites === 'together' ? t('share of the neurons deleted') : t('share of the site’s neurons deleted'),
    xTicks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: percent(at, 0) })),
    place: (x) => t('{0} deleted', percent(x, Math.abs(100 * x - Math.round(100 * x)) < 0.05 ? 0 : 1)),
  };
}

/** Whatever a colour stands for where there is more than one run, site or data. */
function kindOf({ run, data, sites, order }: Found): string {
  return [run.directory, data, sites, order].join('\n');
}

/** Chances that differ by more than can be seen. */
export function distinct(chances: readonly number[]): number[] {
  return chances.filter((chance, i) => chances.findIndex((other) => Math.abs(other - chance) < 5e-4) === i);
}

function chanceOf({ curves }: RunRecord, data: CurveData): number | null {
  return curves?.summary.find((line) => line.data === data)?.chance ?? null;
}

function areaOf({ run, data, sites, order, direction }: Found): PlotLine['area'] {
  const summary = run.record.curves?.summary.find(
    (line) =>
      line.data === data && line.sites === sites && line.order === order && line.direction === direction,
  );
  if (summary === undefined) return null;
  return { auc: summary.auc, deviation: summary.auc_sd, relative: summary.auc_relative };
}

/** An order with its direction: `importance, least first`. */
export function orderName({ order, direction, accuracy }: MeanCurve): string {
  if (direction === '') return t('random, mean of {0}', accuracy.repeats.length);
  return direction === 'ascending'
    ? t('{0}, least first', orderNames()[order])
    : t('{0}, most first', orderNames()[order]);
}

/** What orders go by. */
export function orderNames(): Readonly<Record<Order, string>> {
  return {
    random: t('random'),
    importance: t('importance'),
    selectivity: t('selectivity'),
    l1: t('L1 norm'),
    first_order: t('first-order estimate'),
    mutual_information: t('mutual information'),
    greedy: t('greedy search'),
  };
}

/** Which data a curve was measured on. */
export function dataName(data: CurveData): string {
  return data === 'train' ? t('training data') : t('test data');
}
