import type { TrainingFinding } from '../../protocol/training';
import { liesOn, pairedDifference } from './judge';
import type { ObservedNetwork } from './observedNetwork';
import { aucOf, figuresOf, settingsOf } from './observedNetwork';
import { estimateText, meanText, tooFew, unsure } from './words';

/** Findings of networks whose units were clamped to different things. */
export function operatorFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const settings = settingsOf(networks);
  const others = settings.map(({ name }) => name).filter((name) => name !== 'zero');
  return others.map((operator) => {
    const differences = zeroLess(networks, operator);
    const difference = pairedDifference(differences);
    const holds = operator === 'mean' ? liesOn('above', difference) : null;
    const areas = ['zero', operator].map((name) => {
      const setting = settings.find((one) => one.name === name);
      return `${name} ${meanText(setting === undefined ? [] : figuresOf(setting, aucOf))}`;
    });
    return {
      claim:
        operator === 'mean'
          ? 'Clamping units to zero harms less than clamping them to their mean.'
          : `Nothing is claimed of \`${operator}\`.`,
      expected:
        operator === 'mean'
          ? 'AUC with zero above AUC with the mean, in the same networks.'
          : `AUC with \`${operator}\` beside AUC with zero, for comparison.`,
      measured:
        `AUC ${areas.join(', ')}; zero less ${operator} in the same network: ` +
        (difference === null
          ? `${tooFew([differences.length])}.`
          : `${estimateText(difference)}${unsure(liesOn('above', difference))}.`),
      holds,
    };
  });
}

/** AUC with zero less AUC with another operator, in each network that was measured with both. */
function zeroLess(networks: readonly ObservedNetwork[], operator: string): number[] {
  const included = networks.filter(({ trained }) => trained.included);
  return included.flatMap(({ trained }) => {
    const other = included.find(
      (one) => one.trained.setting === operator && one.trained.model === trained.model,
    );
    if (trained.setting !== 'zero' || trained.auc === null || other?.trained.auc == null) return [];
    return [trained.auc - other.trained.auc];
  });
}
