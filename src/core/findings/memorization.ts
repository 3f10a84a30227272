import type { TrainingFinding } from '../../protocol/training';
import { areaUnder } from '../ablation/curves/area';
import { all, differenceOf, enough, meanOf, ratioOf } from './judge';
import { aucOf, figuresOf, settingsOf, type ObservedNetwork, type Setting } from './observedNetwork';
import { counted, estimateText, fixed, meanText, share, tooFew } from './words';

/** What every network must have learned of its labels before it is measured. */
export const LEARNED = 0.99;

/** How much larger the area of networks with true labels must be than that of others (science.md). */
const RATIOS = [
  { corrupted: 0.2, least: 1.2 },
  { corrupted: 1, least: 1.5 },
] as const;

/** A finding of the experiment on corrupted labels. */
export function memorizationFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const settings = settingsOf(networks).toSorted((a, b) => Number(a.name) - Number(b.name));
  return [
    learnedFinding(networks),
    orderFinding(settings, {
      claim:
        'Networks that memorise fall apart when units are deleted: the more labels are random, the sooner.',
      what: 'AUC',
      figure: aucOf,
    }),
    ...RATIOS.map(({ corrupted, least }) => ratioFinding(settings, corrupted, least)),
    orderFinding(settings, {
      claim: 'The same holds for random directions: noise in all units harms memorising networks more.',
      what: 'the area under the noise curve',
      figure: noiseArea,
    }),
  ];
}

/** Mean accuracy under noise over the logarithm of its size; null where it was not measured. */
export function noiseArea({ noise }: ObservedNetwork): number | null {
  if (noise === null || noise.scales.length < 2) return null;
  const logs = noise.scales.map(Math.log);
  return areaUnder(logs, noise.accuracy.mean) / (logs.at(-1)! - logs[0]!);
}

/** That the networks have learned their labels, and which are left out. */
function learnedFinding(networks: readonly ObservedNetwork[]): TrainingFinding {
  const accuracies = networks.map(({ trained }) => trained.train_accuracy);
  const out = networks.filter(({ trained }) => !trained.included);
  const below = out.map(({ trained }) => `${trained.network} (${share(trained.train_accuracy)})`).join(', ');
  const learned = networks.length - out.length;
  return {
    claim: 'Robustness is compared among networks that have learned their training labels.',
    expected: `Every network at ${share(LEARNED, 0)} training accuracy or more; others are left out.`,
    measured:
      networks.length === 0
        ? 'No network is trained.'
        : `${String(learned)} of ${counted(networks.length, 'network')}, the least at ${share(Math.min(...accuracies))}` +
          (out.length === 0 ? '.' : `; left out: ${below}.`),
    holds: networks.length === 0 ? null : out.length === 0,
  };
}

interface Ordered {
  readonly claim: string;
  readonly what: string;
  readonly figure: (network: ObservedNetwork) => number | null;
}

/** That a figure falls from each setting to the next. */
function orderFinding(settings: readonly Setting[], { claim, what, figure }: Ordered): TrainingFinding {
  const groups = settings.map((setting) => ({ name: setting.name, values: figuresOf(setting, figure) }));
  const counts = groups.map(({ values }) => values.length);
  const values = groups.map((group) => `${group.name}: ${meanText(group.values)}`).join('; ');
  const steps = groups.slice(1).map((group, i) => {
    const before = groups[i]!;
    const difference = differenceOf(group.values, before.values);
    const falls = difference === null ? null : difference.value < 0;
    const sure = difference === null || difference.low > 0 || difference.high < 0;
    return { text: `from ${before.name} to ${group.name}`, difference, falls, sure };
  });
  const rises = steps.filter(({ falls }) => falls === false);
  const unsure = steps.filter(({ falls, sure }) => falls === true && !sure);
  const notes = [
    ...rises.map(
      ({ text, difference, sure }) =>
        `it rises ${text} by ${fixed(difference!.value)}${sure ? '' : ', which the interval of the difference does not tell from 0'}`,
    ),
    ...(unsure.length === 0
      ? []
      : [`the fall ${unsure.map(({ text }) => text).join(', ')} is within its interval`]),
    ...(enough(...groups.map((group) => group.values)) ? [] : [tooFew(counts)]),
  ];
  return {
    claim,
    expected: `${what === 'AUC' ? 'AUC' : 'The area under the noise curve'} falls from each corrupted share of the labels to the next.`,
    measured: `${what === 'AUC' ? 'AUC' : 'Area'} by share: ${[values, ...notes].join('; ')}.`,
    holds: settings.length < 2 ? null : all(steps.map(({ falls }) => falls)),
  };
}

/** That the area with true labels is so many times that at a corrupted share. */
function ratioFinding(settings: readonly Setting[], corrupted: number, least: number): TrainingFinding {
  const values = (share: number): number[] =>
    settings.filter(({ name }) => Number(name) === share).flatMap((setting) => figuresOf(setting, aucOf));
  const [clean, other] = [values(0), values(corrupted)];
  const ratio = ratioOf(clean, other);
  return {
    claim:
      corrupted === 1
        ? 'A network that learned random labels is far less robust than one that learned true ones.'
        : 'Already a fifth of random labels makes a network clearly less robust.',
    expected: `AUC(0) is at least ${fixed(least, 1)} times AUC(${String(corrupted)}).`,
    measured:
      clean.length === 0 || other.length === 0
        ? `Not measured at both shares: ${tooFew([clean.length, other.length])}.`
        : `${fixed(meanOf(clean))} against ${fixed(meanOf(other))}: ` +
          (ratio === null
            ? `${fixed(meanOf(clean) / meanOf(other), 2)} times; ${tooFew([clean.length, other.length])}.`
            : `${estimateText(ratio, 2)} times${ratio.value >= least ? '' : `, ${fixed(least - ratio.value, 2)} too little`}.`),
    holds: ratio === null ? null : ratio.value >= least,
  };
}
