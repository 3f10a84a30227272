import { t } from '@vscode/l10n';
import type { RunRecord } from '../../src/protocol/run';
import { count, points, unitName } from './format';

/** What the pictures show, in one line in the user's language (in English that of the record); null before it is known. */
export function headlineText({ headline, rounds }: Pick<RunRecord, 'headline' | 'rounds'>): string | null {
  if (headline === null) return null;
  const { worst, dead, units } = headline;
  const silent =
    dead === 0
      ? t('all {0} fire', count(units))
      : t(dead === 1 ? '{0} of {1} never fires' : '{0} of {1} never fire', count(dead), count(units));
  if (worst === null) {
    return rounds.done === 0
      ? t('Nothing is deleted yet; {0}.', silent)
      : t('No single neuron’s deletion stands out from noise; {0}.', silent);
  }
  const name = unitName(worst);
  const drop = worst.accuracy_drop;
  if (drop === 0) return t('Deleting the worst single neuron, {0}, changes nothing; {1}.', name, silent);
  return drop > 0
    ? t('Deleting the worst single neuron, {0}, costs {1} points; {2}.', name, points(drop), silent)
    : t('Deleting the worst single neuron, {0}, gains {1} points; {2}.', name, points(-drop), silent);
}
