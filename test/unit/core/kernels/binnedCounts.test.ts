import assert from 'node:assert/strict';
import fc from 'fast-check';
import { binnedCounts } from '../../../../src/core/kernels/binnedCounts';
import type { KernelPool } from '../../../../src/core/kernels/kernelPool';
import { binCounts, binEdges } from '../../../../src/core/measures/quantileBins';
import { freely, startKernels } from '../../../support/kernels';
import { uniforms } from '../../../support/seeded';

describe('the kernel of binned counts', () => {
  let pool: KernelPool;
  before(async () => (pool = await startKernels()));
  after(() => pool.dispose());

  const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
  const values = fc.oneof(finite, fc.constantFrom(0, -0, 1, -1, 0.5), fc.integer({ min: -3, max: 3 }));

  it('counts as the plain routine does: zeros of both signs, equal and negative values', async () => {
    const sizes = fc.record({
      samples: fc.integer({ min: 1, max: 80 }),
      units: fc.integer({ min: 1, max: 35 }),
      classes: fc.integer({ min: 2, max: 5 }),
      bins: fc.integer({ min: 1, max: 20 }),
      pool: fc.array(values, { minLength: 1, maxLength: 60 }),
      seed: fc.nat(1e6),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        const { samples, units, classes, bins, seed } = size;
        const drawn = uniforms(samples * units, seed);
        const activity = Float32Array.from(drawn, (u) => size.pool[Math.floor(u * size.pool.length)]!);
        const labels = Int32Array.from(uniforms(samples, seed + 1), (u) => Math.floor(u * classes));
        const counts = await binnedCounts(pool, activity, labels, classes, bins, freely());
        const cells = (bins + 1) * classes;
        assert.equal(counts.length, units * cells);
        for (let unit = 0; unit < units; unit++) {
          const column = Float32Array.from({ length: samples }, (_, n) => activity[n * units + unit]!);
          const expected = binCounts(column, labels, classes, binEdges(column, bins));
          assert.deepEqual([...counts.subarray(unit * cells, (unit + 1) * cells)], [...expected]);
        }
      }),
      { numRuns: 150 },
    );
    assert.equal(pool.arena.allocated, 0);
  });
});
