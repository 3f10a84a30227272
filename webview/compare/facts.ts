import { t } from '@vscode/l10n';
import type { CurveSummary } from '../../src/protocol/curves';
import type { RunRecord } from '../../src/protocol/run';
import type { ComparedRun } from '../../src/protocol/compareState';
import { count, fixed, nats, NONE, percent, points, signed, unitName } from '../shared/format';
import { scaleText } from '../shared/scaleText';
import type { Runs } from './compareView';
import { operatorName } from '../shared/operatorName';

/** A line of the table of facts. */
export interface Fact {
  readonly id: string;
  readonly label: string;
  /** What it means. */
  readonly title?: string;
  /** Of every run. */
  readonly values: readonly string[];
  /** Of two runs, second less first, in words, empty where there is none; null where there are not two. */
  readonly difference: string | null;
}

/** Facts about one thing. */
export interface FactGroup {
  readonly id: string;
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** All that is laid side by side, in words. */
export function factGroups(runs: Runs): readonly FactGroup[] {
  const groups = [
    { id: 'measured', title: t('What was measured'), facts: measuredFacts(runs) },
    { id: 'network', title: t('The network as it is'), facts: networkFacts(runs) },
    { id: 'neurons', title: t('Its neurons, deleted one at a time'), facts: neuronFacts(runs) },
    { id: 'curves', title: t('Deleting more and more neurons'), facts: curveFacts(runs) },
  ];
  return groups.filter(({ facts }) => facts.length > 0);
}

/** Mean of the values that are known; NaN where none is. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known === 0 ? NaN : sum / known;
}

function measuredFacts(runs: Runs): Fact[] {
  const text = (id: string, label: string, of: (record: RunRecord) => string): Fact => {
    const values = runs.map(({ record }) => of(record));
    return { id, label, values, difference: ofTwo(values, (a, b) => (a === b ? '' : t('different'))) };
  };
  return [
    text('model', t('Model'), ({ model }) => shortPath(model.path)),
    text('data', t('Data'), dataText),
    text('preprocessing', t('Preprocessing'), ({ preprocessing }) => scaleText(preprocessing.chosen)),
    text('operator', t('A deleted neuron becomes'), ({ spec }) => operatorName(spec.operator)),
    number(runs, 'samples', t('Samples'), ({ record }) => record.baseline.samples, count, signedCount),
  ];
}

function networkFacts(runs: Runs): Fact[] {
  return [
    share(runs, 'accuracy', t('Accuracy'), ({ record }) => record.baseline.accuracy),
    share(runs, 'balanced', t('Balanced accuracy'), ({ record }) => record.baseline.balanced_accuracy),
    number(
      runs,
      'loss',
      t('Loss'),
      ({ record }) => record.baseline.loss,
      nats,
      (value) => nats(value, true),
    ),
  ];
}

function neuronFacts(runs: Runs): Fact[] {
  const worst = runs.map(({ record }) => record.headline?.worst?.accuracy_drop ?? NaN);
  return [
    number(runs, 'units', t('Neurons'), unitsOf, count, signedCount),
    number(runs, 'dead', t('Dead'), deadOf, count, signedCount, t('Never active on any sample.')),
    {
      id: 'worst',
      label: t('Largest loss by one neuron'),
      title: t('Chosen on one half of the samples, measured on the other.'),
      values: runs.map(({ record }) => worstText(record)),
      difference: ofTwo(worst, (a, b) => pointsText(b - a)),
    },
    number(runs, 'mean', t('Mean importance'), ({ columns }) => meanOf(columns.accuracy_drop), pointsOf, pointsText, t('Accuracy lost without a neuron, on average.')),
    share(runs, 'noise', t('Within noise'), ({ columns }) => meanOf(columns.within_noise), t('Neurons whose deletion changes no more than chance would.')),
  ]; // prettier-ignore
}

function curveFacts(runs: Runs): Fact[] {
  if (runs.every((run) => mainSummary(run) === null)) return [];
  const of = (value: (summary: CurveSummary) => number) => (run: ComparedRun) => {
    const summary = mainSummary(run);
    return summary === null ? NaN : value(summary);
  };
  const three = (value: number): string => fixed(value, 3);
  const signedThree = (value: number): string => signed(value, 3);
  return [
    number(runs, 'auc', t('Area under the curve'), of(({ auc }) => auc), three, signedThree, t('Accuracy, averaged over all shares of neurons deleted.')),
    number(runs, 'auc_sd', t('Its deviation'), of(({ auc_sd }) => auc_sd ?? NaN), three, signedThree, t('Standard deviation of the area over the orderings.')),
    number(runs, 'auc_relative', t('Relative to chance'), of(({ auc_relative }) => auc_relative ?? NaN), three, signedThree, t('0: no better than chance; 1: nothing harms it.')),
    share(runs, 'half', t('Half way to chance after'), of(({ half_fraction }) => half_fraction ?? NaN), t('Share of the neurons deleted.')),
  ]; // prettier-ignore
}

/** The curve that stands for a run: random orders, else the first, over as many sites as there are. */
export function mainSummary({ curves }: ComparedRun): CurveSummary | null {
  const own = (curves?.record.curves?.summary ?? []).filter(({ data }) => data === 'test');
  const rank = ({ order }: CurveSummary): number => (order === 'random' ? 1 : 0);
  return own.toSorted((a, b) => rank(b) - rank(a) || b.sites.length - a.sites.length)[0] ?? null;
}

function number(
  runs: Runs,
  id: string,
  label: string,
  of: (run: ComparedRun) => number,
  text: (value: number) => string,
  difference: (value: number) => string,
  title?: string,
): Fact {
  const values = runs.map(of);
  return {
    id,
    label,
    values: values.map((value) => text(value)),
    difference: ofTwo(values, (a, b) => (Number.isFinite(b - a) ? difference(b - a) : '')),
    ...(title === undefined ? {} : { title }),
  };
}

function share(
  runs: Runs,
  id: string,
  label: string,
  of: (run: ComparedRun) => number,
  title?: string,
): Fact {
  return number(runs, id, label, of, percent, pointsText, title);
}

/** What is said of two; null of more and of one. */
function ofTwo<T>(values: readonly T[], difference: (first: T, second: T) => string): string | null {
  const [first, second] = values;
  return values.length !== 2 || first === undefined || second === undefined
    ? null
    : difference(first, second);
}

function unitsOf({ record }: ComparedRun): number {
  return record.sites.reduce((sum, { units }) => sum + units, 0);
}

/** NaN where it is not known of any unit. */
function deadOf({ columns: { dead } }: ComparedRun): number {
  const known = dead.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0);
}

function worstText({ headline }: RunRecord): string {
  if (headline === null) return NONE;
  const { worst } = headline;
  if (worst === null) return t('none stands out of the noise');
  return t('{0} points ({1})', points(worst.accuracy_drop), unitName(worst));
}

function pointsOf(value: number): string {
  return Number.isFinite(value) ? t('{0} points', fixed(value * 100, 3)) : NONE;
}

function pointsText(value: number): string {
  if (!Number.isFinite(value)) return '';
  return t('{0} points', signed(value * 100, Math.abs(value) < 0.001 ? 3 : 2));
}

function signedCount(value: number): string {
  if (value === 0) return count(value);
  return `${value > 0 ? '+' : '−'}${count(Math.abs(value))}`;
}

/** Folder and file. */
function shortPath(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('/');
}

/** Which data, and which of several labels. */
function dataText({ data, spec }: RunRecord): string {
  const name = shortPath(data.path);
  const array = spec.labels?.split('#')[1] ?? spec.label_column;
  if (array !== undefined) return t('{0}, labels {1}', name, array);
  if (data.labels_path === null || data.labels_path === data.path) return name;
  return t('{0}, labels {1}', name, shortPath(data.labels_path));
}
