import type { TrainingOptions } from '../../../protocol/training';
import { extentOf, networksOf, trainingOf } from './networks';
import type { ExperimentPlan } from './plan';

const RATES = [0, 0.1, 0.2, 0.3] as const;
const QUICK_RATES = [0, 0.2] as const;

/** Images to train on: random labels of more take hundreds of epochs to learn under dropout. */
const SAMPLES = { train: 2000, test: 2000 } as const;

/**
 * Networks trained with dropout, on true and on random labels: up to the share dropped in training both withstand
 * deletion, beyond it those that memorise collapse (science.md, 5).
 */
export function dropout(options: TrainingOptions): ExperimentPlan {
  const rates = options.quick ? QUICK_RATES : RATES;
  const settings = ([0, 1] as const).flatMap((corrupted) =>
    rates.map((rate) => {
      const labels = corrupted === 0 ? 'true' : 'random';
      return {
        name: `${labels}-d${rate}`,
        title: `dropout ${rate}, ${labels} labels`,
        setting: `${rate} ${labels}`,
        corrupted,
        dropout: rate,
        expected: corrupted === 0 ? 15 : 35 + 130 * rate,
        figures: { corrupted, dropout: rate },
      };
    }),
  );
  // With dropout the last labels come slowly: what counts is that 99 % are learned.
  const training = { ...trainingOf(options, 80), epochs: 400, until: 0.995 };
  const extent = extentOf(options);
  return {
    networks: networksOf(options, settings, [512, 512], training),
    ...extent,
    samples: extent.samples ?? SAMPLES,
    leastAccuracy: 0.99,
    noise: 0,
    units: null,
  };
}
