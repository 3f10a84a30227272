import type { TrainingFinding } from '../../protocol/training';
import { liesOn, pairedDifference } from './judge';
import { aucOf, figuresOf, settingsOf, type ObservedNetwork } from './observedNetwork';
import { estimateText, meanText, tooFew, unsure } from './words';

/** Findings of networks whose units were clamped to different things: the paper compares zero with the mean. */
export function operatorFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const areas = settingsOf(networks).map((one) => `${one.name} ${meanText(figuresOf(one, aucOf))}`);
  const others = [...new Set(networks.map(({ trained }) => trained.setting))].filter(
    (operator) => operator !== 'zero',
  );
  const differences = others.map((operator) => {
    const found = zeroLess(networks, operator);
    const difference = pairedDifference(found);
    const text =
      difference === null
        ? tooFew([found.length])
        : `${estimateText(difference)}${unsure(liesOn('above', difference))}`;
    return `zero less ${operator} in the same network: ${text}`;
  });
  return [
    {
      claim: 'Clamping units to zero harms less than clamping them to their mean.',
      expected:
        'AUC with zero above AUC with the mean, in the same networks. Of other operators nothing is claimed.',
      measured: areas.length === 0 ? 'Not measured.' : `AUC: ${areas.join(', ')}; ${differences.join('; ')}.`,
      holds: liesOn('above', pairedDifference(zeroLess(networks, 'mean'))),
    },
  ];
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
