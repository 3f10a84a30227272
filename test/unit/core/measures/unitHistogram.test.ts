import assert from 'node:assert/strict';
import { classMeans, unitHistogram } from '../../../../src/core/measures/unitHistogram';
import { normals } from '../../../support/seeded';

describe('histogram of a unit', () => {
  it('counts the samples of each class between the edges, the largest in the last bin', () => {
    const activity = Float32Array.of(0, 1, 2, 4, 3.9, 0, 2.5);
    const { edges, counts } = unitHistogram(activity, Int32Array.of(0, 0, 1, 1, 0, 2, 2), 4, 4);
    assert.deepEqual([...edges], [0, 1, 2, 3, 4]);
    assert.deepEqual([...counts], [1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0]);
  });

  it('puts every value between its own edges, whatever the range rounds to', () => {
    for (let seed = 0; seed < 40; seed++) {
      const scale = 10 ** ((seed % 9) - 6);
      const activity = normals(300, seed).map((value) => 1 + value * scale);
      const labels = new Int32Array(300).map((_, n) => n % 3);
      const { edges, counts } = unitHistogram(activity, labels, 3, 24);
      const expected = new Float64Array(3 * 24);
      activity.forEach((value, n) => {
        let bin = edges.findLastIndex((edge) => edge <= value);
        if (bin === 24) bin = 23;
        expected[labels[n]! * 24 + bin]! += 1;
      });
      assert.equal(edges[0], Math.min(...activity));
      assert.equal(edges[24], Math.max(...activity));
      assert.deepEqual(counts, expected, `seed ${seed}`);
    }
  });

  it('puts a unit that never varies in the middle', () => {
    const { edges, counts } = unitHistogram(new Float32Array(5), new Int32Array(5), 1, 24);
    assert.deepEqual([edges[0], edges[12], edges[24]], [-0.5, 0, 0.5]);
    assert.deepEqual([counts[12], counts.reduce((a, b) => a + b)], [5, 5]);
  });

  it('has no mean for a class without samples', () => {
    const means = classMeans(Float32Array.of(1, 2, 6), Int32Array.of(0, 0, 2), 3);
    assert.deepEqual([...means], [1.5, NaN, 6]);
  });
});
