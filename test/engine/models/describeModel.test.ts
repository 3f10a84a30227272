import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { memory } from '@tensorflow/tfjs-core';
import type { Session } from '../../../src/engine/session';
import { isRefused, type ModelInfo, type RefusedModel } from '../../../src/protocol/study';
import { requireGraphModels } from '../../support/graphModels';
import { requireKerasFixtures } from '../../support/kerasFixtures';
import { requireAssets, requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';
import { newSession } from '../exactness/engineRun';

describe('what is in a model', function () {
  // The first time Python makes the models.
  this.timeout(600_000);
  const folder = temporaryFolder();
  let session: Session;

  before(async function () {
    requireNative(this);
    session = newSession();
    await session.hello();
  });

  async function read(file: string): Promise<ModelInfo> {
    const model = await session.describeModel(file);
    assert.ok(!isRefused(model), isRefused(model) ? model.problem : '');
    return model;
  }

  async function refused(file: string): Promise<RefusedModel> {
    const before = memory().numTensors;
    const model = await session.describeModel(file);
    assert.ok(isRefused(model));
    assert.equal(memory().numTensors, before);
    await assert.rejects(session.inspectModel(file), { name: 'Failure', message: model.problem });
    return model;
  }

  const total = ({ layers }: ModelInfo): number =>
    layers.reduce((sum, { parameters }) => sum + (parameters ?? NaN), 0);

  it('is told layer by layer: each once, with all parameters of a Keras model', async function () {
    const { models } = await requireKerasFixtures(this);
    for (const { name, files } of models) {
      const file = files.keras ?? files.h5;
      if (file === undefined) continue;
      const model = await read(file);
      assert.equal(total(model), model.parameters, name);
      assert.equal(new Set(model.layers.map((layer) => layer.name)).size, model.layers.length, name);
    }
  });

  it('is told node by node of a graph model, with its biases', async function () {
    for (const { name, files } of await requireGraphModels(this)) {
      if (files['graph'] === undefined) continue;
      if (name === 'recurrent') {
        const { problem, layers } = await refused(files['graph']);
        assert.match(problem, /has loops or branches/);
        assert.ok(layers.some(({ type }) => type === 'While' || type.startsWith('TensorList')));
        continue;
      }
      const model = await read(files['graph']);
      assert.equal(total(model), model.parameters, name);
      assert.equal(model.layers[0]?.type, 'Placeholder', name);
    }
  });

  it('is told of a regression too, with inputs, outputs and parameters', async function () {
    const [file] = requireAssets(this, 'tfjs-examples-abalone-regression/model/model.json');
    const { format, producer, inputs, outputs, parameters, layers } = await refused(file);
    assert.equal(format, 'TensorFlow.js layers model');
    assert.equal(producer, 'TensorFlow.js tfjs-layers v1.3.2');
    assert.deepEqual(inputs, [{ name: 'dense_Dense1_input', shape: [8] }]);
    assert.deepEqual(outputs, [{ name: 'dense_Dense3', classes: null, chosen: false }]);
    assert.equal(parameters, 3051);
    assert.equal(layers.length, 4);
  });

  it('is told as far as it is known of every Keras model that is refused', async function () {
    const { refused: files } = await requireKerasFixtures(this);
    for (const [name, file] of Object.entries(files)) {
      const model = await refused(file);
      assert.notEqual(model.format, null, name);
      if (name.startsWith('saved model')) {
        assert.match(model.command ?? '', /^tensorflowjs_converter --input_format=tf_saved_model/);
        continue;
      }
      assert.match(model.producer ?? '', /^Keras [23]\.\d/, name);
      assert.equal(model.command, null);
      if (!name.startsWith('subclassed')) assert.ok(model.layers.length > 0, name);
    }
    const names = (await refused(files['lambda 3 keras']!)).layers.map(({ name, type }) => `${name} ${type}`);
    assert.ok(names.includes('twice Lambda'), names.join());
  });

  it('is what the file says of a damaged one', async () => {
    const file = folder.path('model.json');
    const damaged: readonly [object, RegExp, number][] = [
      [{ modelTopology: null }, /it has no "modelTopology"/, 0],
      [{ modelTopology: { class_name: 'Sequential', config: null } }, /model\.json/, 0],
      [{ modelTopology: { node: [null, 3, { name: 'x' }, { name: 'y', op: 'Relu' }] } }, /model\.json/, 1],
      [{ modelTopology: { config: { layers: [null, 'layer', { class_name: 'Dense' }] } } }, /model\.json/, 3],
    ];
    for (const [json, sentence, layers] of damaged) {
      await writeFile(file, JSON.stringify({ weightsManifest: [], ...json }));
      const model = await refused(file);
      assert.match(model.problem, sentence);
      assert.equal(model.layers.length, layers, JSON.stringify(json));
    }
  });

  it('is nothing of a file that is no model', async () => {
    assert.deepEqual(await refused(__filename), {
      path: __filename,
      problem: `${__filename} is not a model that is read: choose a model.json of TensorFlow.js, or a .keras or .h5 file of Keras.`,
      command: null,
      format: null,
      producer: null,
      inputs: [],
      outputs: [],
      parameters: null,
      layers: [],
    });
  });
});
