import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { parseDeleteFlag, deletedUnits } from '../../../src/cli/deleteFlags';
import { requireAssets, requireNative } from '../../support/requirements';
import { newSession } from '../exactness/engineRun';

/** What `prune --keep-accuracy 0.99 --scale 0..1 --seed 1` found on all 10,000 images. */
const FOUND = [
  'conv2d_7:3,8,17,27',
  'conv2d_8:0-1,4-10,14-16,19,22-23,26,30,34-38,40-41,43,46,49-51,53,56-58,60,62',
  'conv2d_9:0,3-4,6-7,20-22,25-26,28,30-31,33-35,37-40,42,45-46,49,52-53,55-56,59-60,63',
  'dense_4:0-1,3,5,7-9,11,13-14,16-17,19,23,28-30,32,34-38,42-44,46,48-49,54-55,58-59,61',
];
const SAMPLES = 1000;
const never = new AbortController().signal;

describe('a real model saved without the neurons it can spare', function () {
  this.timeout(120_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-prune-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is 46 % of its neurons smaller at 98 % of its accuracy on 1,000 images, and loads in TensorFlow.js', async function () {
    requireNative(this);
    const [model, data, labels] = requireAssets(
      this,
      'tfjs-mnist-cnn/model.json',
      'data-mnist-t10k/t10k-images-idx3-ubyte.gz',
      'data-mnist-t10k/t10k-labels-idx1-ubyte.gz',
    );
    const session = newSession();
    try {
      const { sites } = await session.inspectModel(model);
      const deleted = deletedUnits(FOUND.map(parseDeleteFlag), sites, model);
      assert.equal(deleted.length, 104);
      const spec = {
        model,
        data,
        labels,
        scale: '0..1',
        operator: 'zero',
        seed: 2,
        samples: SAMPLES,
      } as const;
      const choice = { kind: 'units', deleted } as const;
      const params = { spec, choice, directory: path.join(folder, 'saved'), replace: false };
      const result = await session.prune(params, () => undefined, never);
      assert.equal(result.kind, 'complete');
      const { report, file } = result;
      assert.equal(report.structural, true);
      assert.ok(report.max_output_difference <= 1e-5, `${report.max_output_difference}`);
      assert.ok(report.bytes_after < 0.3 * report.bytes_before);
      assert.ok(report.accuracy_after >= 0.98 * report.accuracy_before, `${report.accuracy_after}`);

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
