import { t } from '@vscode/l10n';
import {
  diverging,
  domainFromZero,
  domainOf,
  SELECTIVITY_DOMAIN,
  sequential,
  type ColourScale,
  type Domain,
} from '../../../../src/pictures/colourScale';
import type { PictureTheme } from '../../../../src/pictures/theme';
import type { UnitTable } from '../../../../src/protocol/units';
import { activation, fixed, nats, NONE, percent, points, signed } from '../../../shared/format';

/** The columns that a heatmap can show. */
export const MEASURE_COLUMNS = [
  'accuracy_drop',
  'loss_increase',
  'max_class_drop',
  'selectivity',
  'mutual_information_corrected',
  'mean_activation',
  'active_fraction',
  'l1_norm',
  'first_order',
] as const;

export type MeasureColumn = (typeof MEASURE_COLUMNS)[number];

/** One way to shade the neurons: which column, on which scale, in which words. */
export interface Measure {
  readonly column: MeasureColumn;
  readonly title: string;
  readonly explanation: string;
  readonly legend: string;
  /** Below 0 where the sign matters: the scale is then centred on 0. */
  readonly domain: (values: Float64Array) => Domain;
  /** A value of the legend. */
  readonly format: (value: number) => string;
  /** A value on its own, with its unit. */
  readonly say: (value: number) => string;
  /** True where the value is there but says little: such cells are drawn small. */
  readonly muted: (table: UnitTable, row: number) => boolean;
  readonly mutedMeans: string;
}

const scales = new WeakMap<PictureTheme, Partial<Record<ColourScale['kind'], ColourScale>>>();

/** The scale that goes with a domain; the same as long as the theme is the same, as it takes a while to make. */
export function scaleOf(domain: Domain, theme: PictureTheme): ColourScale {
  const made = scales.get(theme) ?? {};
  scales.set(theme, made);
  return domain[0] < 0 ? (made.diverging ??= diverging(theme)) : (made.sequential ??= sequential(theme));
}

/** Points of accuracy or recall, for a legend. */
export function legendPoints(value: number): string {
  const size = Math.abs(value);
  return value === 0 ? '0' : signed(value * 100, size < 0.001 ? 3 : size < 0.1 ? 2 : 1);
}

/** From below 0 where one value is: activations, whose sign matters only there. */
export function signedDomain(values: Float64Array): Domain {
  return values.some((value) => value < 0) ? domainOf(values) : domainFromZero(values);
}

const never = (): boolean => false;
const noise = (table: UnitTable, row: number): boolean => table.columns.within_noise[row] === 1;
const known = (value: number, say: (value: number) => string): string =>
  Number.isFinite(value) ? say(value) : NONE;
const plain = (value: number): string => (value === 0 ? '0' : activation(value));
const inPoints = (value: number): string => known(value, () => t('{0} points', points(value)));
const inNats = (value: number): string => known(value, () => t('{0} nats', nats(value, true)));

/** One of them, in the user's language. */
export function measureOf(column: MeasureColumn): Measure {
  const none = { muted: never, mutedMeans: '' };
  switch (column) {
    case 'accuracy_drop':
      return {
        column,
        title: t('Importance'),
        explanation: t('Accuracy lost when this neuron alone is deleted'),
        legend: t('Accuracy points lost'),
        domain: domainOf,
        format: legendPoints,
        say: inPoints,
        muted: noise,
        mutedMeans: t('within noise'),
      };
    case 'loss_increase':
      return {
        column,
        title: t('Loss increase'),
        explanation: t('Mean cross-entropy added when this neuron alone is deleted'),
        legend: t('Nats added'),
        domain: domainOf,
        format: (value) => (value === 0 ? '0' : signed(value, Math.abs(value) < 0.01 ? 4 : 3)),
        say: inNats,
        ...none,
      };
    case 'max_class_drop':
      return {
        column,
        title: t('Largest class drop'),
        explanation: t('Recall lost by the class that loses most'),
        legend: t('Points of recall lost'),
        domain: domainOf,
        format: legendPoints,
        say: inPoints,
        muted: noise,
        mutedMeans: t('importance within noise'),
      };
    case 'selectivity':
      return {
        column,
        title: t('Selectivity'),
        explanation: t('How much it prefers one class over the others'),
        legend: t('Class selectivity index'),
        domain: () => SELECTIVITY_DOMAIN,
        format: (value) => (value === 0 ? '0' : fixed(value, 1)),
        say: (value) => fixed(value, 3),
        muted: (table, row) =>
          table.columns.selectivity_valid[row] === 0 && !Number.isNaN(table.columns.selectivity[row]),
        mutedMeans: t('activations below 0'),
      };
    case 'mutual_information_corrected':
      return {
        column,
        title: t('Information'),
        explanation: t('What its activation tells about the class, corrected for the number of samples'),
        legend: t('Mutual information, bits'),
        domain: domainFromZero,
        format: plain,
        say: (value) => known(value, () => t('{0} bits', fixed(value, 3))),
        ...none,
      };
    case 'mean_activation':
      return {
        column,
        title: t('Mean activation'),
        explanation: t('Over all samples'),
        legend: t('Activation'),
        domain: signedDomain,
        format: plain,
        say: activation,
        ...none,
      };
    case 'active_fraction':
      return {
        column,
        title: t('Active'),
        explanation: t('Share of samples on which it is above 0'),
        legend: t('Share of samples'),
        domain: () => [0, 1],
        format: (value) => percent(value, 0),
        say: (value) => percent(value, 1),
        ...none,
      };
    case 'l1_norm':
      return {
        column,
        title: t('L1 norm'),
        explanation: t('Sum of its incoming weights’ sizes'),
        legend: t('Sum of sizes'),
        domain: domainFromZero,
        format: plain,
        say: activation,
        ...none,
      };
    case 'first_order':
      return {
        column,
        title: t('First order'),
        explanation: t('Loss increase as the gradient foretells it: an estimate, not a measurement'),
        legend: t('Nats foretold'),
        domain: domainOf,
        format: (value) => (value === 0 ? '0' : signed(value, Math.abs(value) < 0.01 ? 4 : 3)),
        say: inNats,
        ...none,
      };
  }
}
