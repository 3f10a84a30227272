import { t } from '@vscode/l10n';
import type { UnitColumn } from '../../../../src/protocol/units';
import { activation, fixed, nats, percent, points, samples } from '../../../shared/format';

/** What an axis can show, in the order of its menu. */
export const SCATTER_MEASURES = [
  'accuracy_drop',
  'loss_increase',
  'max_class_drop',
  'selectivity',
  'mutual_information_corrected',
  'mean_activation',
  'active_fraction',
  'l1_norm',
  'first_order',
  'first_order_abs',
  'flips_to_wrong',
  'flips_to_right',
] as const satisfies readonly UnitColumn[];

export type ScatterMeasureName = (typeof SCATTER_MEASURES)[number];

/** A measure as an axis. Texts are made when asked for: the language is known late. */
export interface ScatterMeasure {
  readonly label: () => string;
  /** With its unit. */
  readonly axis: () => string;
  /** A value times this is what the marks say. */
  readonly factor: number;
  readonly format: (value: number) => string;
  /** Where the axis ends, so that runs can be compared; else it follows the values. */
  readonly ends?: readonly [low: number, high: number];
  /** It spans factors rather than distances. */
  readonly loggable?: true;
  /** It is counted from predictions that flip, so that what is within noise says little. */
  readonly flips?: true;
}

/** Each of them. */
export const SCATTER_MEASURE: Readonly<Record<ScatterMeasureName, ScatterMeasure>> = {
  accuracy_drop: {
    label: () => t('Importance'),
    axis: () => t('Importance, points of accuracy lost'),
    factor: 100,
    format: points,
    flips: true,
  },
  loss_increase: {
    label: () => t('Loss increase'),
    axis: () => t('Loss increase, nats'),
    factor: 1,
    format: (value) => nats(value, true),
    loggable: true,
  },
  max_class_drop: {
    label: () => t('Largest class drop'),
    axis: () => t('Largest class drop, points of recall'),
    factor: 100,
    format: points,
    flips: true,
  },
  selectivity: {
    label: () => t('Selectivity'),
    axis: () => t('Class selectivity index'),
    factor: 1,
    format: (value) => fixed(value, 3),
    ends: [0, 1],
  },
  mutual_information_corrected: {
    label: () => t('Mutual information'),
    axis: () => t('Mutual information with the class, bits'),
    factor: 1,
    format: (value) => fixed(value, 3),
  },
  mean_activation: {
    label: () => t('Mean activation'),
    axis: () => t('Mean activation'),
    factor: 1,
    format: activation,
    loggable: true,
  },
  active_fraction: {
    label: () => t('Share of samples it is active on'),
    axis: () => t('Samples it is active on, %'),
    factor: 100,
    format: (value) => percent(value, 1),
    ends: [0, 1],
  },
  l1_norm: {
    label: () => t('L1 norm'),
    axis: () => t('L1 norm of the incoming weights'),
    factor: 1,
    format: activation,
    loggable: true,
  },
  first_order: {
    label: () => t('First-order estimate'),
    axis: () => t('First-order estimate of the loss increase, nats'),
    factor: 1,
    format: (value) => nats(value, true),
  },
  first_order_abs: {
    label: () => t('First-order estimate, absolute'),
    axis: () => t('First-order estimate, absolute, nats'),
    factor: 1,
    format: (value) => nats(value),
    loggable: true,
  },
  flips_to_wrong: {
    label: () => t('Newly wrong'),
    axis: () => t('Samples newly wrong'),
    factor: 1,
    format: samples,
    flips: true,
  },
  flips_to_right: {
    label: () => t('Newly right'),
    axis: () => t('Samples newly right'),
    factor: 1,
    format: samples,
    flips: true,
  },
};
