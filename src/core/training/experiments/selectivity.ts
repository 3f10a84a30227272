import type { TrainingOptions } from '../../../protocol/training';
import { extentOf, networksOf, trainingOf } from './networks';
import type { ExperimentPlan } from './plan';

/**
 * Small networks, every unit measured in every way: does selectivity, or anything else that is told without deleting,
 * say which units matter (science.md, 1)?
 */
export function selectivity(options: TrainingOptions): ExperimentPlan {
  const settings = [{ name: '', title: '', setting: 'true labels', figures: { corrupted: 0 } }];
  return {
    networks: networksOf(options, settings, [128, 128], trainingOf(options, 20)),
    ...extentOf(options),
    leastAccuracy: 0.99,
    noise: 0,
    units: ['mutual_information', 'l1_norm', 'first_order'],
  };
}
