import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { axisOf } from '../../../../src/pictures/axis';
import { curveColour } from '../../../../src/pictures/curves';
import { indexPoints, type PointIndex } from '../../../../src/pictures/pointIndex';
import { placePoints, type ScatterPlot } from '../../../../src/pictures/scatter';
import { fixed } from '../../../shared/format';
import type { Taking } from '../../taking/takenUnits';
import type { ViewProps } from '../../viewProps';
import type { PlotChoice } from './scatterChoices';
import { SCATTER_MEASURE } from './scatterMeasures';

/** Which units a plot shows and between which ends: those of all plots that are to be compared. */
export interface ScatterPart {
  /** Name of its only site; null where it shows all of them. */
  readonly site: string | null;
  readonly choice: PlotChoice;
  /** Rows of the unit table. */
  readonly rows: Int32Array;
  readonly xEnds: readonly [low: number, high: number];
  readonly yEnds: readonly [low: number, high: number];
}

/** One plot: what it shows, where, and what the pointer and the keyboard do there. */
export interface ScatterModel extends Taking {
  readonly width: Signal<number>;
  readonly plot: ReadonlySignal<ScatterPlot>;
  readonly index: ReadonlySignal<PointIndex>;
  /** Place of a row among the points, −1 where it has none. */
  readonly places: ReadonlySignal<Int32Array>;
  /** Places of the points from left to right, those above each other from the bottom up. */
  readonly byX: ReadonlySignal<Int32Array>;
  readonly pointed: Signal<number | null>;
  readonly focused: Signal<boolean>;
  readonly dragging: Signal<boolean>;
}

/** Least and most of the rows' values that have a place on an axis. */
export function endsOf(values: Float64Array, rows: Int32Array, log: boolean): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const row of rows) {
    const value = values[row] ?? NaN;
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * @param heightOf height of the plot from its width, pixels
 */
export function scatterModel(
  { store, theme }: ViewProps,
  part: ReadonlySignal<ScatterPart>,
  heightOf: (width: number) => number,
): ScatterModel {
  const width = signal(0);
  const siteOf = computed(() => {
    const sites = store.record.value?.sites ?? [];
    return Int32Array.from(sites.flatMap(({ units }, at) => new Array<number>(units).fill(at)));
  });
  const plot = computed((): ScatterPlot => {
    const { choice, rows, xEnds, yEnds } = part.value;
    const height = heightOf(width.value);
    const [x, y] = [SCATTER_MEASURE[choice.x], SCATTER_MEASURE[choice.y]];
    const axis = (measure: typeof x, log: boolean, ends: readonly [number, number], room: number) =>
      axisOf([], {
        log,
        factor: measure.factor,
        write: fixed,
        ends: log ? ends : (measure.ends ?? ends),
        ticks: room,
      });
    const size = {
      width: width.value,
      height,
      xAxis: axis(x, choice.xLog, xEnds, width.value / 90),
      yAxis: axis(y, choice.yLog, yEnds, height / 50),
    };
    // Its arrays are written in place: the signal tells.
    const columns = store.table.value?.table.columns;
    const none = new Float64Array();
    const muting = x.flips === true || y.flips === true;
    const selectivity = choice.x === 'selectivity' || choice.y === 'selectivity';
    const sites = siteOf.value;
    const colours = (store.record.value?.sites ?? []).map((_, at) => curveColour(at, theme.value));
    return {
      ...size,
      xLabel: x.axis(),
      yLabel: y.axis(),
      points: placePoints(rows, columns?.[choice.x] ?? none, columns?.[choice.y] ?? none, size),
      colour: (row) => colours[sites[row] ?? 0] ?? theme.value.foreground,
      mark: (row) => {
        if (columns?.dead[row] === 1) return 'dead';
        const noise = muting && columns?.within_noise[row] === 1;
        return noise || (selectivity && columns?.selectivity_valid[row] === 0) ? 'muted' : 'plain';
      },
      deleted: store.deleted.value,
      theme: theme.value,
    };
  });
  const points = computed(() => plot.value.points);
  return {
    width,
    plot,
    index: computed(() => indexPoints(points.value.x, points.value.y, plot.value.width, plot.value.height)),
    places: computed(() => {
      const places = new Int32Array(store.table.value?.table.rows ?? 0).fill(-1);
      points.value.rows.forEach((row, at) => (places[row] = at));
      return places;
    }),
    byX: computed(() => {
      const { x, y } = points.value;
      return Int32Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || y[b]! - y[a]! || a - b);
    }),
    pointed: signal(null),
    focused: signal(false),
    dragging: signal(false),
    taken: signal(null),
  };
}
