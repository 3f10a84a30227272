import type { TrainingOptions } from '../../../protocol/training';
import { extentOf, networksOf, trainingOf } from './networks';
import type { ExperimentPlan } from './plan';

/**
 * Networks with and without batch norm: with it they withstand deletion better, their units are less selective and
 * hold more information on the class (science.md, 5).
 */
export function batchnorm(options: TrainingOptions): ExperimentPlan {
  const settings = [false, true].map((batchNorm) => {
    const word = batchNorm ? 'with' : 'without';
    return {
      name: word,
      title: `${word} batch norm`,
      setting: word,
      batchNorm,
      figures: { batch_norm: batchNorm ? 1 : 0 },
    };
  });
  return {
    networks: networksOf(options, settings, [512, 512], trainingOf(options, 15)),
    ...extentOf(options),
    leastAccuracy: 0.99,
    noise: 0,
    units: ['mutual_information'],
  };
}
