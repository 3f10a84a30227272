import type { TrainingOptions } from '../../../protocol/training';
import { extentOf, networksOf, trainingOf } from './networks';
import type { ExperimentPlan } from './plan';

const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;
const QUICK_SHARES = [0, 1] as const;

/**
 * Networks that learn labels of which a share is corrupted: the more a network has to remember, the less deletion it
 * withstands (science.md, 2 and 4), and selectivity does not tell which units matter (1).
 */
export function memorization(options: TrainingOptions): ExperimentPlan {
  const shares = options.quick ? QUICK_SHARES : SHARES;
  const settings = shares.map((share) => ({
    name: `c${share}`,
    title: `${share} corrupted`,
    setting: String(share),
    corrupted: share,
    expected: share === 0 ? 15 : 55,
    figures: { corrupted: share },
  }));
  return {
    networks: networksOf(options, settings, [512, 512], trainingOf(options, 55)),
    ...extentOf(options),
    leastAccuracy: 0.99,
    units: ['mutual_information'],
  };
}
