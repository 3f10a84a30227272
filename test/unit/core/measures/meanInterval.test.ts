import assert from 'node:assert/strict';
import { meanInterval } from '../../../../src/core/measures/meanInterval';

describe('the interval of a mean', () => {
  it('is Student’s: quantiles from tables', () => {
    // 97.5 % points of Student's distribution with n − 1 = 1, 2, 3 and 9 degrees of freedom.
    for (const [count, point] of [
      [2, 12.7062],
      [3, 4.30265],
      [4, 3.18245],
      [10, 2.26216],
    ] as const) {
      const values = Array.from({ length: count }, (_, i) => i);
      const mean = (count - 1) / 2;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
      const { low, high } = meanInterval(values)!;
      const expected = (point * deviation) / Math.sqrt(count);
      assert.ok(
        Math.abs((high - low) / 2 / expected - 1) < 0.005,
        `${count}: ${(high - low) / 2}, ${expected}`,
      );
      assert.ok(Math.abs((high + low) / 2 - mean) < 1e-12);
    }
  });

  it('has none of a single value', () => {
    assert.equal(meanInterval([1]), null);
  });
});
