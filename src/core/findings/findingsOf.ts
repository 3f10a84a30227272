import type { TrainingExperiment, TrainingFinding } from '../../protocol/training';
import { batchnormFindings } from './batchnorm';
import { dropoutFindings } from './dropout';
import { earlyStoppingFindings } from './earlyStopping';
import { memorizationFindings } from './memorization';
import type { ObservedNetwork } from './observedNetwork';
import { operatorFindings } from './operators';
import { selectivityFindings } from './selectivity';

const FINDINGS: Readonly<
  Record<TrainingExperiment, (networks: readonly ObservedNetwork[]) => TrainingFinding[]>
> = {
  memorization: memorizationFindings,
  dropout: dropoutFindings,
  batchnorm: batchnormFindings,
  'early-stopping': earlyStoppingFindings,
  selectivity: selectivityFindings,
  operators: operatorFindings,
};

/** What the paper says, held against the networks of an experiment (science.md, "What the paper and the post found"). */
export function findingsOf(
  experiment: TrainingExperiment,
  networks: readonly ObservedNetwork[],
): TrainingFinding[] {
  return FINDINGS[experiment](networks);
}
