import type { TrainingFinding } from '../../protocol/training';
import { spearman } from '../measures/rankCorrelation';
import { liesOn, meanRho, pairedDifference } from './judge';
import type { ObservedNetwork } from './observedNetwork';
import { estimateText, fixed, tooFew, unsure } from './words';

/** A network at an epoch of its training, where all of it was measured. */
interface Moment {
  readonly epoch: number;
  readonly auc: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
}

/** Fewer epochs than this tell nothing of a course. */
const LEAST_MOMENTS = 4;

/** The course of each network over its training, by seed. */
export function courses(networks: readonly ObservedNetwork[]): { seed: number; moments: Moment[] }[] {
  const seeds = [...new Set(networks.map(({ trained }) => trained.seed))];
  return seeds.map((seed) => ({
    seed,
    moments: networks
      .flatMap(({ trained }) => {
        const { epochs, auc, test_loss, test_accuracy } = trained;
        if (trained.seed !== seed || auc === null || test_loss === null || test_accuracy === null) return [];
        return [{ epoch: epochs, auc, testLoss: test_loss, testAccuracy: test_accuracy }];
      })
      .toSorted((a, b) => a.epoch - b.epoch),
  }));
}

/** Findings of networks measured again and again while they were trained. */
export function earlyStoppingFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const known = courses(networks).filter(({ moments }) => moments.length >= LEAST_MOMENTS);
  return [
    fallFinding(known.map(({ moments }) => moments)),
    relationFinding(
      known.map(({ moments }) => moments),
      {
        claim:
          'Over training, AUC goes against test loss: Spearman about −0.73 in the paper (a figure recalled, not re-read).',
        what: 'test loss',
        side: 'below',
        figure: ({ testLoss }) => testLoss,
      },
    ),
    relationFinding(
      known.map(({ moments }) => moments),
      {
        claim:
          'AUC goes with test accuracy: Spearman about 0.91 in the paper, there over hyperparameters (recalled, not re-read).',
        what: 'test accuracy',
        side: 'above',
        figure: ({ testAccuracy }) => testAccuracy,
      },
    ),
  ];
}

/** That robustness is lower at the end than where test loss was least. */
function fallFinding(courses: readonly (readonly Moment[])[]): TrainingFinding {
  const ends = courses.map((moments) => {
    const least = moments.reduce((best, one) => (one.testLoss < best.testLoss ? one : best));
    const most = moments.reduce((best, one) => (one.auc > best.auc ? one : best));
    const last = moments.at(-1)!;
    return { least, most, last, rises: least !== last };
  });
  const rising = ends.filter(({ rises }) => rises);
  const difference = pairedDifference(rising.map(({ least, last }) => last.auc - least.auc));
  const list = (epochs: readonly number[]): string => epochs.join(', ');
  const holds = liesOn('below', difference);
  return {
    claim: 'AUC falls where test loss starts to rise, so that it tells when to stop training.',
    expected: 'AUC at the last epoch is below AUC at the epoch with the least test loss.',
    measured:
      ends.length === 0
        ? `No network was measured at ${String(LEAST_MOMENTS)} epochs or more.`
        : `Test loss is least at epoch ${list(ends.map(({ least }) => least.epoch))}, AUC largest at epoch ` +
          `${list(ends.map(({ most }) => most.epoch))} (one figure a network, of ${String(ends[0]!.last.epoch)} epochs); ` +
          (rising.length === 0
            ? 'test loss never rose.'
            : difference === null
              ? `change of AUC from there to the end ${rising
                  .map(({ least, last }) => fixed(last.auc - least.auc))
                  .join(', ')}; ${tooFew([rising.length])}.`
              : `change of AUC from there to the end ${estimateText(difference)}${unsure(holds)}.`),
    holds,
  };
}

interface Related {
  readonly claim: string;
  readonly what: string;
  readonly side: 'above' | 'below';
  readonly figure: (moment: Moment) => number;
}

/** How AUC goes with another figure over the epochs of each network. */
function relationFinding(
  courses: readonly (readonly Moment[])[],
  { claim, what, side, figure }: Related,
): TrainingFinding {
  const rhos = courses
    .map((moments) =>
      spearman(
        Float64Array.from(moments, ({ auc }) => auc),
        Float64Array.from(moments, figure),
      ),
    )
    .filter((rho) => !Number.isNaN(rho));
  const mean = meanRho(rhos);
  const holds = liesOn(side, mean);
  return {
    claim,
    expected: `Spearman’s ρ of AUC and ${what} over the epochs is ${side === 'above' ? 'positive' : 'negative'}.`,
    measured:
      rhos.length === 0
        ? `No network was measured at ${String(LEAST_MOMENTS)} epochs or more.`
        : `ρ ${rhos.map((rho) => fixed(rho, 2)).join(', ')} (one a network); ` +
          (mean === null ? `${tooFew([rhos.length])}.` : `mean ${estimateText(mean, 2)}${unsure(holds)}.`),
    holds,
  };
}
