import type { TrainingExperiment, TrainingOptions } from '../../../protocol/training';
import { batchnorm } from './batchnorm';
import { dropout } from './dropout';
import { earlyStopping } from './earlyStopping';
import { memorization } from './memorization';
import { operators } from './operators';
import type { ExperimentPlan } from './plan';
import { selectivity } from './selectivity';

const EXPERIMENTS: Readonly<Record<TrainingExperiment, (options: TrainingOptions) => ExperimentPlan>> = {
  memorization,
  dropout,
  batchnorm,
  'early-stopping': earlyStopping,
  selectivity,
  operators,
};

/** What an experiment trains and measures. */
export function planOf(options: TrainingOptions): ExperimentPlan {
  return EXPERIMENTS[options.experiment](options);
}
