import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JacobianKernel } from '../../../../src/core/kernels/jacobianKernel';
import type { KernelPool } from '../../../../src/core/kernels/kernelPool';
import {
  assertOutcome,
  freely,
  headOf,
  randomChanges,
  randomPairs,
  scored,
  startKernels,
} from '../../../support/kernels';
import { normals } from '../../../support/seeded';

describe('the Jacobian kernel, against double precision', () => {
  let pool: KernelPool;
  before(async () => (pool = await startKernels()));
  after(() => pool.dispose());

  const sizes = fc.record({
    classes: fc.integer({ min: 2, max: 26 }),
    sigmoid: fc.boolean(),
    elements: fc.integer({ min: 1, max: 20 }),
    firstUnit: fc.nat(9),
    hidden: fc.integer({ min: 1, max: 140 }),
    runs: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 3 }),
    /** Of the changes; small ones turn few signs. */
    size: fc.constantFrom(0.05, 0.5, 3),
    seed: fc.nat(1e6),
  });

  it('scores every pair, whatever the sizes and however many signs turn', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ classes, sigmoid, elements, hidden, runs, size, seed, ...more }) => {
        const firstUnit = more.firstUnit % elements;
        const units = elements - firstUnit;
        const head = sigmoid ? headOf('sigmoid', 2) : headOf('softmax', classes);
        const count = sigmoid ? 1 : classes;
        const weights = normals(elements * hidden, seed + 4);
        const map = normals(hidden * count, seed + 5);
        const kernel = new JacobianKernel(pool, { weights, hidden, map });
        try {
          for (const samples of runs) {
            const pairs = randomPairs(head, units, samples, kernel.sampleBlock, seed + samples);
            const deltas = randomChanges(samples * elements, seed + samples).map((value) => size * value);
            const preactivations = normals(samples * hidden, seed + samples + 1);
            const outcome = await scored(pool, pairs, (scoring, place) =>
              kernel.run({ scoring, units, firstUnit, deltas: place(deltas), preactivations }, freely()),
            );
            assertOutcome(outcome, pairs, (unit, n) => {
              const delta = deltas[n * elements + firstUnit + unit]!;
              const row = [...pairs.scores.subarray(n * count, (n + 1) * count)];
              for (let j = 0; j < hidden; j++) {
                const z = preactivations[n * hidden + j]!;
                const after = z + delta * weights[(firstUnit + unit) * hidden + j]!;
                const change = Math.max(after, 0) - Math.max(z, 0);
                for (let c = 0; c < count; c++) row[c]! += change * map[j * count + c]!;
              }
              return delta === 0 ? null : row;
            });
          }
        } finally {
          kernel.dispose();
        }
        assert.equal(pool.arena.allocated, 0);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what nothing changes', async () => {
    const head = headOf('softmax', 5);
    const kernel = new JacobianKernel(pool, { weights: normals(40, 1), hidden: 10, map: normals(50, 2) });
    const pairs = randomPairs(head, 4, 33, kernel.sampleBlock, 9);
    const preactivations = normals(330, 3);
    const outcome = await scored(pool, pairs, (scoring, place) => {
      const deltas = place(new Float32Array(132));
      return kernel.run({ scoring, units: 4, firstUnit: 0, deltas, preactivations }, freely());
    });
    kernel.dispose();
    assertOutcome(outcome, pairs, () => null);
    assert.equal(outcome.near_ties.length, 0);
  });
});
