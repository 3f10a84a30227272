import type { CorrelationMatrix } from '../../protocol/correlations';
import type { UnitColumn, UnitTable } from '../../protocol/units';
import { resampler, seedFrom } from '../random';
import { rankInto, rankOrder, type RankOrder } from './ranks';

/** How many times units are drawn anew for an interval. */
export const RESAMPLES = 1000;

/** Units times resamples that one site may take: beyond, fewer resamples are drawn, but never fewer than 200. */
const MOST_DRAWS = 4e6;
const FEWEST_RESAMPLES = 200;

/** The ends of a 95 % percentile interval. */
const TAIL = 0.025;

/** Fewer units than this tell nothing of a relation. */
const FEWEST_UNITS = 3;

/** Spearman's ρ with its 95 % bootstrap interval; NaN where it is undefined. */
export interface RankCorrelation {
  readonly rho: number;
  readonly low: number;
  readonly high: number;
  /** Rows that have both values. */
  readonly pairs: number;
}

/** Rank correlations of all pairs of columns: `[column][column]`. */
interface Correlations {
  readonly found: readonly (readonly RankCorrelation[])[];
  readonly resamples: number;
}

/**
 * Spearman's rank correlation: Pearson's of average ranks. Rows without both values are left out; NaN with fewer
 * than three rows, or where one side does not vary.
 */
export function spearman(a: Float64Array, b: Float64Array): number {
  return correlations([a, b], 0, 0).found[0]![1]!.rho;
}

/**
 * Spearman's rank correlation with its percentile bootstrap interval (Efron): rows are drawn with replacement and
 * ranked anew, and the 2.5 % and 97.5 % points of the correlations found are given, linearly interpolated. NaN ends
 * where more than half of the draws leave it undefined.
 */
export function rankCorrelation(
  a: Float64Array,
  b: Float64Array,
  seed: number,
  resamples = RESAMPLES,
): RankCorrelation {
  return correlations([a, b], seed, resamples).found[0]![1]!;
}

/**
 * Rank correlations of all pairs of measures over the units of a site, with bootstrap intervals; a pair leaves out
 * the units that lack one of its two values.
 * @param from the site's first row
 * @param to the row after its last
 */
export function correlationMatrix(
  table: UnitTable,
  from: number,
  to: number,
  measures: readonly UnitColumn[],
  seed: number,
): CorrelationMatrix {
  const columns = measures.map((name) => table.columns[name].slice(from, to));
  const affordable = Math.floor(MOST_DRAWS / Math.max(1, to - from));
  const wanted = Math.min(RESAMPLES, Math.max(FEWEST_RESAMPLES, affordable));
  const { found, resamples } = correlations(columns, seed, wanted);
  const each = (of: (one: RankCorrelation) => number): (number | null)[][] =>
    found.map((row) => row.map((one) => (Number.isNaN(of(one)) ? null : of(one))));
  return {
    measures: [...measures],
    rho: each(({ rho }) => rho),
    low: each(({ low }) => low),
    high: each(({ high }) => high),
    pairs: found.map((row) => row.map(({ pairs }) => pairs)),
    resamples,
  };
}

/** A column ranked among some of the rows; the pairs whose common rows these are share it. */
interface Variant {
  readonly order: RankOrder;
  /** `[rows]`: ranks less their mean, times √count; 0 in rows that are not counted. */
  readonly scores: Float64Array;
  /** √ of the sum of the squared scores; 0 where the column does not vary. */
  length: number;
}

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly left: Variant;
  readonly right: Variant;
  readonly rows: number;
  readonly drawn: Float64Array;
}

function correlations(columns: readonly Float64Array[], seed: number, resamples: number): Correlations {
  const rows = columns[0]?.length ?? 0;
  const variants = new Map<string, Variant>();
  const pairs = columns.flatMap((_, a) =>
    columns.slice(a).map((_other, k) => pairOf(columns, a, a + k, variants, resamples)),
  );
  const found = columns.map(() => new Array<RankCorrelation>(columns.length));
  const once = new Int32Array(rows).fill(1);
  for (const variant of variants.values()) scoreVariant(variant, once);
  const rhos = pairs.map(correlationOf);
  const draw = resampler(seedFrom(seed, 'bootstrap'));
  const counts = new Int32Array(rows);
  for (let resample = 0; resample < resamples; resample++) {
    draw(counts);
    for (const variant of variants.values()) scoreVariant(variant, counts);
    correlateAll(pairs, resample);
  }
  pairs.forEach((pair, index) => {
    const rho = rhos[index]!;
    const [low, high] = Number.isNaN(rho) ? [NaN, NaN] : percentiles(pair.drawn);
    const one = { rho, low, high, pairs: pair.rows };
    found[pair.a]![pair.b] = one;
    found[pair.b]![pair.a] = one;
  });
  return { found, resamples };
}

/** A pair of columns on the rows that have both; variants on the same rows are made once. */
function pairOf(
  columns: readonly Float64Array[],
  a: number,
  b: number,
  variants: Map<string, Variant>,
  resamples: number,
): Pair {
  const mask = Uint8Array.from(columns[a]!, (value, row) =>
    Number.isNaN(value) || Number.isNaN(columns[b]![row]!) ? 0 : 1,
  );
  const key = mask.join('');
  const variantOf = (column: number): Variant => {
    const name = `${String(column)}:${key}`;
    let variant = variants.get(name);
    if (variant === undefined) {
      const order = rankOrder(columns[column]!, mask);
      variant = { order, scores: new Float64Array(mask.length), length: 0 };
      variants.set(name, variant);
    }
    return variant;
  };
  const left = variantOf(a);
  return {
    a,
    b,
    left,
    right: variantOf(b),
    rows: left.order.rows.length,
    drawn: new Float64Array(resamples),
  };
}

/** √ of how often a row can be drawn, as a rule. */
const ROOTS = Float64Array.from({ length: 16 }, (_, count) => Math.sqrt(count));

/** Ranks a variant's rows anew when each is there `counts` times. */
function scoreVariant(variant: Variant, counts: Int32Array): void {
  const { scores } = variant;
  const { rows } = variant.order;
  rankInto(variant.order, counts, scores);
  const isAll = rows.length === counts.length;
  let total = rows.length;
  if (!isAll) {
    total = 0;
    for (const row of rows) total += counts[row]!;
  }
  // Average ranks of n places always sum to n (n + 1) / 2.
  const mean = (total + 1) / 2;
  let square = 0;
  for (const row of rows) {
    const count = counts[row]!;
    const score = (scores[row]! - mean) * (count < ROOTS.length ? ROOTS[count]! : Math.sqrt(count));
    scores[row] = score;
    square += score * score;
  }
  variant.length = Math.sqrt(square);
}

function correlationOf({ left, right, rows }: Pair): number {
  const length = left.length * right.length;
  if (rows < FEWEST_UNITS || length === 0) return NaN;
  // Rounding must not take it past a perfect relation.
  return Math.max(-1, Math.min(1, product(left.scores, right.scores) / length));
}

function correlateAll(pairs: readonly Pair[], resample: number): void {
  for (const pair of pairs) pair.drawn[resample] = correlationOf(pair);
}

/** Σ a · b, in four sums that do not wait for each other. */
function product(a: Float64Array, b: Float64Array): number {
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  let at = 0;
  for (const end = a.length - 3; at < end; at += 4) {
    one += a[at]! * b[at]!;
    two += a[at + 1]! * b[at + 1]!;
    three += a[at + 2]! * b[at + 2]!;
    four += a[at + 3]! * b[at + 3]!;
  }
  for (; at < a.length; at++) one += a[at]! * b[at]!;
  return one + two + (three + four);
}

/** The two ends of the interval, linearly interpolated between order statistics (type 7 of Hyndman and Fan). */
function percentiles(drawn: Float64Array): readonly [number, number] {
  const defined = drawn.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length === 0 || 2 * defined.length < drawn.length) return [NaN, NaN];
  const at = (share: number): number => {
    const place = share * (defined.length - 1);
    const below = Math.floor(place);
    const next = Math.min(below + 1, defined.length - 1);
    return defined[below]! + (place - below) * (defined[next]! - defined[below]!);
  };
  return [at(TAIL), at(1 - TAIL)];
}
