import {
  figuresOf,
  aucOf,
  settingsOf,
  type ObservedNetwork,
  type Setting,
} from '../core/findings/observedNetwork';
import { noiseArea } from '../core/findings/memorization';
import { PUBLISHED } from '../core/findings/publishedBaseline';
import type { Curve, CurvePlot } from '../pictures/curves';
import { paperTheme } from '../pictures/theme';
import { meanAndDeviation, type MeanLine } from '../protocol/meanCurves';
import type { TrainingExperiment } from '../protocol/training';
import { courseFigure } from './experimentCourse';
import { panelsFigure, type Panel } from './experimentPanels';
import { scatterFigures } from './experimentScatter';
import { lineAndBand, noiseAxis, plotFigure, SHARES } from './reportCurveFigures';
import type { Markup } from './reportMarkup';
import { settingStyle, settingText } from './experimentSettings';
import { observed } from './trainingFindings';
import type { TrainingDirectory } from './trainingDirectory';

/** A picture of an experiment. */
export interface ExperimentFigure {
  /** For its file: `curves`. */
  readonly name: string;
  readonly heading: string;
  /** An SVG element. */
  readonly picture: Markup;
  readonly caption: string;
}

const BAND =
  'Each line is the mean over the networks of a setting, its band one standard deviation over networks.';

/** The figures of an experiment, as far as there is something to show. */
export function experimentFigures(loaded: TrainingDirectory): ExperimentFigure[] {
  const { experiment } = loaded.record.options;
  const networks = loaded.networks.map(observed);
  const settings = settingsOf(networks);
  return [
    curvesFigure(experiment, settings, loaded),
    noiseFigure(experiment, settings),
    areasFigure(experiment, settings),
    experiment === 'early-stopping' ? courseFigure(networks) : null,
    ...scatterFigures(loaded),
  ].filter((figure) => figure !== null);
}

/** What naming the largest class always would reach; the largest of all networks. */
function chanceOf({ networks }: TrainingDirectory): number {
  const levels = networks.map(({ curves }) => curves?.record.curves?.summary[0]?.chance ?? 0);
  return Math.max(0, ...levels);
}

function curvesFigure(
  experiment: TrainingExperiment,
  settings: readonly Setting[],
  loaded: TrainingDirectory,
): ExperimentFigure | null {
  const chance = chanceOf(loaded);
  const lines = shownSettings(experiment, settings).flatMap(({ setting, index }) => {
    const curves = setting.included.flatMap(({ curve }) => curve ?? []);
    const fractions = curves[0]?.fractions;
    if (fractions === undefined) return [];
    const areas = figuresOf(setting, aucOf);
    const mean = overNetworks(curves.map(({ accuracy }) => accuracy.mean));
    return [
      lineOf(experiment, setting, index, fractions, mean, `AUC ${meanAndDeviation(areas).mean.toFixed(3)}`),
    ];
  });
  if (lines.length === 0) return null;
  const known = settings.filter(({ included }) => included.length > 0).length;
  const some = lines.length < known ? ` ${String(lines.length)} of ${String(known)} settings are drawn.` : '';
  const plot: CurvePlot = {
    ...PLAIN,
    curves: lines,
    xLabel: 'share of the units deleted',
    xTicks: SHARES,
    levels: [{ at: chance, text: `chance: the largest class, ${(100 * chance).toFixed(1)} %` }],
  };
  return {
    name: 'curves',
    heading: 'Neurons deleted together',
    picture: plotFigure('Accuracy against the share of units deleted, by setting', [plot]),
    caption: `Accuracy on the training images, with the labels that each network learned, while random hidden units are deleted. ${BAND}${some}`,
  };
}

function noiseFigure(experiment: TrainingExperiment, settings: readonly Setting[]): ExperimentFigure | null {
  const scales = settings.flatMap(({ included }) => included.flatMap(({ noise }) => noise?.scales ?? []));
  if (scales.length === 0) return null;
  const axis = noiseAxis(scales);
  const curves = shownSettings(experiment, settings).flatMap(({ setting, index }) => {
    const noises = setting.included.flatMap(({ noise }) => noise ?? []);
    if (noises.length === 0) return [];
    const mean = overNetworks(noises.map(({ accuracy }) => accuracy.mean));
    return [lineOf(experiment, setting, index, noises[0]!.scales.map(axis.at), mean, '')];
  });
  const plot: CurvePlot = {
    ...PLAIN,
    curves,
    xLabel: 'noise, in standard deviations of each unit',
    xTicks: axis.ticks,
    levels: [],
  };
  return {
    name: 'noise',
    heading: 'Noise in all neurons',
    picture: plotFigure('Accuracy against the size of the noise in all units, by setting', [plot]),
    caption: `The same accuracy while noise is added to the hidden units at once. ${BAND}`,
  };
}

/** Areas, and what else an experiment is about, network by network. */
function areasFigure(experiment: TrainingExperiment, settings: readonly Setting[]): ExperimentFigure | null {
  const panel = (
    label: string,
    figure: (network: ObservedNetwork) => number | null | undefined,
    published?: (name: string) => number | null,
  ): Panel => ({
    label,
    groups: settings.map((setting) => ({
      name: settingText(experiment, setting.name),
      values: figuresOf(setting, figure),
      reference: published?.(setting.name) ?? null,
    })),
  });
  const publishedAuc = (name: string): number | null =>
    PUBLISHED.find(({ corrupted }) => corrupted === Number(name))?.auc ?? null;
  const auc = panel('AUC', aucOf);
  const panels: Readonly<Record<TrainingExperiment, readonly Panel[]>> = {
    memorization: [panel('AUC', aucOf, publishedAuc), panel('area under the noise curve', noiseArea)],
    dropout: [auc],
    batchnorm: [
      auc,
      panel('mean selectivity', ({ trained }) => trained.measures['selectivity']),
      panel('mean mutual information, bits', ({ trained }) => trained.measures['mutual_information']),
    ],
    'early-stopping': [],
    selectivity: [],
    operators: [auc],
  };
  const shown = panels[experiment].filter(({ groups }) => groups.some(({ values }) => values.length > 0));
  if (shown.length === 0) return null;
  const hollow =
    experiment === 'memorization' ? ' Hollow squares: the published replication on 60,000 images.' : '';
  return {
    name: 'areas',
    heading: 'Every network',
    picture: panelsFigure(
      `${shown.map(({ label }) => label).join(', ')} of every network, by setting`,
      shown,
    ),
    caption: `A dot is a network; the bar is the mean over the networks of a setting with its 95 % interval.${hollow}`,
  };
}

const PLAIN = { title: '', yLabel: 'accuracy', yTicks: SHARES, cursor: null, theme: paperTheme } as const;

/** More lines than this cannot be told apart. */
const MOST_LINES = 7;

/** The settings that get a line: all, or of many some at even distances, with the first and the last. */
function shownSettings(
  experiment: TrainingExperiment,
  settings: readonly Setting[],
): { readonly setting: Setting; readonly index: number }[] {
  const all = settings.filter(({ included }) => included.length > 0);
  const most = experiment === 'dropout' ? 4 * MOST_LINES : MOST_LINES;
  const step = all.length <= most ? 1 : (all.length - 1) / (most - 1);
  const count = Math.min(all.length, most);
  return Array.from({ length: count }, (_, index) => ({ setting: all[Math.round(index * step)]!, index }));
}

function lineOf(
  experiment: TrainingExperiment,
  setting: Setting,
  index: number,
  x: readonly number[],
  mean: MeanLine,
  figure: string,
): Curve {
  const networks = setting.included.length === 1 ? ' (one network)' : '';
  return {
    name: settingText(experiment, setting.name) + networks,
    figure,
    ...lineAndBand(x, mean),
    repeats: [],
    ...settingStyle(experiment, setting.name, index),
  };
}

/** Mean and spread at every place of lines of the same places. */
export function overNetworks(lines: readonly (readonly number[])[]): MeanLine {
  const spread = (lines[0] ?? []).map((_, i) => meanAndDeviation(lines.flatMap((line) => line[i] ?? [])));
  return {
    mean: spread.map(({ mean }) => mean),
    deviation: spread.map(({ deviation }) => deviation),
    repeats: [],
  };
}
