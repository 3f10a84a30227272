import { t } from '@vscode/l10n';
import {
  diverging,
  domainOf,
  sequential,
  type ColourScale,
  type Domain,
} from '../../../../src/pictures/colourScale';
import type { PictureTheme } from '../../../../src/pictures/theme';
import type { UnitTable } from '../../../../src/protocol/units';
import { activation, fixed, signed } from '../../../shared/format';

/** What a map can be shaded by, in the order of its menu. */
export const MAP_MEASURES = [
  'accuracy_drop',
  'loss_increase',
  'max_class_drop',
  'selectivity',
  'mutual_information_corrected',
  'mean_activation',
  'active_fraction',
] as const;

export type MapMeasureName = (typeof MAP_MEASURES)[number];

/** One way to shade the neurons. Texts are made when asked for: the language is known late. */
export interface MapMeasure {
  readonly label: () => string;
  /** What the colour bar measures, with its unit. */
  readonly legend: () => string;
  /** `auto`: diverging where there are values below 0. */
  readonly scale: 'diverging' | 'sequential' | 'auto';
  /** Where it is always the same, so that runs can be compared; else it follows the values. */
  readonly domain?: Domain;
  readonly format: (value: number) => string;
  /** True where the value is there but says little. */
  readonly muted?: (table: UnitTable, row: number) => boolean;
  readonly mutedMeans?: () => string;
}

function asPoints(value: number): string {
  const size = Math.abs(value);
  return value === 0 ? '0' : signed(value * 100, size < 0.001 ? 3 : size < 0.1 ? 2 : 1);
}

function share(value: number): string {
  return value === 0 ? '0' : fixed(value, value < 0.1 ? 2 : 1);
}

/** Each measure in words and colours. */
export const MAP_MEASURE: Readonly<Record<MapMeasureName, MapMeasure>> = {
  accuracy_drop: {
    label: () => t('Importance'),
    legend: () => t('Accuracy points lost'),
    scale: 'diverging',
    format: asPoints,
    muted: (table, row) => table.columns.within_noise[row] === 1,
    mutedMeans: () => t('within noise'),
  },
  loss_increase: {
    label: () => t('Loss increase'),
    legend: () => t('Loss increase, nats'),
    scale: 'diverging',
    format: (value) => (value === 0 ? '0' : signed(value, Math.abs(value) < 0.1 ? 3 : 2)),
  },
  max_class_drop: {
    label: () => t('Largest class drop'),
    legend: () => t('Points of recall lost by one class'),
    scale: 'auto',
    format: asPoints,
  },
  selectivity: {
    label: () => t('Selectivity'),
    legend: () => t('Class selectivity index'),
    scale: 'sequential',
    domain: [0, 1],
    format: share,
    muted: (table, row) => table.columns.selectivity_valid[row] === 0,
    mutedMeans: () => t('activations below 0'),
  },
  mutual_information_corrected: {
    label: () => t('Mutual information'),
    legend: () => t('Information about the class, bits'),
    scale: 'sequential',
    format: share,
  },
  mean_activation: {
    label: () => t('Mean activation'),
    legend: () => t('Mean activation'),
    scale: 'auto',
    format: (value) => activation(value),
  },
  active_fraction: {
    label: () => t('Share of samples it is active on'),
    legend: () => t('Share of samples it is active on'),
    scale: 'sequential',
    domain: [0, 1],
    format: share,
  },
};

/** The colours of a measure's values in a theme. */
export function shades(
  measure: MapMeasure,
  values: Float64Array,
  theme: PictureTheme,
): { readonly scale: ColourScale; readonly domain: Domain } {
  const even = domainOf(values);
  const signs = measure.scale === 'auto' ? values.some((value) => value < 0) : measure.scale === 'diverging';
  return signs
    ? { scale: diverging(theme), domain: measure.domain ?? even }
    : { scale: sequential(theme), domain: measure.domain ?? [0, even[1]] };
}
