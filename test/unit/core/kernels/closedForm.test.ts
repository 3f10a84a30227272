import assert from 'node:assert/strict';
import fc from 'fast-check';
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

describe('the closed-form kernel, against double precision', () => {
  let pool: KernelPool;
  before(async () => (pool = await startKernels()));
  after(() => pool.dispose());

  it('scores every pair, whatever the sizes', async () => {
    const sizes = fc.record({
      classes: fc.oneof(fc.integer({ min: 2, max: 14 }), fc.constantFrom(100, 1000)),
      sigmoid: fc.boolean(),
      units: fc.integer({ min: 1, max: 9 }),
      firstUnit: fc.integer({ min: 0, max: 3 }),
      samples: fc.integer({ min: 1, max: 40 }),
      positions: fc.integer({ min: 1, max: 5 }),
      multiplier: fc.integer({ min: 1, max: 2 }),
      sampleBlock: fc.integer({ min: 1, max: 16 }),
      unitBlock: fc.integer({ min: 1, max: 5 }),
      seed: fc.nat(1e6),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        const { units, firstUnit, samples, positions, multiplier, seed } = size;
        const head = size.sigmoid ? headOf('sigmoid', 2) : headOf('softmax', size.classes);
        const pairs = randomPairs(head, units, samples, size.sampleBlock, seed);
        const count = pairs.scores.length / samples;
        const channels = (firstUnit + units + 1) * multiplier;
        const elements = positions * channels;
        const deltas = randomChanges(samples * elements, seed + 2);
        const map = normals(elements * count, seed + 4);
        const outcome = await scored(pool, pairs, async (scoring, place) => {
          const padded = new Float32Array(elements * scoring.width);
          for (let e = 0; e < elements; e++)
            padded.set(map.subarray(e * count, (e + 1) * count), e * scoring.width);
          const sizesGiven = [elements, channels, multiplier, firstUnit, size.sampleBlock, size.unitBlock];
          await pool.run(
            {
              kernel: 'closedForm',
              args: [scoring.address, place(deltas), place(padded), ...sizesGiven],
              chunks: scoring.blocks * Math.ceil(units / size.unitBlock),
              scratch: 16 + 4 * scoring.width + 4 * (pairs.sampleBlock + 1),
            },
            freely(),
          );
        });
        assertOutcome(outcome, pairs, (unit, n) => {
          const row = [...pairs.scores.subarray(n * count, (n + 1) * count)];
          let changes = false;
          for (let e = 0; e < elements; e++) {
            const delta = deltas[n * elements + e]!;
            if (Math.floor((e % channels) / multiplier) !== firstUnit + unit || delta === 0) continue;
            changes = true;
            for (let c = 0; c < count; c++) row[c]! += delta * map[e * count + c]!;
          }
          return changes ? row : null;
        });
        assert.equal(pool.arena.allocated, 0);
      }),
      { numRuns: 60 },
    );
  });

  it('takes the lowest of equal classes, and calls them a near-tie', async () => {
    const head = headOf('softmax', 7);
    const pairs = { ...randomPairs(head, 1, 1, 1, 3), scores: Float32Array.of(0, 1, 5, 2, 5, 3, 5) };
    const outcome = await scored(pool, pairs, (scoring, place) =>
      pool.run(
        {
          kernel: 'closedForm',
          args: [scoring.address, place(Float32Array.of(1)), place(new Float32Array(12)), 1, 1, 1, 0, 1, 1],
          chunks: 1,
          scratch: 64,
        },
        freely(),
      ),
    );
    assert.deepEqual([...outcome.predicted], [2]);
    assert.deepEqual([...outcome.near_ties], [0]);
  });

  it('gives the loss of far-off classes, where exponentials vanish', async () => {
    const head = headOf('softmax', 3);
    const pairs = {
      ...randomPairs(head, 1, 1, 1, 3),
      scores: Float32Array.of(500, -700, 0),
      labels: Int32Array.of(1),
    };
    const outcome = await scored(pool, pairs, (scoring, place) =>
      pool.run(
        {
          kernel: 'closedForm',
          args: [scoring.address, place(Float32Array.of(1)), place(new Float32Array(12)), 1, 1, 1, 0, 1, 1],
          chunks: 1,
          scratch: 64,
        },
        freely(),
      ),
    );
    assert.ok(Math.abs(outcome.loss_sum[0]! - 1200) < 1e-9);
  });
});
