import type { RunCorrelations } from '../../protocol/correlations';
import type { SiteInfo } from '../../protocol/study';
import type { UnitColumn, UnitTable } from '../../protocol/units';
import { seedFrom } from '../random';
import { correlationMatrix } from './rankCorrelation';
import { splitHalfReliability } from './reliability';

/** The measures whose relations a run tells, in the order they are shown. */
export const RELATED_MEASURES = [
  'accuracy_drop',
  'loss_increase',
  'max_class_drop',
  'selectivity',
  'mutual_information',
  'mutual_information_corrected',
  'l1_norm',
  'mean_activation',
  'active_fraction',
  'first_order',
  'first_order_abs',
] as const satisfies readonly UnitColumn[];

/** A measure of a row's unit on one stratified half of the samples; NaN where it was not measured. */
export type HalfFigure = (row: number, half: 0 | 1) => number;

/**
 * How the measures relate over the units of each site, and how reliable importance is. Selectivity counts only where
 * it has its meaning (`selectivity_valid`).
 * @param halves importance on each half, by measure: `accuracy_drop`, and `loss_increase` where it is known
 */
export function runCorrelations(
  sites: readonly SiteInfo[],
  table: UnitTable,
  halves: Partial<Record<'accuracy_drop' | 'loss_increase', HalfFigure>>,
  seed: number,
): RunCorrelations {
  const { selectivity, selectivity_valid } = table.columns;
  const meant = selectivity.map((value, row) => (selectivity_valid[row] === 1 ? value : NaN));
  const judged = { ...table, columns: { ...table.columns, selectivity: meant } };
  let from = 0;
  return {
    format: 'neuron-deletion-correlations',
    version: 1,
    seed,
    sites: sites.map(({ name, units }) => {
      const first = from;
      from += units;
      const own = seedFrom(seed, 'relations', name);
      const half = (figure: HalfFigure, which: 0 | 1): Float64Array =>
        Float64Array.from({ length: units }, (_, unit) => figure(first + unit, which));
      const reliability = Object.fromEntries(
        Object.entries(halves).map(([measure, figure]) => [
          measure,
          splitHalfReliability(half(figure, 0), half(figure, 1), own),
        ]),
      );
      const matrix = correlationMatrix(judged, first, from, RELATED_MEASURES, own);
      return { site: name, units, ...matrix, reliability };
    }),
  };
}
