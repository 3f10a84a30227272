import type { TrainingFinding } from '../../protocol/training';
import { all, differenceOf, liesOn, meanOf, pairedDifference } from './judge';
import type { ObservedNetwork } from './observedNetwork';
import { valueAt } from './readLine';
import { estimateText, fixed, share, tooFew, unsure } from './words';

/** A curve is called flat up to where it keeps this share of its accuracy. */
const FLAT = 0.95;
/** How far beyond the dropout fraction a collapse is looked for, as a share of the units. */
const BEYOND = 0.3;

/** What a setting's name says: `0.2 random`. */
export function dropoutSetting(name: string): { readonly rate: number; readonly random: boolean } {
  return { rate: Number.parseFloat(name), random: name.includes('random') };
}

/** Findings of networks trained with dropout, on true and on random labels. */
export function dropoutFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const settings = networks.map(({ trained }) => dropoutSetting(trained.setting).rate);
  const rates = [...new Set(settings)].filter((rate) => rate > 0).toSorted((a, b) => a - b);
  return [
    flatFinding(networks, rates, false),
    flatFinding(networks, rates, true),
    collapseFinding(networks, rates),
  ];
}

/** What share of its accuracy each network of a setting keeps with a share of its units deleted. */
function keptAt(
  networks: readonly ObservedNetwork[],
  setting: ReturnType<typeof dropoutSetting>,
  deleted: number,
): number[] {
  return networks.flatMap(({ trained, curve }) => {
    const own = dropoutSetting(trained.setting);
    if (!trained.included || own.rate !== setting.rate || own.random !== setting.random) return [];
    const accuracy = curve === null ? null : valueAt(curve.fractions, curve.accuracy.mean, deleted);
    return curve === null || accuracy === null ? [] : [accuracy / curve.accuracy.mean[0]!];
  });
}

/** That the accuracy stays up to the fraction of units that training dropped. */
function flatFinding(
  networks: readonly ObservedNetwork[],
  rates: readonly number[],
  random: boolean,
): TrainingFinding {
  const answers = rates.map((rate) => {
    const kept = keptAt(networks, { rate, random }, rate);
    const plain = keptAt(networks, { rate: 0, random }, rate);
    const margin = pairedDifference(kept.map((one) => one - FLAT));
    const short =
      margin !== null && margin.value < 0 ? `, ${fixed(-100 * margin.value, 1)} points too little` : '';
    const beside = plain.length === 0 ? '' : ` (${share(meanOf(plain))} without dropout)`;
    const few = margin === null ? `, ${tooFew([kept.length])}` : '';
    const text = kept.length === 0 ? 'not measured' : `keep ${share(meanOf(kept))}${beside}${short}${few}`;
    return { text: `dropout ${String(rate)}: ${text}`, holds: margin === null ? null : margin.value >= 0 };
  });
  return {
    claim: `With dropout, networks withstand deletion up to the fraction they were trained with (${random ? 'random' : 'true'} labels).`,
    expected: `With that fraction of the units deleted at random they keep at least ${share(FLAT, 0)} of their accuracy.`,
    measured: answers.length === 0 ? 'Not measured.' : `${answers.map(({ text }) => text).join('; ')}.`,
    holds: all(answers.map(({ holds }) => holds)),
  };
}

/** That beyond it networks with random labels lose more than those with true ones. */
function collapseFinding(networks: readonly ObservedNetwork[], rates: readonly number[]): TrainingFinding {
  const answers = rates.map((rate) => {
    const lost = (random: boolean): number[] => {
      const beyond = keptAt(networks, { rate, random }, rate + BEYOND);
      return keptAt(networks, { rate, random }, rate).map((kept, i) => kept - beyond[i]!);
    };
    const [random, plain] = [lost(true), lost(false)];
    const difference = differenceOf(random, plain);
    const holds = liesOn('above', difference);
    const text =
      random.length === 0 || plain.length === 0
        ? 'not measured on both'
        : `random labels ${share(meanOf(random))}, true ${share(meanOf(plain))}, ` +
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
