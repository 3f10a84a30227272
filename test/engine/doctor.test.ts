import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { diagnose, renderDoctor } from '../../src/engine/doctor';
import { tensorflowForPython } from '../support/tensorflowPython';

describe('the doctor', function () {
  this.timeout(120_000);
  const log = (): void => undefined;

  it('measures the native backend and names what it is', async () => {
    const options = { backend: 'tfjs-node', native: defaultNativeFolders(), log } as const;
    await loadBackend(options);
    const before = tf.memory().numTensors;
    const report = await diagnose(options);
    assert.ok(report.matmul_gflops > 1 && report.matmul_gflops < 1e5, String(report.matmul_gflops));
    assert.equal(tf.memory().numTensors, before);
    const text = renderDoctor(report);
    assert.match(text, /^backend +tfjs-node \(native\)$/m);
    assert.match(text, /^TensorFlow +\d+\.\d+\.\d+$/m);
    assert.match(text, /^matMul +\d+\.\d GFLOP\/s/m);
    assert.ok(text.includes(process.versions.node));
  });

  it('says why it is WebAssembly, and how to get native TensorFlow', async () => {
    const report = await diagnose({ backend: 'auto', native: ['/nonexistent/native'], log });
    assert.equal(report.backend.name, 'wasm');
    assert.ok(
      report.missing.some((line) => line.includes('/nonexistent/native') && line.includes('npm run setup')),
    );
    assert.match(renderDoctor(report), /^Missing:$/m);
  });

  it('finds the TensorFlow in Python', async function () {
    this.timeout(900_000);
    const before = process.env['PYTHONPATH'];
    const { PYTHONPATH } = await tensorflowForPython();
    process.env['PYTHONPATH'] = PYTHONPATH;
    try {
      const report = await diagnose({ backend: 'wasm', native: [], log });
      const tool = report.tools.find(({ name }) => name === 'TensorFlow in Python');
      assert.equal(tool?.found, `2.21.0 in ${join(PYTHONPATH, 'tensorflow')}`);
    } finally {
      if (before === undefined) delete process.env['PYTHONPATH'];
      else process.env['PYTHONPATH'] = before;
    }
  });
});
