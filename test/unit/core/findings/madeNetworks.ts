import type { ObservedNetwork } from '../../../../src/core/findings/observedNetwork';
import type { TrainedNetwork } from '../../../../src/protocol/training';

/** A network with made figures. */
export function madeNetwork(
  trained: Partial<TrainedNetwork>,
  more: Partial<Omit<ObservedNetwork, 'trained'>> = {},
): ObservedNetwork {
  return {
    trained: {
      network: `${trained.setting ?? ''}-s${String(trained.seed ?? 1)}`,
      model: `networks/s${String(trained.seed ?? 1)}/model.json`,
      labels: 'labels.npy',
      seed: 1,
      setting: '0',
      train_accuracy: 1,
      test_accuracy: 0.9,
      train_loss: 0.01,
      test_loss: 0.4,
      epochs: 20,
      auc: null,
      auc_sd: 0.02,
      auc_relative: null,
      included: true,
      left_out: null,
      measures: {},
      ...trained,
    },
    curve: null,
    noise: null,
    relations: null,
    ...more,
  };
}

/** Networks of a setting from seeds 1, 2, …, each with one of the areas. */
export function withAreas(setting: string, areas: readonly number[]): ObservedNetwork[] {
  return areas.map((auc, i) => madeNetwork({ setting, seed: i + 1, auc }));
}

/** A noise curve of two sizes with these accuracies. */
export function madeNoise(accuracy: readonly [number, number]): ObservedNetwork['noise'] {
  const line = { mean: accuracy, deviation: [null, null], repeats: [accuracy] };
  return { scales: [0.1, 1], accuracy: line, loss: line };
}

/** A curve of random orderings through these accuracies, at even shares of the units. */
export function madeCurve(accuracy: readonly number[]): ObservedNetwork['curve'] {
  const line = { mean: accuracy, deviation: accuracy.map(() => null), repeats: [accuracy] };
  const fractions = accuracy.map((_, i) => i / (accuracy.length - 1));
  return {
    data: 'test',
    sites: 'a+b',
    order: 'random',
    direction: '',
    fractions,
    accuracy: line,
    loss: line,
  };
}

/** Relations of one layer: ρ of importance and of the largest class drop with selectivity. */
export function madeRelations(
  importance: number,
  classDrop: number,
  reliability: number,
): ObservedNetwork['relations'] {
  const rho = [
    [1, 0.5, importance],
    [0.5, 1, classDrop],
    [importance, classDrop, 1],
  ];
  const accuracy_drop = {
    halves: reliability,
    full: reliability,
    low: null,
    high: null,
    verdict: reliability >= 0.5 ? 'reliable' : 'too few samples',
  } as const;
  return {
    format: 'neuron-deletion-correlations',
    version: 1,
    seed: 1,
    sites: [
      {
        site: 'dense_1',
        units: 128,
        measures: ['accuracy_drop', 'max_class_drop', 'selectivity'],
        rho,
        low: rho,
        high: rho,
        pairs: rho.map((row) => row.map(() => 128)),
        resamples: 1000,
        reliability: { accuracy_drop },
      },
    ],
  };
}
