import { t } from '@vscode/l10n';
import { placeOn } from '../../../../src/pictures/curveAxes';
import { CURVE_COLOURS } from '../../../../src/pictures/curves';
import { meanNoise } from '../../../../src/protocol/meanCurves';
import type { CurveRun } from '../../../../src/protocol/webview';
import { fixed } from '../../../shared/format';
import { distinct } from './cumulative';
import { pointsOver, type Measure, type Plot } from './plotLine';
import { ownFirst, runNames } from './runNames';

/** Marks of the axis: the scale, and its decimals. */
const SCALES = [
  [0.01, 2],
  [0.03, 2],
  [0.1, 1],
  [0.3, 1],
  [1, 0],
  [3, 0],
  [10, 0],
  [30, 0],
] as const;

/** The plot of noise: one line a run, over the logarithm of the noise. */
export function noisePlot(all: readonly CurveRun[], measure: Measure): Plot {
  const runs = ownFirst(all).flatMap((run) =>
    run.experiment.name === 'noise' && run.experiment.rows.length > 0
      ? [{ run, mean: meanNoise(run.experiment.rows) }]
      : [],
  );
  const names = runNames(runs.map(({ run }) => run));
  const scales = runs.flatMap(({ mean }) => mean.scales.map(Math.log10));
  const span = { low: Math.min(...scales), high: Math.max(...scales) };
  const at = (scale: number): number => placeOn(span, Math.log10(scale));
  return {
    runs: runs.map(({ run }, i) => ({ key: run.directory, name: names[i]! })),
    lines: runs.map(({ run, mean }, i) => ({
      key: run.directory,
      run: run.directory,
      name: t('mean of {0}', mean.accuracy.repeats.length),
      area: null,
      ...pointsOver(mean.scales.map(at), mean[measure]),
      colour: i,
      dash: Math.floor(i / CURVE_COLOURS),
    })),
    chances:
      measure === 'accuracy' ? distinct(runs.flatMap(({ run }) => run.record.noise?.chance ?? [])) : [],
    measure,
    xLabel: t('noise, in standard deviations of each neuron'),
    xTicks: SCALES.map(([scale, decimals]) => ({ at: at(scale), text: fixed(scale, decimals) })).filter(
      (tick) => tick.at >= -1e-9 && tick.at <= 1 + 1e-9,
    ),
    place: (x) => t('noise {0} σ', fixed(10 ** (span.low + x * (span.high - span.low)), 2)),
  };
}
