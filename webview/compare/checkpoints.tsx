import { computed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ComparedPart } from '../../src/protocol/compareState';
import type { Point } from '../../src/pictures/surface';
import { count, fixed } from '../shared/format';
import { keptSignal } from '../shared/keptSignal';
import type { Twin, TwinColumn } from '../shared/twin/twin';
import { CurvePicture } from '../study/views/curves/curvePicture';
import { PLOT_CHOICES, type Plot, type PlotLine } from '../study/views/curves/plotLine';
import type { CompareView } from './compareView';
import { fallsText } from './verdictText';

/** Steps that are written on the axis, at most. */
const MOST_TICKS = 8;

/** The robustness of checkpoints beside their accuracies, over the steps of training. */
export function Checkpoints({
  parts,
  falls,
  view,
}: {
  readonly parts: readonly ComparedPart[];
  /** The step from which on robustness falls; null where it does not. */
  readonly falls: number | null;
  readonly view: CompareView;
}): VNode {
  const { host } = view;
  const byStep = useMemo(() => parts.toSorted((a, b) => stepOf(a) - stepOf(b)), [parts]);
  const place = placesOf(byStep);
  const choices = useMemo(
    () => keptSignal(host, 'checkpoints', { ...PLOT_CHOICES, at: falls === null ? 1 : place(falls) }),
    [host],
  );
  const plot = useMemo(() => computed(() => checkpointPlot(byStep)), [byStep]);
  return (
    <CurvePicture
      view={view}
      id="checkpoints"
      title={t('Robustness over training')}
      explanation={fallsText(falls)}
      options={null}
      plot={plot}
      choices={choices}
      twin={() => checkpointTwin(byStep)}
    />
  );
}

function stepOf({ step }: ComparedPart): number {
  return step ?? 0;
}

/** Where a step is between the first and the last, 0 … 1. */
function placesOf(parts: readonly ComparedPart[]): (step: number) => number {
  const steps = parts.map(stepOf);
  const [low, high] = [Math.min(...steps), Math.max(...steps)];
  return (step) => (high > low ? (step - low) / (high - low) : 0);
}

function checkpointPlot(parts: readonly ComparedPart[]): Plot {
  const place = placesOf(parts);
  const line = (
    key: string,
    name: string,
    colour: number,
    value: (part: ComparedPart) => number | null | undefined,
    deviation: (part: ComparedPart) => number | null = () => null,
  ): PlotLine[] => {
    const known = parts.filter((part) => Number.isFinite(value(part) ?? NaN));
    const points = known.map((part): Point => [place(stepOf(part)), value(part) ?? NaN]);
    if (points.length === 0) return [];
    const more = { run: 'checkpoints', area: null, repeats: [], colour, dash: colour };
    return [{ key, name, points, deviation: known.map(deviation), ...more }];
  };
  const steps = parts.map(stepOf);
  const every = Math.ceil(steps.length / MOST_TICKS);
  const nearest = (x: number): number =>
    steps.reduce(
      (best, step) => (Math.abs(place(step) - x) < Math.abs(place(best) - x) ? step : best),
      steps[0] ?? 0,
    );
  return {
    runs: [{ key: 'checkpoints', name: '' }],
    lines: [
      ...line(
        'auc',
        t('area under the curve'),
        0,
        ({ line: own }) => own?.auc,
        ({ line: own }) => own?.auc_sd ?? null,
      ),
      ...line('test', t('accuracy'), 1, ({ line: own }) => own?.baseline_accuracy),
      ...line('train', t('accuracy on the training data'), 2, ({ train_accuracy }) => train_accuracy),
    ],
    chances: [],
    measure: 'accuracy',
    xLabel: t('step of training'),
    xTicks: steps.filter((_, i) => i % every === 0).map((step) => ({ at: place(step), text: count(step) })),
    place: (x) => t('step {0}', count(nearest(x))),
  };
}

function checkpointTwin(parts: readonly ComparedPart[]): Twin {
  const number = (
    id: string,
    label: string,
    of: (part: ComparedPart) => number | null | undefined,
    decimals: number,
  ): TwinColumn => {
    const value = (row: number): number => {
      const part = parts[row];
      return (part === undefined ? null : of(part)) ?? NaN;
    };
    return { id, label, width: 120, number: true, value, text: (row) => fixed(value(row), decimals) };
  };
  return {
    label: t('Robustness over training'),
    rows: parts.length,
    columns: [
      { ...number('step', t('Step'), stepOf, 0), width: 80 },
      { id: 'model', label: t('Model'), width: 150, number: false, value: (row) => parts[row]?.name ?? '' },
      number('test', t('Accuracy'), ({ line }) => line?.baseline_accuracy, 4),
      number('train', t('On the training data'), ({ train_accuracy }) => train_accuracy, 4),
      number('auc', t('Area under the curve'), ({ line }) => line?.auc, 4),
      number('auc_sd', t('Its deviation'), ({ line }) => line?.auc_sd, 4),
      number('auc_relative', t('Relative to chance'), ({ line }) => line?.auc_relative, 4),
    ],
  };
}
