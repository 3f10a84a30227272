import { courses } from '../core/findings/earlyStopping';
import type { ObservedNetwork } from '../core/findings/observedNetwork';
import { axisOf, placeOn } from '../pictures/axis';
import type { Curve, CurvePlot, Tick } from '../pictures/curves';
import { paperTheme } from '../pictures/theme';
import { meanAndDeviation } from '../protocol/meanCurves';
import type { ExperimentFigure } from './experimentFigures';
import { lineAndBand, plotFigure, SHARES } from './reportCurveFigures';

/** A figure at one epoch, over the networks that have it. */
interface Place {
  readonly epoch: number;
  readonly values: readonly number[];
}

/** Robustness and loss against the epochs of training; null where nothing was measured. */
export function courseFigure(networks: readonly ObservedNetwork[]): ExperimentFigure | null {
  const epochs = [...new Set(courses(networks).flatMap(({ moments }) => moments.map(({ epoch }) => epoch)))];
  if (epochs.length < 2) return null;
  epochs.sort((a, b) => a - b);
  const x = axisOf(epochs, { log: epochs[0]! > 0 && epochs.at(-1)! / epochs[0]! > 20, factor: 1, ticks: 6 });
  const at = (epoch: number): number => placeOn(x, epoch);
  const xTicks = x.ticks.map(({ value, text }): Tick => ({ at: at(value), text }));
  const places = (figure: (network: ObservedNetwork) => number | null): Place[] =>
    epochs.map((epoch) => ({
      epoch,
      values: networks.flatMap((network) =>
        network.trained.epochs === epoch ? (figure(network) ?? []) : [],
      ),
    }));
  const losses = {
    test: places(({ trained }) => trained.test_loss),
    train: places(({ trained }) => trained.train_loss),
  };
  const y = axisOf([0, ...[...losses.test, ...losses.train].flatMap(({ values }) => values)], {
    log: false,
    factor: 1,
    ticks: 5,
  });
  const line = (
    name: string,
    colour: number,
    own: readonly Place[],
    scale: (value: number) => number,
  ): Curve => curveOf(name, colour, own, at, scale);
  const same = (value: number): number => value;
  const loss = (value: number): number => placeOn(y, value);
  const common = {
    xLabel: 'epochs of training',
    xTicks,
    levels: [],
    cursor: null,
    theme: paperTheme,
  } as const;
  const plots: CurvePlot[] = [
    {
      ...common,
      title: 'Robustness and accuracy',
      yLabel: 'AUC, accuracy',
      yTicks: SHARES,
      curves: [
        line(
          'AUC',
          0,
          places(({ trained }) => trained.auc),
          same,
        ),
        line(
          'test accuracy',
          1,
          places(({ trained }) => trained.test_accuracy),
          same,
        ),
        line(
          'training accuracy',
          2,
          places(({ trained }) => trained.train_accuracy),
          same,
        ),
      ],
    },
    {
      ...common,
      title: 'Loss',
      yLabel: 'cross-entropy, nats',
      yTicks: y.ticks.map(({ value, text }) => ({ at: loss(value), text })),
      curves: [line('test loss', 1, losses.test, loss), line('training loss', 2, losses.train, loss)],
    },
  ];
  return {
    name: 'course',
    heading: 'Over training',
    picture: plotFigure('AUC, accuracy and loss against the epochs of training', plots),
    caption:
      'Mean over the networks with one standard deviation. AUC: area under the accuracy on the training images while random units are deleted.',
  };
}

function curveOf(
  name: string,
  colour: number,
  own: readonly Place[],
  at: (epoch: number) => number,
  scale: (value: number) => number,
): Curve {
  const known = own.filter(({ values }) => values.length > 0);
  const spread = known.map(({ values }) => meanAndDeviation(values.map(scale)));
  const line = {
    mean: spread.map(({ mean }) => mean),
    deviation: spread.map(({ deviation }) => deviation),
    repeats: [],
  };
  return {
    name,
    figure: '',
    ...lineAndBand(
      known.map(({ epoch }) => at(epoch)),
      line,
    ),
    repeats: [],
    colour,
    dash: 0,
  };
}
