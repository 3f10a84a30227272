import type { TrainingOptions } from '../../../protocol/training';
import { extentOf, networksOf, trainingOf } from './networks';
import type { ExperimentPlan } from './plan';

const EPOCHS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] as const;
const QUICK_EPOCHS = [1, 4, 16] as const;

/**
 * Networks measured again and again while they learn: AUC falls where the loss on new images begins to rise
 * (science.md, 6). Nothing is left out: most of them have not learned everything yet.
 */
export function earlyStopping(options: TrainingOptions): ExperimentPlan {
  const epochs = options.quick ? QUICK_EPOCHS : EPOCHS;
  const last = epochs[epochs.length - 1]!;
  const training = { ...trainingOf(options, last), epochs: last, until: null, expected: last };
  const settings = [{ name: '', title: '', setting: '', figures: {} }];
  return {
    networks: networksOf(options, settings, [512, 512], training, (end) =>
      epochs.map((epoch) => ({
        ...end,
        name: `${end.name}-e${epoch}`,
        title: `${end.title}, epoch ${epoch}`,
        setting: String(epoch),
        epoch,
        figures: { epoch },
      })),
    ),
    ...extentOf(options),
    leastAccuracy: null,
    noise: 0,
    units: null,
  };
}
