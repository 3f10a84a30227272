import assert from 'node:assert/strict';
import { firstInOrder } from '../../../src/core/largest';
import { uniforms } from '../../support/seeded';

describe('the first of an order', () => {
  it('are those that sorting puts first, equal ones by number', () => {
    for (let seed = 0; seed < 20; seed++) {
      // Few values, so that many are equal.
      const values = uniforms(60, seed).map((value) => Math.floor(value * 8));
      const sorted = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
      for (const count of [0, 1, 7, 59, 60, 80]) {
        const found = firstInOrder(count, values.length, (a, b) => values[a]! > values[b]!);
        assert.deepEqual(found, sorted.slice(0, count));
      }
    }
  });
});
