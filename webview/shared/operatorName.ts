import { t } from '@vscode/l10n';
import type { Operator } from '../../src/protocol/study';

/** What a deleted neuron becomes, in a word. */
export function operatorName(operator: Operator): string {
  switch (operator) {
    case 'zero':
      return t('zero');
    case 'mean':
      return t('mean');
    case 'resample':
      return t('resample');
    case 'optimal':
      return t('optimal');
  }
}
