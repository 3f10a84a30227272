import assert from 'node:assert/strict';
import fc from 'fast-check';
import { correlationMatrix, rankCorrelation, spearman } from '../../../../src/core/measures/rankCorrelation';
import { rankInto, rankOrder } from '../../../../src/core/measures/ranks';
import { emptyUnitTable } from '../../../../src/protocol/units';
import { normals, uniforms } from '../../../support/seeded';

const close = (actual: number, expected: number, within = 1e-12): void => {
  assert.ok(Math.abs(actual - expected) <= within, `${String(actual)} is not ${String(expected)}`);
};
const numbers = (...values: number[]): Float64Array => Float64Array.from(values);

/** Rank of a value: one more than how many are below, plus half of the others equal to it. */
function ranksByDefinition(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

function spearmanByDefinition(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranksByDefinition(a), ranksByDefinition(b)];
  const mean = (x.length + 1) / 2;
  const product = (p: readonly number[], q: readonly number[]): number =>
    p.reduce((sum, value, i) => sum + (value - mean) * (q[i]! - mean), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

const column = fc.array(
  fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -9, max: 9, noNaN: true })),
  {
    minLength: 4,
    maxLength: 40,
  },
);

describe('ranks', () => {
  it('are averaged over equal values, rows counted as often as they are there', () => {
    const into = new Float64Array(6).fill(-1);
    const order = rankOrder(numbers(5, NaN, 2, 5, 9, 2));
    rankInto(order, Int32Array.from([1, 1, 1, 1, 1, 1]), into);
    assert.deepEqual([...into], [3.5, -1, 1.5, 3.5, 5, 1.5]);
    // 2, 5, 5, 5, 9, 9
    rankInto(order, Int32Array.from([2, 7, 0, 1, 2, 1]), into);
    assert.deepEqual([...into], [3, -1, 1, 3, 5.5, 1]);
  });
});

describe('Spearman’s rank correlation', () => {
  it('is worked by hand, with and without ties', () => {
    // Differences of ranks 0, 1, 1, 1, 1: 1 − 6 · 4 / (5 · 24).
    close(spearman(numbers(1, 2, 3, 4, 5), numbers(10, 30, 20, 50, 40)), 0.8);
    // Ranks 1.5, 1.5, 3 and 1, 2, 3: 1.5 / √(1.5 · 2).
    close(spearman(numbers(0, 0, 7), numbers(1, 2, 3)), 1.5 / Math.sqrt(3));
    close(spearman(numbers(1, 2, 3), numbers(9, 4, 1)), -1);
  });

  it('is Pearson’s of the ranks whatever the values, and unmoved by growing functions', () => {
    fc.assert(
      fc.property(column, fc.integer(), (a, seed) => {
        const b = [...uniforms(a.length, seed)].map((value) => Math.floor(value * 6));
        const [x, y] = [Float64Array.from(a), Float64Array.from(b)];
        const expected = spearmanByDefinition(a, b);
        if (Number.isNaN(expected)) assert.ok(Number.isNaN(spearman(x, y)));
        else close(spearman(x, y), expected, 1e-9);
        const grown = x.map((value) => Math.sign(value) * value ** 2);
        if (new Set(grown).size === new Set(x.map((value) => value + 0)).size) {
          assert.ok(Object.is(spearman(grown, y), spearman(x, y)));
        }
        assert.ok(Object.is(spearman(y, x), spearman(x, y)));
      }),
    );
  });

  it('leaves out pairs with a missing value', () => {
    const a = numbers(1, NaN, 2, 3, 4, 5);
    const b = numbers(10, 1, 30, 20, NaN, 50);
    close(spearman(a, b), 0.8);
    assert.equal(rankCorrelation(a, b, 1, 10).pairs, 4);
  });

  it('is undefined with two pairs or where one side does not vary', () => {
    assert.ok(Number.isNaN(spearman(numbers(1, 2, NaN), numbers(1, 2, 3))));
    const still = rankCorrelation(numbers(1, 2, 3, 4), numbers(5, 5, 5, 5), 1);
    assert.deepEqual(still, { rho: NaN, low: NaN, high: NaN, pairs: 4 });
    assert.ok(Number.isNaN(spearman(numbers(), numbers())));
  });
});

describe('bootstrap interval', () => {
  it('is the percentile interval of resampled correlations, drawn from the seed', () => {
    const a = Float64Array.from(normals(40, 1));
    const b = Float64Array.from(normals(40, 2), (value, i) => value + a[i]!);
    const one = rankCorrelation(a, b, 5);
    assert.deepEqual(rankCorrelation(a, b, 5), one);
    assert.notDeepEqual(rankCorrelation(a, b, 6), one);
    assert.ok(one.low < one.rho && one.rho < one.high);
    // Another way of the same: rows copied and correlated anew, other draws.
    const draws = uniforms(40 * 1000, 77);
    const drawn = Array.from({ length: 1000 }, (_, resample) => {
      const rows = Array.from(draws.subarray(40 * resample, 40 * (resample + 1)), (u) => Math.floor(40 * u));
      return spearmanByDefinition(
        rows.map((row) => a[row]!),
        rows.map((row) => b[row]!),
      );
    }).sort((x, y) => x - y);
    close(one.low, drawn[25]!, 0.04);
    close(one.high, drawn[975]!, 0.04);
  });

  it('holds the truth about as often as it says', () => {
    // ρ of a bivariate normal with correlation r is (6/π) asin(r/2).
    const truth = (6 / Math.PI) * Math.asin(Math.SQRT1_2 / 2);
    let holds = 0;
    for (let trial = 0; trial < 200; trial++) {
      const a = Float64Array.from(normals(60, 1000 + trial));
      const b = Float64Array.from(normals(60, 5000 + trial), (value, i) => value + a[i]!);
      const { low, high } = rankCorrelation(a, b, trial, 300);
      if (low <= truth && truth <= high) holds += 1;
    }
    assert.ok(holds > 176 && holds < 200, String(holds));
  });

  it('is a point where the relation is perfect', () => {
    const a = Float64Array.from(normals(30, 1));
    const { low, high, rho } = rankCorrelation(a, a.map(Math.exp), 3);
    close(rho, 1);
    close(low, 1);
    close(high, 1);
  });
});

describe('correlation matrix', () => {
  it('holds every pair of measures of one site’s rows, each as it is by itself', () => {
    const table = emptyUnitTable(50, 2);
    const { accuracy_drop, selectivity, l1_norm } = table.columns;
    accuracy_drop.set(normals(50, 1));
    selectivity.set(normals(50, 2));
    for (let row = 0; row < 50; row++)
      l1_norm[row] = row === 12 ? NaN : accuracy_drop[row]! + selectivity[row]!;
    const measures = ['accuracy_drop', 'selectivity', 'l1_norm', 'mutual_information'] as const;
    const matrix = correlationMatrix(table, 10, 50, measures, 9);
    assert.deepEqual(matrix.measures, measures);
    assert.equal(matrix.resamples, 1000);
    for (const [i, a] of measures.entries()) {
      for (const [j, b] of measures.entries()) {
        const x = table.columns[a].slice(10, 50);
        const y = table.columns[b].slice(10, 50);
        const alone = rankCorrelation(x, y, 9);
        const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
        assert.equal(matrix.rho[i]![j], orNull(alone.rho));
        assert.equal(matrix.low[i]![j], orNull(alone.low));
        assert.equal(matrix.high[i]![j], orNull(alone.high));
        assert.equal(matrix.pairs[i]![j], alone.pairs);
      }
    }
    assert.equal(matrix.pairs[0]![2], 39);
    assert.equal(matrix.rho[3]![0], null);
  });

  it('draws fewer times where a site is large', () => {
    const table = emptyUnitTable(10_000, 1);
    table.columns.n.set(normals(10_000, 1));
    assert.equal(correlationMatrix(table, 0, 10_000, ['n'], 1).resamples, 400);
  });
});
