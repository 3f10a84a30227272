import { findingsOf } from '../core/findings/findingsOf';
import type { ObservedNetwork } from '../core/findings/observedNetwork';
import { meanCurves, meanNoise } from '../protocol/meanCurves';
import type { TrainingExperiment, TrainingFinding } from '../protocol/training';
import type { MeasuredNetwork } from './trainingDirectory';

/** The findings of an experiment, from what was measured of its networks. */
export function trainingFindings(
  experiment: TrainingExperiment,
  networks: readonly MeasuredNetwork[],
): TrainingFinding[] {
  return findingsOf(experiment, networks.map(observed));
}

/** A network as findings look at it. */
export function observed({ network, curves, noise, units }: MeasuredNetwork): ObservedNetwork {
  const rows = curves?.experiment?.name === 'curves' ? curves.experiment.rows : [];
  return {
    trained: network,
    curve: meanCurves(rows).find(({ order }) => order === 'random') ?? null,
    noise: noise?.experiment?.name === 'noise' ? meanNoise(noise.experiment.rows) : null,
    relations: units?.correlations ?? null,
  };
}
