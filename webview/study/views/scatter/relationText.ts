import { t } from '@vscode/l10n';
import type { Relation, RelationStrength } from '../../../../src/pictures/relation';
import { count, fixed, NONE } from '../../../shared/format';
import { SCATTER_MEASURE, type ScatterMeasureName } from './scatterMeasures';

/** What a rank correlation says, for people. */
export interface RelationText {
  /** `hardly related` */
  readonly words: string;
  /** `ρ 0.08, 95 % −0.12 to 0.27`; empty where there is none. */
  readonly figures: string;
  /** What must be known with it; null if nothing. */
  readonly caution: string | null;
}

/** Puts a relation into words. The thresholds are `relation.ts`'s. */
export function relationText(relation: Relation): RelationText {
  const { kind, rho, low, high, doubtful } = relation;
  const known = !Number.isNaN(rho) && kind !== 'unknown';
  const range = t('{0} to {1}', fixed(low, 2), fixed(high, 2));
  const figures = known ? t('ρ {0}, 95 % {1}', fixed(rho, 2), range) : '';
  const told = doubtful === null ? NONE : fixed(doubtful.reliability, 2);
  const name = doubtful === null ? '' : measureName(doubtful.measure);
  switch (kind) {
    case 'together':
      return { words: together(relation.strength), figures, caution: stronger(doubtful, name, told) };
    case 'opposed':
      return { words: opposed(relation.strength), figures, caution: stronger(doubtful, name, told) };
    case 'hardly':
      return { words: t('hardly related'), figures, caution: stronger(doubtful, name, told) };
    case 'open': {
      const few = t(
        'Over {0} neurons the interval is too wide to rule a relation out.',
        count(relation.pairs),
      );
      return { words: t('no relation seen'), figures, caution: few };
    }
    case 'unreliable':
      return {
        words: t('too few samples to tell'),
        figures,
        caution: t(
          '{0} is told too loosely here (reliability {1}): this does not mean that there is no relation.',
          name,
          told,
        ),
      };
    case 'unknown':
      return {
        words: t('not known: too few neurons have both, or one of the two does not vary'),
        figures,
        caution: null,
      };
    case 'uncompared':
      return { words: t('not among the measures that a run compares'), figures, caution: null };
  }
}

function together(strength: RelationStrength): string {
  switch (strength) {
    case 'weak':
      return t('weakly related, rising together');
    case 'clear':
      return t('clearly related, rising together');
    case 'strong':
      return t('strongly related, rising together');
  }
}

function opposed(strength: RelationStrength): string {
  switch (strength) {
    case 'weak':
      return t('weakly related, one falling as the other rises');
    case 'clear':
      return t('clearly related, one falling as the other rises');
    case 'strong':
      return t('strongly related, one falling as the other rises');
  }
}

function stronger(doubtful: Relation['doubtful'], name: string, told: string): string | null {
  if (doubtful === null) return null;
  return t('{0} is told only loosely here (reliability {1}): the true relation may be stronger.', name, told);
}

function measureName(measure: string): string {
  return measure in SCATTER_MEASURE ? SCATTER_MEASURE[measure as ScatterMeasureName].label() : measure;
}
