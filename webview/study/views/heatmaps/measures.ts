import {
  diverging,
  domainOf,
  SELECTIVITY_DOMAIN,
  sequential,
  type ColourScale,
  type Domain,
} from '../../../../src/pictures/colourScale';
import type { PictureTheme } from '../../../../src/pictures/theme';
import type { UnitTable } from '../../../../src/protocol/units';
import { fixed, signed } from '../../../shared/format';

/** One way to shade the neurons: which column, on which scale, in which words. */
export interface Measure {
  readonly column: 'accuracy_drop' | 'selectivity';
  readonly title: string;
  readonly explanation: string;
  readonly legend: string;
  readonly scale: (theme: PictureTheme) => ColourScale;
  readonly domain: (values: Float64Array) => Domain;
  /** A value of the legend. */
  readonly format: (value: number) => string;
  /** True where the value is there but says little: such cells are drawn small. */
  readonly muted: (table: UnitTable, row: number) => boolean;
  readonly mutedMeans: string;
}

/** The study panel's two heatmaps, in order. */
export const MEASURES: readonly Measure[] = [
  {
    column: 'accuracy_drop',
    title: 'Importance',
    explanation: 'Accuracy lost when this neuron alone is deleted',
    legend: 'Accuracy points lost',
    scale: diverging,
    domain: (values) => domainOf(values),
    format: (value) => {
      const size = Math.abs(value);
      return value === 0 ? '0' : signed(value * 100, size < 0.001 ? 3 : size < 0.1 ? 2 : 1);
    },
    muted: (table, row) => table.columns.within_noise[row] === 1,
    mutedMeans: 'within noise',
  },
  {
    column: 'selectivity',
    title: 'Selectivity',
    explanation: 'How much it prefers one class over the others',
    legend: 'Class selectivity index',
    scale: sequential,
    domain: () => SELECTIVITY_DOMAIN,
    format: (value) => (value === 0 ? '0' : fixed(value, 1)),
    muted: (table, row) =>
      table.columns.selectivity_valid[row] === 0 && !Number.isNaN(table.columns.selectivity[row]),
    mutedMeans: 'activations below 0',
  },
];
