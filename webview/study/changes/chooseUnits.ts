import type { UnitColumn, UnitTable } from '../../../src/protocol/units';

/** A unit that may be chosen. */
export interface Candidate {
  readonly row: number;
  readonly siteIndex: number;
}

/** By what units are ranked. */
export const RANKINGS = [
  'accuracy_drop',
  'loss_increase',
  'selectivity',
  'mutual_information_corrected',
  'l1_norm',
  'first_order',
] as const satisfies readonly UnitColumn[];

export type Ranking = (typeof RANKINGS)[number];

/** Measures whose values do not compare across sites: there a unit's place among its own site's counts. */
const WITHIN_SITE: ReadonlySet<Ranking> = new Set(['selectivity', 'mutual_information_corrected', 'l1_norm']);

/**
 * Rows of the `count` units with the most or the least of a measure; ties by loss increase, then by row. Units without a
 * value are never chosen.
 */
export function rankedUnits(
  table: UnitTable,
  candidates: readonly Candidate[],
  { by, which, count }: { readonly by: Ranking; readonly which: 'most' | 'least'; readonly count: number },
): readonly number[] {
  const values = table.columns[by];
  const losses = table.columns.loss_increase;
  const valued = candidates.filter(({ row }) => !Number.isNaN(values[row]));
  const several = new Set(valued.map(({ siteIndex }) => siteIndex)).size > 1;
  const keys = several && WITHIN_SITE.has(by) ? percentiles(values, valued) : values;
  const sign = which === 'most' ? -1 : 1;
  return valued
    .map(({ row }) => row)
    .sort((a, b) => sign * (keys[a]! - keys[b]!) || sign * (losses[a]! - losses[b]! || 0) || a - b)
    .slice(0, count);
}

/** Rows of `count` units drawn at random; a seed always gives the same. */
export function randomUnits(
  candidates: readonly Candidate[],
  count: number,
  seed: number,
): readonly number[] {
  const rows = candidates.map(({ row }) => row);
  const next = generator(seed);
  const drawn = Math.min(count, rows.length);
  for (let i = 0; i < drawn; i++) {
    const j = i + Math.floor(next() * (rows.length - i));
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows.slice(0, drawn);
}

/** Rows of the units that are most active on a class. */
export function unitsOfClass(
  table: UnitTable,
  candidates: readonly Candidate[],
  label: number,
): readonly number[] {
  const preferred = table.columns.preferred_class;
  return candidates.filter(({ row }) => preferred[row] === label).map(({ row }) => row);
}

/** Of each row, the share of its site's candidates that are below it, half of those equal among them. */
function percentiles(values: Float64Array, candidates: readonly Candidate[]): Float64Array {
  const result = new Float64Array(values.length);
  const sites = new Map<number, number[]>();
  for (const { row, siteIndex } of candidates) {
    const rows = sites.get(siteIndex);
    if (rows === undefined) sites.set(siteIndex, [row]);
    else rows.push(row);
  }
  for (const rows of sites.values()) {
    rows.sort((a, b) => values[a]! - values[b]!);
    for (let start = 0, end = 0; start < rows.length; start = end) {
      while (end < rows.length && values[rows[end]!] === values[rows[start]!]) end++;
      for (const row of rows.slice(start, end)) result[row] = (start + end) / 2 / rows.length;
    }
  }
  return result;
}

/** Mulberry32 (Tommy Ettinger, 2017): numbers from 0 to below 1. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
