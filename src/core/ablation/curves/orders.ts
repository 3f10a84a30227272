import type { Direction, RankedOrder } from '../../../protocol/curves';
import type { UnitColumn } from '../../../protocol/units';
import { permutation, seedFrom } from '../../random';

/** The measure that each order ranks by, and whether its values compare across sites. */
export const RANKINGS: Readonly<
  Record<RankedOrder, { readonly column: UnitColumn; readonly within_site: boolean }>
> = {
  importance: { column: 'accuracy_drop', within_site: false },
  selectivity: { column: 'selectivity', within_site: true },
  l1: { column: 'l1_norm', within_site: true },
  first_order: { column: 'first_order', within_site: false },
  mutual_information: { column: 'mutual_information', within_site: true },
};

/** Seed of the `repeat`-th random ordering. */
export function orderingSeed(seed: number, repeat: number): number {
  return seedFrom(seed, 'ordering', repeat);
}

/** All units of all sites in a random order, rows counted over the sites. */
export function randomOrder(units: number, seed: number, repeat: number): Int32Array {
  return permutation(units, orderingSeed(seed, repeat));
}

/**
 * Units in the order of a measure; ties by site, then unit. Units without a value come last, either way.
 * @param values one a unit, by site, then unit; NaN where not computed
 */
export function rankedOrder(values: ArrayLike<number>, direction: Direction): Int32Array {
  const sign = direction === 'ascending' ? 1 : -1;
  const order = Int32Array.from({ length: values.length }, (_, row) => row);
  return order.sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}

/**
 * Percentiles within each site, 0 … 1: (units below + half of those equal, itself among them) / units with a value.
 * @param sizes units of each site
 */
export function percentilesWithin(values: ArrayLike<number>, sizes: readonly number[]): Float64Array {
  const result = new Float64Array(values.length).fill(NaN);
  let first = 0;
  for (const size of sizes) {
    const rows = Array.from({ length: size }, (_, unit) => first + unit).filter(
      (row) => !Number.isNaN(values[row]!),
    );
    const sorted = Float64Array.from(rows, (row) => values[row]!).sort();
    let start = 0;
    while (start < sorted.length) {
      let end = start;
      while (end < sorted.length && sorted[end] === sorted[start]) end += 1;
      for (const row of rows) {
        if (values[row] === sorted[start]) result[row] = (start + end) / 2 / sorted.length;
      }
      start = end;
    }
    first += size;
  }
  return result;
}
