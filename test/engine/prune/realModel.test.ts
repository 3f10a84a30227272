import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { requireAssets, requireNative } from '../../support/requirements';
import { newSession } from '../exactness/engineRun';

const SHARE = 0.99;
const never = new AbortController().signal;

describe('a real model saved without the neurons it can spare', function () {
  this.timeout(300_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-prune-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('loses a quarter of its neurons and more at 99 % of its accuracy on held-back images, and loads in TensorFlow.js', async function () {
    requireNative(this);
    const [model, data, labels] = requireAssets(
      this,
      'tfjs-mnist-cnn/model.json',
      'data-mnist-t10k/t10k-images-idx3-ubyte.gz',
      'data-mnist-t10k/t10k-labels-idx1-ubyte.gz',
    );
    const session = newSession();
    try {
      const spec = { model, data, labels, scale: '0..1', operator: 'zero', seed: 1 } as const;
      const choice = { kind: 'keep_accuracy', share: SHARE } as const;
      const params = { spec, choice, directory: path.join(folder, 'saved'), replace: false };
      const result = await session.prune(params, () => undefined, never);
      assert.equal(result.kind, 'complete');
      const { report, file } = result;
      assert.equal(report.structural, true);
      assert.ok(report.max_output_difference <= 1e-5, `${report.max_output_difference}`);
      assert.equal(report.held_back_samples, 5000);
      assert.ok(report.units_after <= 0.75 * report.units_before, `${report.units_after} neurons`);
      assert.ok(report.held_back_after! >= SHARE * report.held_back_before!, `${report.held_back_after}`);
      assert.ok(report.bytes_after < 0.5 * report.bytes_before, `${report.bytes_after} bytes`);

      const json = JSON.parse(await readFile(file, 'utf8')) as io.ModelJSON;
      const weightData = new Uint8Array(await readFile(path.join(folder, 'saved', 'group1-shard1of1.bin')))
        .buffer;
      const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
      const { modelTopology } = json;
      const saved = await loadLayersModel({
        load: () => Promise.resolve({ modelTopology, weightSpecs, weightData }),
      });
      assert.equal(saved.countParams(), report.parameters_after);
      saved.dispose();
    } finally {
      session.dispose();
    }
  });
});
