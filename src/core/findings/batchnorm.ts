import type { TrainingFinding } from '../../protocol/training';
import { differenceOf, liesOn } from './judge';
import { aucOf, figuresOf, type ObservedNetwork } from './observedNetwork';
import { estimateText, meanText, tooFew, unsure } from './words';

const CLAIMS = [
  {
    claim: 'Batch normalisation makes networks more robust to deletion.',
    what: 'AUC',
    side: 'above',
    figure: aucOf,
  },
  {
    claim: 'Batch normalisation lowers the selectivity of units.',
    what: 'Mean class selectivity index',
    side: 'below',
    figure: ({ trained }: ObservedNetwork) => trained.measures['selectivity'],
  },
  {
    claim: 'Batch normalisation raises the mutual information between units and the class.',
    what: 'Mean mutual information, bits',
    side: 'above',
    figure: ({ trained }: ObservedNetwork) => trained.measures['mutual_information'],
  },
] as const;

/** Findings of networks trained with batch normalisation against those trained without. */
export function batchnormFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const included = networks.filter(({ trained }) => trained.included);
  const [without, withIt] = [true, false].map((plain) =>
    included.filter(({ trained }) => trained.setting.startsWith('without') === plain),
  );
  return CLAIMS.map(({ claim, what, side, figure }) => {
    const [a, b] = [withIt!, without!].map((own) => figuresOf({ included: own }, figure));
    const difference = differenceOf(a!, b!);
    return {
      claim,
      expected: `${what}: ${side === 'above' ? 'more' : 'less'} with batch normalisation than without.`,
      measured:
        `${what}: with ${meanText(a!)}, without ${meanText(b!)}; ` +
        (difference === null
          ? `${tooFew([a!.length, b!.length])}.`
          : `difference ${estimateText(difference)}${unsure(liesOn(side, difference))}.`),
      holds: liesOn(side, difference),
    };
  });
}
