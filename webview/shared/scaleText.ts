import { t } from '@vscode/l10n';
import { scaleFormula } from '../../src/protocol/scale';
import type { Scale } from '../../src/protocol/study';

/** A scale as a formula of the stored value x, its words in the user's language: `x / 255`, `BGR, x as stored`. */
export function scaleText(scale: Scale): string {
  const words: readonly (readonly [english: string, own: string])[] = [
    ['x as stored', t('x as stored')],
    ['deviation of each feature in these data', t('deviation of each feature in these data')],
    ['deviation of ImageNet', t('deviation of ImageNet')],
    ['mean of ImageNet', t('mean of ImageNet')],
    ['− mean)', t('− mean)')],
  ];
  return words.reduce((formula, [english, own]) => formula.replace(english, own), scaleFormula(scale));
}
