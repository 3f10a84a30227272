import { OPERATORS } from '../../../protocol/study';
import type { TrainingOptions } from '../../../protocol/training';
import { extentOf, networksOf, trainingOf } from './networks';
import type { ExperimentPlan } from './plan';

/**
 * The same networks under every operator: is setting a unit to zero less damaging than setting it to its mean
 * (science.md, 7)?
 */
export function operators(options: TrainingOptions): ExperimentPlan {
  const settings = [{ name: '', title: '', setting: '', figures: {} }];
  return {
    networks: networksOf(options, settings, [128, 128], trainingOf(options, 20), (end) =>
      OPERATORS.map((operator) => ({
        ...end,
        name: `${end.name}-${operator}`,
        title: `${end.title}, ${operator}`,
        setting: operator,
        operator,
      })),
    ),
    ...extentOf(options),
    leastAccuracy: 0.99,
    noise: 0,
    units: [],
  };
}
