import assert from 'node:assert/strict';
import fc from 'fast-check';
import { permutation, seedFrom, shuffleLabels, uniforms } from '../../../src/core/random';

const sorted = (values: Int32Array) => [...values].sort((a, b) => a - b);

describe('seedFrom', () => {
  it('is a 32-bit number that only its parts decide', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer(), fc.string())), (parts) => {
        const seed = seedFrom(...parts);
        assert.equal(seed, seedFrom(...parts));
        assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
      }),
    );
  });

  it('keeps its values: stored runs depend on them', () => {
    assert.deepEqual([seedFrom(), seedFrom(1), seedFrom(1, 'epoch', 2)], [2872998923, 4099275471, 660926930]);
  });

  it('tells apart order, number, borders and types of the parts', () => {
    const seeds = [
      seedFrom('ab', 'c'),
      seedFrom('a', 'bc'),
      seedFrom('abc'),
      seedFrom('c', 'ab'),
      seedFrom(1),
      seedFrom('1'),
      seedFrom(1, 1),
      seedFrom(),
    ];
    assert.equal(new Set(seeds).size, seeds.length);
  });

  it('spreads neighbouring numbers over all 32 bits', () => {
    const seeds = Array.from({ length: 4096 }, (_, i) => seedFrom(7, i));
    assert.equal(new Set(seeds).size, seeds.length);
    for (let bit = 0; bit < 32; bit++) {
      const ones = seeds.filter((seed) => (seed >>> bit) & 1).length;
      assert.ok(Math.abs(ones - 2048) < 200, `bit ${bit}: ${ones} of 4096`);
    }
  });
});

describe('permutation', () => {
  it('holds every number once, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer(), (length, seed) => {
        const order = permutation(length, seed);
        assert.deepEqual(sorted(order), [...order.keys()]);
        assert.deepEqual(order, permutation(length, seed));
      }),
    );
  });

  it('has no favourites: over many neighbouring seeds each order of four comes equally often', () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let seed = 0; seed < draws; seed++) {
      const key = permutation(4, seed).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 24);
    const expected = draws / 24;
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 23 degrees of freedom: 49.7 is passed once in a thousand. The seeds are fixed, so this is no gamble.
    assert.ok(chiSquare < 49.7, `chi-square ${chiSquare}`);
  });
});

describe('uniforms', () => {
  it('are in [0, 1), reproducible, and centred', () => {
    const values = uniforms(10_000, 3);
    assert.ok(values.every((value) => value >= 0 && value < 1));
    assert.deepEqual(values, uniforms(10_000, 3));
    assert.notDeepEqual(values, uniforms(10_000, 4));
    assert.ok(Math.abs(values.reduce((a, b) => a + b) / values.length - 0.5) < 0.01);
  });
});

describe('shuffleLabels', () => {
  const labels = Int32Array.from({ length: 1000 }, (_, i) => i % 10);
  const changed = (corrupted: Int32Array) => corrupted.filter((label, i) => label !== labels[i]).length;

  it('keeps the number of images of each class, and the labels it was given', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (fraction, seed) => {
        const before = labels.slice();
        assert.deepEqual(sorted(shuffleLabels(labels, fraction, seed)), sorted(labels));
        assert.deepEqual(labels, before);
      }),
      { numRuns: 30 },
    );
  });

  it('changes about nine tenths of the images chosen, as ten equal classes demand, and no other', () => {
    assert.equal(changed(shuffleLabels(labels, 0, 1)), 0);
    for (const fraction of [0.2, 0.5, 1]) {
      const count = changed(shuffleLabels(labels, fraction, 1));
      assert.ok(count <= fraction * 1000, `${count} changed at ${fraction}`);
      assert.ok(Math.abs(count - fraction * 900) < 60, `${count} changed at ${fraction}`);
    }
  });

  it('is the same for the same seed and another for another', () => {
    assert.deepEqual(shuffleLabels(labels, 0.4, 5), shuffleLabels(labels, 0.4, 5));
    assert.notDeepEqual(shuffleLabels(labels, 0.4, 5), shuffleLabels(labels, 0.4, 6));
  });
});
