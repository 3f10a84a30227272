import { useSignal, type ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { axisOf, type Axis } from '../../src/pictures/axis';
import { curvesHeight, drawCurves, type CurvePlot } from '../../src/pictures/curves';
import { distributionPlot, type DistributionForm } from '../../src/pictures/distribution';
import type { PictureTheme } from '../../src/pictures/theme';
import type { ComparedColumn } from '../../src/protocol/compareState';
import { Dropdown } from '../shared/controls';
import { fixed, percent } from '../shared/format';
import { keptSignal } from '../shared/keptSignal';
import { paint } from '../shared/paint';
import type { Twin, TwinColumn } from '../shared/twin/twin';
import type { ExportedPicture } from '../study/frame/exportPicture';
import { PictureFrame } from '../study/frame/pictureFrame';
import type { CompareView, Runs } from './compareView';

type Measure = Exclude<ComparedColumn, 'within_noise' | 'dead'>;

/** Least and most height of the axes, pixels. */
const AXES = [220, 330] as const;
const EXPORTED = { width: 760, axes: 320 };
/** Parts of the axis in the table. */
const ROWS = 24;

/** How a measure is spread over the neurons of all runs. */
export function Distributions({ runs, view }: { readonly runs: Runs; readonly view: CompareView }): VNode {
  const { host, theme, ratio } = view;
  const choices = useMemo(
    () =>
      keptSignal<{ measure: Measure; form: DistributionForm }>(host, 'distribution', {
        measure: 'accuracy_drop',
        form: 'histogram',
      }),
    [host],
  );
  const { measure, form } = choices.value;
  const series = runs.map((run) => ({ name: run.title, values: run.columns[measure] }));
  const axis = useMemo(() => axisFor(runs, measure), [...runs, measure]);
  const title = t('How neurons are spread');
  const plotIn = (colours: PictureTheme, heading: string): CurvePlot =>
    distributionPlot(
      series,
      form,
      axis,
      {
        title: heading,
        xLabel: axisLabel(measure),
        yLabel: form === 'histogram' ? t('share of the neurons') : t('share of the neurons that have at most so much'),
        share: (share) => percent(share, share > 0 && share < 0.01 ? 1 : 0),
      },
      colours,
    ); // prettier-ignore
  const exported = (): ExportedPicture => {
    const { width: w, axes } = EXPORTED;
    const h = curvesHeight(plotIn(theme.value, title), axes);
    return {
      width: w + 24,
      height: h + 24,
      draw: (surface, colours) => drawCurves(surface, { x: 12, y: 12, w, h }, plotIn(colours, title)),
    };
  };
  return (
    <PictureFrame
      id="distribution"
      title={title}
      controls={
        <>
          <Dropdown<Measure>
            label={t('Measure')}
            value={measure}
            options={[
              { id: 'accuracy_drop', label: t('Importance') },
              { id: 'loss_increase', label: t('Loss increase') },
              { id: 'selectivity', label: t('Selectivity') },
              { id: 'mutual_information', label: t('Mutual information') },
            ]}
            onChange={(next) => (choices.value = { ...choices.peek(), measure: next })}
          />
          <Dropdown<DistributionForm>
            label={t('As')}
            value={form}
            options={[
              { id: 'histogram', label: t('Histogram') },
              { id: 'cumulative', label: t('Cumulative') },
            ]}
            onChange={(next) => (choices.value = { ...choices.peek(), form: next })}
          />
        </>
      }
      twin={() => distributionTwin(runs, measure, axis)}
      exported={exported}
      view={view}
    >
      <PlotCanvas
        plot={plotIn(theme.value, '')}
        label={t(
          'How {0} is spread over the neurons of {1}; the table beside the title has the numbers.',
          axisLabel(measure),
          runs.map(({ title }) => title).join(', '),
        )}
        ratio={ratio}
      />
    </PictureFrame>
  );
}

function PlotCanvas({
  plot,
  label,
  ratio,
}: {
  readonly plot: CurvePlot;
  readonly label: string;
  readonly ratio: ReadonlySignal<number>;
}): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const scale = ratio.value;
  const axes = Math.round(Math.min(AXES[1], Math.max(AXES[0], 0.42 * width.value)));
  const height = curvesHeight(plot, axes);
  const draw = (): void => {
    if (canvas.current === null || width.peek() === 0) return;
    const size = { width: width.peek(), height };
    paint(canvas.current, size, scale, plot.theme.fontFamily, (surface) =>
      drawCurves(surface, { x: 0, y: 0, w: size.width, h: height }, plot),
    );
  };
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => void (width.value = Math.floor(element.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(draw);
  return (
    <div ref={frame} class="compare-plot">
      <canvas ref={canvas} role="img" aria-label={label} data-curves={plot.curves.length} />
    </div>
  );
}

function axisFor(runs: Runs, measure: Measure): Axis {
  const values = runs.flatMap(({ columns }) => [...extent(columns[measure])]);
  return axisOf(values, {
    log: false,
    factor: measure === 'accuracy_drop' ? 100 : 1,
    ticks: 6,
    write: fixed,
    ...(measure === 'selectivity' ? { ends: [0, 1] as const } : {}),
  });
}

function extent(values: Float64Array): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function axisLabel(measure: Measure): string {
  switch (measure) {
    case 'accuracy_drop':
      return t('accuracy lost without the neuron (points)');
    case 'loss_increase':
      return t('loss added without the neuron (nats)');
    case 'selectivity':
      return t('selectivity');
    case 'mutual_information':
      return t('mutual information (nats)');
  }
}

/** The axis in even parts, with how many neurons of each run are in each. */
function distributionTwin(runs: Runs, measure: Measure, axis: Axis): Twin {
  const factor = measure === 'accuracy_drop' ? 100 : 1;
  const edge = (i: number): number => factor * (axis.low + ((axis.high - axis.low) * i) / ROWS);
  const counts = runs.map((run) => countsIn(run.columns[measure], axis));
  const number = (id: string, label: string, value: (row: number) => number, decimals: number): TwinColumn => ({
    id,
    label,
    width: 110,
    number: true,
    value,
    text: (row) => fixed(value(row), decimals),
  }); // prettier-ignore
  return {
    label: axisLabel(measure),
    rows: ROWS,
    columns: [
      number('from', t('From'), edge, 3),
      number('to', t('To'), (row) => edge(row + 1), 3),
      ...runs.map(({ title, directory }, i) => number(directory, title, (row) => counts[i]?.[row] ?? 0, 0)),
    ],
  };
}

function countsIn(values: Float64Array, { low, high }: Axis): number[] {
  const counts = Array.from({ length: ROWS }, () => 0);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = Math.min(ROWS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * ROWS)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
