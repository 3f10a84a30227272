import { axisOf } from '../pictures/axis';
import { curveColour } from '../pictures/curves';
import { drawScatter, placePoints, type ScatterPlot } from '../pictures/scatter';
import { movedBy } from '../pictures/surface';
import { svgSurface } from '../pictures/svgSurface';
import { paperTheme } from '../pictures/theme';
import type { UnitColumn } from '../protocol/units';
import type { ExperimentFigure } from './experimentFigures';
import { settingText } from './experimentSettings';
import { Markup } from './reportMarkup';
import type { MeasuredNetwork, TrainingDirectory } from './trainingDirectory';

const WIDTH = 816;
const GAP = 16;
const PLOT_HEIGHT = 260;
const TITLE = 22;
const COLUMNS = 2;

/** Units in one scatter plot: what they are, and where. */
interface Cloud {
  readonly title: string;
  /** Selectivity and the measure against it, and which colour; a row a unit. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly colours: Int32Array;
}

/**
 * Importance, and the largest class drop, against selectivity, in the experiments that are about it; none where units
 * were not deleted one by one.
 */
export function scatterFigures(loaded: TrainingDirectory): ExperimentFigure[] {
  const { experiment } = loaded.record.options;
  const networks = loaded.networks.filter(({ network, units }) => network.included && units !== null);
  if (networks.length === 0 || (experiment !== 'selectivity' && experiment !== 'memorization')) return [];
  const isOfLayers = experiment === 'selectivity';
  const groups = isOfLayers ? byLayer(networks) : bySetting(loaded, networks);
  const told = isOfLayers
    ? 'One plot a layer, one colour a network.'
    : 'One network of the first and one of the last setting, one colour a layer.';
  const shown = isOfLayers
    ? ([
        ['importance', 'accuracy_drop', 'importance, points'],
        ['class-drop', 'max_class_drop', 'largest class drop, points'],
      ] as const)
    : ([['importance', 'accuracy_drop', 'importance, points']] as const);
  return shown.map(([name, column, label]) => ({
    name: `selectivity-${name}`,
    heading:
      column === 'accuracy_drop' ? 'Importance against selectivity' : 'Class damage against selectivity',
    picture: cloudsFigure(
      `${label.replace(', points', '')} of every unit against its selectivity`,
      groups.map((group) => cloudOf(group, column)),
      label,
    ),
    caption:
      (column === 'accuracy_drop'
        ? 'Accuracy lost when a unit is deleted alone, against its class selectivity index. '
        : 'Recall lost by the class that loses most when a unit is deleted alone, against its class selectivity index. ') +
      told,
  }));
}

/** Rows of networks' unit tables that belong into one plot. */
interface Group {
  readonly title: string;
  readonly parts: readonly {
    readonly network: MeasuredNetwork;
    readonly from: number;
    readonly to: number;
    readonly colour: number;
  }[];
}

function layersOf(
  network: MeasuredNetwork,
): { readonly name: string; readonly from: number; readonly to: number }[] {
  let from = 0;
  return (network.units?.record.sites ?? []).map(({ name, units }) => {
    const first = from;
    from += units;
    return { name, from: first, to: from };
  });
}

function byLayer(networks: readonly MeasuredNetwork[]): Group[] {
  const names = layersOf(networks[0]!).map(({ name }) => name);
  return names.map((name, place) => ({
    title: name,
    parts: networks.flatMap((network, colour) => {
      const layer = layersOf(network)[place];
      return layer === undefined ? [] : [{ network, from: layer.from, to: layer.to, colour }];
    }),
  }));
}

function bySetting(loaded: TrainingDirectory, networks: readonly MeasuredNetwork[]): Group[] {
  const settings = new Set([networks[0]!.network.setting, networks.at(-1)!.network.setting]);
  return [...settings].map((setting) => {
    const network = networks.find((one) => one.network.setting === setting)!;
    return {
      title: settingText(loaded.record.options.experiment, setting),
      parts: layersOf(network).map(({ from, to }, colour) => ({ network, from, to, colour })),
    };
  });
}

function cloudOf({ title, parts }: Group, column: UnitColumn): Cloud {
  const gather = (name: UnitColumn): Float64Array =>
    Float64Array.from(
      parts.flatMap(({ network, from, to }) => [...network.units!.table.columns[name].slice(from, to)]),
    );
  return {
    title,
    x: gather('selectivity'),
    y: gather(column),
    colours: Int32Array.from(
      parts.flatMap(({ from, to, colour }) => new Array<number>(to - from).fill(colour)),
    ),
  };
}

function cloudsFigure(title: string, clouds: readonly Cloud[], yLabel: string): Markup {
  const columns = Math.min(COLUMNS, clouds.length);
  const lines = Math.ceil(clouds.length / columns);
  const height = lines * (PLOT_HEIGHT + TITLE) + (lines - 1) * GAP + 8;
  const surface = svgSurface(WIDTH, height, { title, fontFamily: paperTheme.fontFamily });
  surface.fillRect(0, 0, WIDTH, height, paperTheme.background);
  const width = (WIDTH - 8 - GAP * (columns - 1)) / columns;
  const xAxis = axisOf([], { log: false, factor: 1, ticks: 5, ends: [0, 1] });
  const yAxis = axisOf(
    clouds.flatMap(({ y }) => [...y]),
    { log: false, factor: 100, ticks: 5 },
  );
  clouds.forEach(({ title: name, x, y, colours }, i) => {
    const left = 4 + (i % columns) * (width + GAP);
    const top = 4 + Math.floor(i / columns) * (PLOT_HEIGHT + TITLE + GAP);
    const frame = { width, height: PLOT_HEIGHT, xAxis, yAxis };
    const plot: ScatterPlot = {
      ...frame,
      xLabel: 'class selectivity index',
      yLabel,
      points: placePoints(Int32Array.from(x.keys()), x, y, frame),
      colour: (row) => curveColour(colours[row]!, paperTheme),
      mark: () => 'plain',
      deleted: new Set(),
      theme: paperTheme,
    };
    surface.text(name, left + 2, top + 9, {
      colour: paperTheme.foreground,
      size: 13,
      align: 'left',
      baseline: 'middle',
      weight: 600,
    });
    drawScatter(movedBy(surface, left, top + TITLE), plot, 2);
  });
  return new Markup(surface.toString());
}
