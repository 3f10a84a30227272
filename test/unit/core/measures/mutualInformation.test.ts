import assert from 'node:assert/strict';
import fc from 'fast-check';
import { informationOf, mutualInformation } from '../../../../src/core/measures/mutualInformation';
import { binCounts, binEdges, binOf } from '../../../../src/core/measures/quantileBins';
import { normals, uniforms } from '../../../support/seeded';

const close = (actual: number, expected: number, within = 1e-12): void => {
  assert.ok(Math.abs(actual - expected) <= within, `${String(actual)} is not ${String(expected)}`);
};

/** The same by entropies of string keys. */
function byEntropies(bins: readonly number[], labels: readonly number[]): { raw: number; corrected: number } {
  const entropy = (keys: readonly string[]): { plain: number; corrected: number } => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    let plain = 0;
    for (const count of counts.values()) plain -= (count / keys.length) * Math.log2(count / keys.length);
    return { plain, corrected: plain + (counts.size - 1) / (2 * keys.length * Math.LN2) };
  };
  const a = entropy(bins.map(String));
  const y = entropy(labels.map(String));
  const both = entropy(bins.map((bin, n) => `${String(bin)}/${String(labels[n])}`));
  return {
    raw: a.plain + y.plain - both.plain,
    corrected: a.corrected + y.corrected - both.corrected,
  };
}

const activations = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: -4, max: 4 }), fc.float({ noNaN: true, min: -9, max: 9 })),
  { minLength: 1, maxLength: 200 },
);

describe('quantile bins', () => {
  it('cut the non-zero values, worked by hand for four bins', () => {
    const values = Float32Array.of(0, 5, -1, 3, 0, 2, 8, -0, 7, 4, 6);
    const edges = binEdges(values, 4);
    assert.deepEqual([...edges], [3, 5, 7]);
    assert.deepEqual(
      [...values].map((value) => binOf(value, edges)),
      [0, 3, 1, 2, 0, 1, 4, 0, 4, 2, 3],
    );
    const labels = Int32Array.of(0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0);
    assert.deepEqual([...binCounts(values, labels, 2, edges)], [1, 2, 2, 0, 0, 2, 1, 1, 2, 0]);
  });

  it('leave bins empty rather than split equal values', () => {
    const edges = binEdges(Float32Array.of(2, 2, 2, 2, 2, 2, 1, 3), 4);
    assert.deepEqual([...edges], [2, 2, 2]);
    assert.deepEqual(
      [1, 2, 3].map((value) => binOf(value, edges)),
      [1, 4, 4],
    );
    assert.deepEqual([...binEdges(new Float32Array(5), 3)], [Infinity, Infinity]);
    assert.equal(binOf(0, binEdges(new Float32Array(5), 3)), 0);
  });

  it('hold about as many values each where all values differ', () => {
    const values = normals(1000, 3);
    const counts = binCounts(values, new Int32Array(1000), 1, binEdges(values));
    assert.equal(counts[0], 0);
    assert.ok(counts.subarray(1).every((count) => count === 62 || count === 63));
  });

  it('keep the order of the values, and put equal values together', () => {
    fc.assert(
      fc.property(activations, fc.integer({ min: 1, max: 20 }), (given, bins) => {
        const values = Float32Array.from(given);
        const edges = binEdges(values, bins);
        const sorted = values.filter((value) => value !== 0).sort();
        const found = [...sorted].map((value) => binOf(value, edges));
        assert.ok(found.every((bin, i) => bin >= 1 && bin <= bins && (i === 0 || bin >= found[i - 1]!)));
      }),
    );
  });
});

describe('mutual information', () => {
  it('is worked by hand on a small table', () => {
    // Rows: bins, columns: classes. p = 3/8, 1/8; 1/8, 3/8.
    const { raw, corrected } = informationOf(Int32Array.of(3, 1, 1, 3), 2);
    close(raw, 0.75 * Math.log2(1.5) + 0.25 * Math.log2(0.5));
    close(corrected, raw - 1 / (16 * Math.LN2));
  });

  it('is the entropy of the class for a unit that copies the class', () => {
    const labels = Int32Array.from({ length: 900 }, (_, n) => (n % 9 < 5 ? 0 : n % 9 < 8 ? 1 : 2));
    const { raw } = mutualInformation(Float32Array.from(labels), labels, 1, 3);
    close(raw[0]!, -(5 / 9) * Math.log2(5 / 9) - (3 / 9) * Math.log2(3 / 9) - (1 / 9) * Math.log2(1 / 9));
  });

  it('of an unrelated unit is about 0.1 bit raw and about 0 corrected at a thousand samples', () => {
    const units = 40;
    const labels = Int32Array.from(uniforms(1000, 1), (value) => Math.floor(10 * value));
    const { raw, corrected } = mutualInformation(normals(1000 * units, 2), labels, units, 10);
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / units;
    assert.ok(mean(raw) > 0.08 && mean(raw) < 0.12, String(mean(raw)));
    assert.ok(Math.abs(mean(corrected)) < 0.01, String(mean(corrected)));
    assert.ok(corrected.some((value) => value < 0));
  });

  it('equals the sum of entropies, raw and corrected, whatever the values and their ties', () => {
    fc.assert(
      fc.property(activations, fc.integer({ min: 1, max: 5 }), fc.integer(), (given, classes, seed) => {
        const values = Float32Array.from(given);
        const labels = Int32Array.from(uniforms(values.length, seed), (value) => Math.floor(classes * value));
        const edges = binEdges(values);
        const bins = [...values].map((value) => binOf(value, edges));
        const expected = byEntropies(bins, [...labels]);
        const { raw, corrected } = mutualInformation(values, labels, 1, classes);
        close(raw[0]!, expected.raw, 1e-9);
        close(corrected[0]!, expected.corrected, 1e-9);
      }),
    );
  });

  it('reads each unit’s own column and does not change under a growing function of positive values', () => {
    const units = 19;
    const labels = Int32Array.from({ length: 120 }, (_, n) => n % 4);
    const activity = normals(120 * units, 5).map((value) => Math.max(0, value));
    const all = mutualInformation(activity, labels, units, 4);
    for (const unit of [0, 15, 16, 18]) {
      const own = Float32Array.from(labels, (_, n) => activity[n * units + unit]! * 8);
      assert.equal(mutualInformation(own, labels, 1, 4).raw[0], all.raw[unit]);
    }
  });
});
