import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { conversionAdvice } from '../../../../src/formats/models/foreignFormats';
import { findModel, hashModel } from '../../../../src/formats/models/findModel';
import {
  describesModel,
  detectModelFormat,
  type ModelFormat,
} from '../../../../src/formats/models/modelFormat';
import { failsWith } from '../../../support/failsWith';
import { writeHdf5 } from '../../../support/hdf5';
import { temporaryFolder } from '../../../support/temporaryFolder';

const folder = temporaryFolder();

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = folder.path(name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

const TFJS = JSON.stringify({ modelTopology: { class_name: 'Sequential' }, weightsManifest: [] });
const GRAPH = JSON.stringify({ modelTopology: { node: [] }, weightsManifest: [] });
const TOPOLOGY = JSON.stringify({ class_name: 'Sequential', config: { layers: [] }, keras_version: '2.2.2' });
const ONNX = Uint8Array.of(8, 7, 18, 7, ...strToU8('pytorch'), 26, 3, ...strToU8('2.1'), 58, 4, 10, 2, 1, 2);

function safetensors(): Uint8Array {
  const header = strToU8('{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return Uint8Array.of(...length, ...header, 0, 0, 0, 0);
}

describe('the format of a model', function () {
  // The HDF5 library is compiled when the first file is opened.
  this.timeout(30_000);

  const files: readonly [string, string | Uint8Array, ModelFormat | null][] = [
    ['a TensorFlow.js layers model', TFJS, 'tfjs-layers'],
    ['a TensorFlow.js graph model', GRAPH, 'tfjs-graph'],
    ['a Keras topology', `\n ${TOPOLOGY}`, 'keras-topology'],
    ['a Keras topology inside another object', `{"model_config": ${TOPOLOGY}}`, 'keras-topology'],
    ['other JSON', '{"name": "neuron-deletion", "config": {}}', null],
    ['a JSON array', '[1, 2]', null],
    [
      'a .keras file',
      zipSync({
        'config.json': strToU8('{}'),
        'metadata.json': strToU8('{}'),
        'model.weights.h5': strToU8(''),
      }),
      'keras-zip',
    ],
    [
      'a .keras file with other separators',
      zipSync({ 'config.json': strToU8('{}'), 'model.weights.h5': strToU8(''), 'assets\\x': strToU8('') }),
      'keras-zip',
    ],
    ['a PyTorch file', zipSync({ 'model/data.pkl': strToU8('x'), 'model/data/0': strToU8('x') }), 'pytorch'],
    ['another zip', zipSync({ 'x.npy': strToU8('x') }), null],
    ['a TensorFlow Lite model', Uint8Array.of(28, 0, 0, 0, ...strToU8('TFL3'), 0), 'tflite'],
    ['an ONNX model', ONNX, 'onnx'],
    ['a pickle', Uint8Array.of(0x80, 4, 0x95, 0, 0), 'pickle'],
    ['safetensors', safetensors(), 'safetensors'],
    ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), null],
    ['text', 'sepal,petal\n1,2\n', null],
    ['nothing', '', null],
  ];
  for (const [title, content, format] of files) {
    it(`is told by content, whatever the name: ${title}`, async () => {
      assert.equal(await detectModelFormat(await file('wrong name.bin', content)), format);
    });
  }

  it('is JSON by its name, where it is not even a whole file of another', async () => {
    const named = await file('model.json', 'PK\u0003\u0004');
    await failsWith(detectModelFormat(named), /model\.json is not a model: it is not valid JSON\.$/);
  });

  it('is told in HDF5: a model, weights in two layouts, other data', async () => {
    const detect = async (fill: Parameters<typeof writeHdf5>[1]): Promise<ModelFormat | null> => {
      await writeHdf5(folder.path('x'), fill);
      return detectModelFormat(folder.path('x'));
    };
    assert.equal(await detect((h5) => h5.create_attribute('model_config', '{}')), 'keras-h5');
    assert.equal(await detect((h5) => h5.create_attribute('layer_names', ['a', 'b'])), 'keras-weights');
    assert.equal(await detect((h5) => h5.create_group('layers')), 'keras-weights');
    const data = new Float32Array(4);
    assert.equal(await detect((h5) => h5.create_dataset({ name: 'x', data })), null);
  });

  it('is told of a folder', async () => {
    await file('saved/saved_model.pb', Uint8Array.of(8, 1, 18, 2, 1, 2));
    assert.equal(await detectModelFormat(folder.path('saved')), 'saved-model');
    assert.equal(await detectModelFormat(folder.path('saved/saved_model.pb')), 'saved-model');
    await file('other/x.txt', '');
    assert.equal(await detectModelFormat(folder.path('other')), null);
  });

  it('is guessed from the beginning of a JSON file, for lists of files', () => {
    assert.ok([TFJS, GRAPH, TOPOLOGY].every((json) => describesModel(strToU8(json))));
    assert.ok(!describesModel(strToU8('{"name": "neuron-deletion"}')));
    assert.ok(!describesModel(strToU8('# "modelTopology": in prose')));
  });
});

describe('a model that is not read', () => {
  const cases: readonly [string, string | Uint8Array, RegExp][] = [
    [
      'saved/saved_model.pb',
      '',
      /is a TensorFlow SavedModel, .* tensorflowjs_converter --input_format=tf_saved_model/,
    ],
    [
      'x.tflite',
      Uint8Array.of(28, 0, 0, 0, ...strToU8('TFL3')),
      /TensorFlow Lite .* tf2onnx\.convert --tflite "x\.tflite"/,
    ],
    ['x.onnx', ONNX, /ONNX model, .* onnx2tf -i "x\.onnx"/],
    ['x.pt', zipSync({ 'x/data.pkl': strToU8('') }), /PyTorch model, .* torch\.onnx\.export/],
    ['x.pkl', Uint8Array.of(0x80, 2, 0x7d), /pickle, which is never loaded because that runs code/],
    ['x.safetensors', safetensors(), /safetensors, .*model\.save/],
    ['x.txt', 'hello', /is not a model that is read: choose a model\.json/],
  ];
  for (const [name, content, sentence] of cases) {
    it(`is answered with what to do: ${name}`, async () => {
      await failsWith(findModel(await file(name, content)), sentence);
    });
  }
});

describe('the command that converts a model', () => {
  it('runs nothing that stands in the name of its file', async () => {
    const names = ['plain ü.onnx', '$(touch x).onnx', "it's `x`.onnx", 'a"b.onnx'];
    const quoted = [`"plain ü.onnx"`, `'$(touch x).onnx'`, `'it'\\''s \`x\`.onnx'`, `'a"b.onnx'`];
    for (const [index, name] of names.entries()) {
      const refusal = conversionAdvice(await file(name, ONNX), 'onnx');
      assert.equal(refusal?.known.format, 'ONNX model');
      assert.ok(refusal.known.command?.startsWith(`onnx2tf -i ${quoted[index]!} -o `), refusal.known.command);
    }
  });
});

describe('the files of a model', function () {
  this.timeout(30_000);
  const weights = (path: string): Promise<void> =>
    writeHdf5(path, (h5) => h5.create_attribute('layer_names', ['a', 'b']));

  it('are those that belong together by name, from either end', async () => {
    await file('topology.json', TOPOLOGY);
    const named = await file('lenet_config.json', TOPOLOGY);
    await weights(folder.path('lenet.weights.h5'));
    const found = await findModel(folder.path('lenet.weights.h5'));
    assert.deepEqual(found.files, [folder.path('lenet.weights.h5'), named]);
    assert.deepEqual((await findModel(named)).files, [named, folder.path('lenet.weights.h5')]);
    assert.equal(
      await hashModel(folder.path('lenet.weights.h5')),
      await hashModel(named),
      'one model has one hash, whichever file stands for it',
    );
  });

  it('are found where only one file fits, and asked for where several do', async () => {
    await weights(folder.path('a.h5'));
    await failsWith(findModel(folder.path('a.h5')), /weights of a Keras model without its layers/);
    await file('package.json', '{"name": "x"}');
    const one = await file('one.json', TOPOLOGY);
    assert.deepEqual((await findModel(folder.path('a.h5'))).files, [folder.path('a.h5'), one]);
    const two = await file('two.json', TOPOLOGY);
    await failsWith(findModel(folder.path('a.h5')), /could belong to one\.json or two\.json/);
    assert.deepEqual((await findModel(folder.path('a.h5'), two)).files, [folder.path('a.h5'), two]);
    await failsWith(findModel(folder.path('a.h5'), folder.path('package.json')), /is not the topology/);
  });

  it('are those of the one model in a folder', async () => {
    await file('m/model.json', TFJS);
    await file('m/notes.txt', 'x');
    assert.equal((await findModel(folder.path('m'))).file, folder.path('m/model.json'));
    await file('m/other.json', GRAPH);
    await failsWith(
      findModel(folder.path('m')),
      /several models in it: choose one of model\.json, other\.json/,
    );
    await file('empty/notes.txt', 'x');
    await failsWith(findModel(folder.path('empty')), /folder without a model/);
    await failsWith(findModel(folder.path('missing')), /There is no file/);
  });

  it('never lie outside the folder of a TensorFlow.js model', async () => {
    for (const path of ['../w.bin', '/etc/hostname', 'https://example.org/w.bin', 'a/../../w.bin']) {
      const manifest = [{ paths: [path], weights: [] }];
      const model = await file(
        'm/model.json',
        JSON.stringify({ modelTopology: {}, weightsManifest: manifest }),
      );
      await failsWith(findModel(model), /names a weight file outside its own folder/);
    }
  });
});
