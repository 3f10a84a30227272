import { t } from '@vscode/l10n';
import { scaleFormula } from '../../src/protocol/scale';
import type { Scale } from '../../src/protocol/study';
import { fixed } from './format';

/** A scale as a formula of the stored value x, its words in the user's language: `x / 255`, `BGR, x as stored`. */
export function scaleText(scale: Scale): string {
  const words = {
    'x as stored': t('x as stored'),
    'of each feature in these data': t('of each feature in these data'),
    'of ImageNet': t('of ImageNet'),
    mean: t('mean'),
    deviation: t('deviation'),
  };
  const formula = scaleFormula(scale).replace('127.5', fixed(127.5, 1));
  return Object.entries(words).reduce((text, [english, own]) => text.replace(english, own), formula);
}
