import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { ADDON } from '../../src/engine/nativeAddon';
import { Failure } from '../../src/protocol/failure';

interface Logged {
  readonly level: string;
  readonly text: string;
}

describe('the backend', function () {
  this.timeout(60_000);
  let empty: string;
  let logged: Logged[];
  const log = (level: string, text: string): void => void logged.push({ level, text });

  beforeEach(async () => {
    logged = [];
    empty = await mkdtemp(join(tmpdir(), 'neuron-deletion-backend-'));
  });
  afterEach(() => rm(empty, { recursive: true, force: true }));

  /** 200 × 200 by 200 × 200, against a plain loop in float64. */
  async function assertComputes(): Promise<void> {
    const n = 200;
    const a = Float32Array.from({ length: n * n }, (_, i) => Math.sin(i));
    const b = Float32Array.from({ length: n * n }, (_, i) => Math.cos(3 * i));
    const before = tf.memory().numTensors;
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [n, n]), tf.tensor2d(b, [n, n])));
    const values = await product.data();
    product.dispose();
    assert.equal(tf.memory().numTensors, before);
    for (const [row, column] of [
      [0, 0],
      [17, 101],
      [199, 199],
    ] as const) {
      // prettier-ignore
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (a[row * n + k] ?? NaN) * (b[k * n + column] ?? NaN);
      assert.ok(Math.abs((values[row * n + column] ?? NaN) - sum) < 1e-3);
    }
  }

  it('that is forced to be native but is not there fails in one sentence that says what to do', async () => {
    const load = loadBackend({ backend: 'tfjs-node', native: [empty], log });
    await assert.rejects(load, (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.ok(error.message.includes(empty));
      assert.match(error.message, /Set Up Native TensorFlow/);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });

  it('computes on WebAssembly when no folder has a native part, and says why', async () => {
    const info = await loadBackend({ backend: 'auto', native: [empty], log });
    assert.equal(info.name, 'wasm');
    assert.equal(info.tensorflow, null);
    assert.equal(info.onednn, null);
    assert.ok(info.fallback?.includes(empty));
    assert.equal(tf.getBackend(), 'wasm');
    assert.ok(logged.some(({ level, text }) => level === 'warn' && text.includes(empty)));
    await assertComputes();
  });

  it('does not let a library that is cut short end the process', async () => {
    const [whole = ''] = defaultNativeFolders();
    const libraries = join(empty, 'deps', 'lib');
    await mkdir(join(empty, 'lib', 'napi-v8'), { recursive: true });
    await mkdir(libraries, { recursive: true });
    await copyFile(join(whole, ADDON), join(empty, ADDON));
    await symlink(
      join(whole, 'deps', 'lib', 'libtensorflow_cc.so.2'),
      join(libraries, 'libtensorflow_cc.so.2'),
    );
    const cut = join(libraries, 'libtensorflow_framework.so.2');
    await copyFile(join(whole, 'deps', 'lib', 'libtensorflow_framework.so.2'), cut);
    await truncate(cut, 1_000_000);
    const info = await loadBackend({ backend: 'auto', native: [empty], log });
    assert.ok(info.fallback?.includes(`${cut} is cut short`), info.fallback ?? '');
  });

  it('computes on WebAssembly when it was chosen, and leaves uncaught errors to others', async () => {
    const info = await loadBackend({ backend: 'wasm', native: defaultNativeFolders(), log });
    assert.deepEqual(info, {
      name: 'wasm',
      tensorflow: null,
      threads: 1,
      onednn: null,
      fallback: 'WASM was chosen in the settings.',
    });
    const ours = process
      .listeners('uncaughtException')
      .filter((listener) => String(listener).includes('ExitStatus'));
    assert.deepEqual(ours, []);
    await assertComputes();
  });

  it('computes natively from the first folder that has a native part', async () => {
    const missing = join(empty, 'nowhere');
    const info = await loadBackend({ backend: 'auto', native: [missing, ...defaultNativeFolders()], log });
    assert.equal(info.name, 'tfjs-node', info.fallback ?? '');
    assert.match(info.tensorflow ?? '', /^\d+\.\d+\.\d+/);
    assert.ok(info.threads >= 1);
    assert.equal(info.fallback, null);
    assert.equal(tf.getBackend(), 'tensorflow');
    assert.ok(logged.some(({ level, text }) => level === 'warn' && text.includes(missing)));
    await assertComputes();
  });

  it('shares tensors with code that came by another way to the same core', async () => {
    await loadBackend({ backend: 'tfjs-node', native: defaultNativeFolders(), log });
    const esm = await import('@tensorflow/tfjs-core');
    const tensor = esm.tensor1d([1, 2, 3]);
    assert.ok(tensor instanceof tf.Tensor);
    assert.equal(
      tf.tidy(() => tf.sum(tensor).dataSync()[0]),
      6,
    );
    tensor.dispose();
  });

  it('loads without a word on stderr when a program begins with it, and stderr still works afterwards', () => {
    const program = join(__dirname, '..', 'support', 'quietProgram.ts');
    // Its stderr is a pipe, and its stdout is led past that pipe.
    const command = `"${process.execPath}" --import=tsx "${program}" 2>&1 >&3 | sed 's/^/stderr: /'`;
    const output = execFileSync('bash', ['-c', `exec 3>&1; ${command}`], { encoding: 'utf8' });
    assert.deepEqual(output.trim().split('\n').sort(), ['stderr: after', 'stderr: before', 'tfjs-node']);
  });

  it('goes back and forth between backends when asked, without loading anything twice', async () => {
    const native = defaultNativeFolders();
    const before = tf.memory().numTensors;
    for (const backend of ['wasm', 'tfjs-node', 'wasm', 'auto'] as const) {
      const info = await loadBackend({ backend, native, log });
      assert.equal(tf.getBackend(), backend === 'wasm' ? 'wasm' : 'tensorflow');
      assert.equal(info.name, backend === 'wasm' ? 'wasm' : 'tfjs-node');
    }
    assert.equal(tf.memory().numTensors, before);
  });
});
