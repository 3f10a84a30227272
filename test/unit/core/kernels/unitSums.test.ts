import assert from 'node:assert/strict';
import type { KernelPool } from '../../../../src/core/kernels/kernelPool';
import { unitSums } from '../../../../src/core/kernels/unitSums';
import { freely, startKernels } from '../../../support/kernels';
import { normals, uniforms } from '../../../support/seeded';

describe('the kernel of sums over samples', () => {
  let pool: KernelPool;
  before(async () => (pool = await startKernels()));
  after(() => pool.dispose());

  for (const [samples, units, classes] of [
    [1, 4, 2],
    [37, 20, 3],
    [130, 68, 5],
  ] as const) {
    it(`sums up ${units} units on ${samples} samples as float64 does, class by class`, async () => {
      const drawn = normals(samples * units, units);
      // Some are rectified, some never above 0, some always 0.
      const activity = drawn.map((value, at) => {
        const unit = at % units;
        return unit % 4 === 1
          ? Math.max(0, value)
          : unit % 4 === 2
            ? -Math.abs(value)
            : unit % 4 === 3
              ? 0
              : value;
      });
      const labels = Int32Array.from(uniforms(samples, 7), (u) => Math.floor(u * classes));
      const found = await unitSums(pool, activity, labels, classes, freely());
      for (let unit = 0; unit < units; unit++) {
        const column = Array.from({ length: samples }, (_, n) => activity[n * units + unit]!);
        for (let c = 0; c < classes; c++) {
          const sum = column.reduce((total, value, n) => (labels[n] === c ? total + value : total), 0);
          assert.ok(Math.abs(found.byClass[c * units + unit]! - sum) <= 1e-12 * samples);
        }
        assert.equal(found.active[unit], column.filter((value) => value > 0).length);
        assert.equal(found.lowest[unit], Math.min(...column));
        assert.equal(found.highest[unit], Math.max(...column));
      }
      assert.equal(pool.arena.allocated, 0);
    });
  }
});
