import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { Arena } from '../../../../src/core/kernels/arena';
import type { KernelJob, KernelPool } from '../../../../src/core/kernels/kernelPool';
import { Control } from '../../../../src/core/control';
import { Cancelled } from '../../../../src/protocol/failure';
import { freely, headOf, randomPairs, scored, startKernels } from '../../../support/kernels';

/** A kernel that reads beyond the memory. */
const TRAPS: KernelJob = {
  kernel: 'closedForm',
  args: [0xfffffff0, 0, 0, 1, 1, 1, 0, 1, 1],
  chunks: 8,
  scratch: 64,
};

describe('the pool of kernel threads', () => {
  let pool: KernelPool;
  beforeEach(async () => (pool = await startKernels()));
  afterEach(() => pool.dispose());

  /** A sound job of so many chunks, some milliseconds each. */
  async function harmless(chunks: number, control: Control): Promise<void> {
    const units = 2000;
    const pairs = randomPairs(headOf('softmax', 1000), units, chunks, 1, 5);
    await scored(pool, pairs, (scoring, place) => {
      const deltas = place(new Float32Array(chunks * units).fill(1));
      const map = place(new Float32Array(units * scoring.width));
      const args = [scoring.address, deltas, map, units, units, 1, 0, 1, units];
      return pool.run({ kernel: 'closedForm', args, chunks, scratch: 16 + 4 * scoring.width }, control);
    });
  }

  it('rejects when a kernel traps, and runs on', async () => {
    await assert.rejects(pool.run(TRAPS, freely()), /closedForm failed: .*out of bounds/);
    await harmless(1, freely());
    assert.equal(pool.arena.allocated, 0);
  });

  it('rejects a kernel that there is not', async () => {
    await assert.rejects(pool.run({ ...TRAPS, kernel: 'none' }, freely()), /The kernel none failed/);
  });

  it('stops between chunks when cancelled, and runs on', async () => {
    const controller = new AbortController();
    // Would take seconds.
    const running = harmless(300, new Control(controller.signal));
    setTimeout(() => controller.abort(), 30);
    await assert.rejects(running, Cancelled);
    await harmless(4, freely());
    assert.equal(pool.arena.allocated, 0);
  });

  it('runs jobs one after the other', async () => {
    await Promise.all([harmless(3, freely()), harmless(5, freely()), harmless(1, freely())]);
  });

  it('rejects what is running when it is disposed, and what comes after', async () => {
    const running = harmless(300, freely());
    const rejected = assert.rejects(running, /ended|disposed/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pool.dispose();
    await rejected;
    await assert.rejects(harmless(1, freely()), /disposed/);
  });

  it('keeps no process alive that has nothing else to do', function () {
    this.timeout(20_000);
    const program = `
      const { startKernels } = require('./test/support/kernels.ts');
      startKernels().then((pool) => console.log(pool.threads));
    `;
    const ended = spawnSync(process.execPath, ['--require=tsx/cjs', '--eval', program], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    assert.equal(ended.status, 0, ended.stderr);
    assert.equal(ended.stdout.trim(), '2');
  });
});

describe('the arena', () => {
  it('gives memory again that was taken back, and grows when there is none', () => {
    const arena = new Arena();
    const first = arena.allocate(1000);
    const second = arena.allocate(100);
    const third = arena.allocate(5_000_000);
    assert.equal(new Set([first, second, third]).size, 3);
    arena.floats(third, 1_250_000).fill(7);
    arena.floats(second, 25).fill(3);
    assert.ok(arena.floats(third, 1_250_000).every((value) => value === 7));
    arena.release(first);
    arena.release(second);
    assert.equal(arena.allocate(1100), first);
    arena.release(first);
    arena.release(third);
    assert.equal(arena.allocated, 0);
    assert.equal(arena.allocate(2_000_000), first);
    assert.throws(() => arena.release(third), /Nothing is allocated/);
  });

  it('never hands out memory twice, and takes all of it back', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.nat(9)), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (steps) => {
        const arena = new Arena(64);
        const held: { address: number; bytes: number }[] = [];
        for (const [bytes, which] of steps) {
          if (which < held.length) {
            arena.release(held.splice(which, 1)[0]!.address);
            continue;
          }
          const address = arena.allocate(bytes);
          for (const other of held) {
            assert.ok(address + bytes <= other.address || other.address + other.bytes <= address);
          }
          held.push({ address, bytes });
        }
        for (const { address } of held) arena.release(address);
        assert.equal(arena.allocated, 0);
        assert.equal(arena.allocate(100_000), new Arena(64).allocate(1));
      }),
    );
  });

  it('gives no more than there is', () => {
    assert.throws(() => new Arena(16).allocate(2 ** 20), RangeError);
  });
});
