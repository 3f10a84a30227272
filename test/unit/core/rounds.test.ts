import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutRounds, stratifiedOrder } from '../../../src/core/ablation/rounds';

const labelsOf = fc
  .array(fc.nat(4), { minLength: 1, maxLength: 3000 })
  .map((labels) => Int32Array.from(labels));

describe('stratified order', () => {
  it('holds every sample once, and each stretch has every class in its share', () => {
    fc.assert(
      fc.property(labelsOf, fc.nat(), (labels, seed) => {
        const order = stratifiedOrder(labels, seed);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          Array.from(labels, (_, i) => i),
        );
        const half = order.slice(0, Math.floor(order.length / 2));
        for (let label = 0; label < 5; label++) {
          const all = labels.filter((l) => l === label).length;
          const here = half.filter((index) => labels[index] === label).length;
          // Every class may be off by its rounding, and the stretch's end by one sample of each other class.
          assert.ok(Math.abs(here - (all * half.length) / labels.length) <= 3, `${here} of ${all}`);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('depends on the seed and on nothing else', () => {
    const labels = Int32Array.from({ length: 200 }, (_, i) => i % 3);
    assert.deepEqual(stratifiedOrder(labels, 7), stratifiedOrder(labels, 7));
    assert.notDeepEqual(stratifiedOrder(labels, 7), stratifiedOrder(labels, 8));
  });
});

describe('rounds', () => {
  it('are disjoint, add up to all samples, and alternate between the halves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(8, 64, 512), (samples, largest) => {
        const order = Int32Array.from({ length: samples }, (_, i) => i);
        const rounds = cutRounds(order, largest);
        assert.deepEqual(
          rounds.slices.flatMap((slice) => [...slice.samples]),
          [...order],
        );
        assert.equal(
          rounds.samples.reduce((a, b) => a + b, 0),
          samples,
        );
        for (const [index, slice] of rounds.slices.entries()) {
          assert.equal(slice.index, index);
          assert.ok(slice.samples.length >= 1 && slice.samples.length <= largest);
        }
        for (const [round, size] of rounds.samples.entries()) {
          const slices = rounds.slices.filter((slice) => slice.round === round);
          const inHalf = (half: number): number =>
            slices
              .filter((slice) => slice.half === half)
              .reduce((sum, slice) => sum + slice.samples.length, 0);
          assert.ok(
            Math.abs(inHalf(0) - inHalf(1)) <= slices.length,
            `${inHalf(0)} and ${inHalf(1)} of ${size}`,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('begin small and grow fourfold', () => {
    const order = Int32Array.from({ length: 2000 }, (_, i) => i);
    assert.deepEqual(cutRounds(order, 512).samples, [256, 768, 976]);
  });
});
