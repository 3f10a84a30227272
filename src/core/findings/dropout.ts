import type { TrainingFinding } from '../../protocol/training';
import { all, differenceOf, enough, liesOn, meanOf, pairedDifference } from './judge';
import type { ObservedNetwork } from './observedNetwork';
import { valueAt } from './readLine';
import { estimateText, fixed, share, tooFew, unsure } from './words';

/** A curve is called flat up to where it keeps this share of its accuracy. */
const FLAT = 0.95;
/** How far beyond the dropout fraction a collapse is looked for, as a share of the units. */
const BEYOND = 0.3;

/** What a setting's name says. */
export function dropoutSetting(name: string): { readonly rate: number; readonly random: boolean } {
  return { rate: Number.parseFloat(name), random: name.includes('random') };
}

/** Networks trained with one dropout rate on one kind of labels. */
interface Group {
  readonly rate: number;
  readonly random: boolean;
  /** Of each network: accuracy before, at the dropout fraction, and beyond it. */
  readonly falls: readonly { readonly before: number; readonly at: number; readonly beyond: number }[];
}

/** Findings of networks trained with dropout, on true and on random labels. */
export function dropoutFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const included = networks.filter(({ trained }) => trained.included);
  const names = [...new Set(networks.map(({ trained }) => trained.setting))];
  const groups = names
    .map((name): Group => {
      const own = included.filter(({ trained }) => trained.setting === name);
      return { ...dropoutSetting(name), falls: own.flatMap((one) => fallOf(one) ?? []) };
    })
    .filter(({ rate }) => rate > 0)
    .toSorted((a, b) => a.rate - b.rate);
  return [
    flatFinding(
      groups.filter(({ random }) => !random),
      'true',
    ),
    flatFinding(
      groups.filter(({ random }) => random),
      'random',
    ),
    collapseFinding(groups),
  ];
}

function fallOf({ trained, curve }: ObservedNetwork): Group['falls'][number] | null {
  if (curve === null) return null;
  const { rate } = dropoutSetting(trained.setting);
  const read = (x: number): number | null => valueAt(curve.fractions, curve.accuracy.mean, x);
  const [before, at, beyond] = [read(0), read(rate), read(rate + BEYOND)];
  return before === null || at === null || beyond === null ? null : { before, at, beyond };
}

/** That the accuracy stays up to the fraction of units that training dropped. */
function flatFinding(groups: readonly Group[], labels: 'true' | 'random'): TrainingFinding {
  const answers = groups.map(({ rate, falls }) => {
    const kept = falls.map(({ before, at }) => at / before);
    const margin = pairedDifference(kept.map((one) => one - FLAT));
    const text =
      kept.length === 0
        ? 'not measured'
        : enough(kept)
          ? `${share(meanOf(kept))} kept${margin!.value < 0 ? `, ${fixed(-100 * margin!.value, 1)} points too little` : ''}`
          : `${share(meanOf(kept))} kept, ${tooFew([kept.length])}`;
    return { text: `dropout ${String(rate)}: ${text}`, holds: margin === null ? null : margin.value >= 0 };
  });
  return {
    claim: `With dropout, networks withstand deletion up to the fraction they were trained with (${labels} labels).`,
    expected: `With that fraction of the units deleted at random they keep ${share(FLAT, 0)} of their accuracy.`,
    measured: answers.length === 0 ? 'Not measured.' : `${answers.map(({ text }) => text).join('; ')}.`,
    holds: all(answers.map(({ holds }) => holds)),
  };
}

/** That beyond it networks with random labels lose more than those with true ones. */
function collapseFinding(groups: readonly Group[]): TrainingFinding {
  const rates = [...new Set(groups.map(({ rate }) => rate))];
  const answers = rates.map((rate) => {
    const lost = (random: boolean): number[] =>
      groups
        .filter((group) => group.rate === rate && group.random === random)
        .flatMap(({ falls }) => falls.map(({ before, at, beyond }) => (at - beyond) / before));
    const [random, plain] = [lost(true), lost(false)];
    const difference = differenceOf(random, plain);
    const holds = liesOn('above', difference);
    const text =
      random.length === 0 || plain.length === 0
        ? 'not measured on both'
        : `random ${share(meanOf(random))}, true ${share(meanOf(plain))}, ` +
          (difference === null
            ? tooFew([random.length, plain.length])
            : `difference ${estimateText(difference)}${unsure(holds)}`);
    return { text: `dropout ${String(rate)}: ${text}`, holds };
  });
  return {
    claim: 'Beyond that fraction, dropout does not keep a memorising network from collapsing.',
    expected:
      `Over the next ${String(100 * BEYOND)} % of the units, networks with random labels lose a larger share of their ` +
      'accuracy than networks with true labels.',
    measured:
      answers.length === 0
        ? 'Not measured.'
        : `Share lost there: ${answers.map(({ text }) => text).join('; ')}.`,
    holds: all(answers.map(({ holds }) => holds)),
  };
}
