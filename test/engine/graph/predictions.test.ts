import assert from 'node:assert/strict';
import { memory, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { Program } from '../../../src/core/network/program';
import { findSites } from '../../../src/core/network/sites';
import { readModel } from '../../../src/formats/models/readModel';
import { loadGraph, samplesFor } from '../../support/graph/loadGraph';
import { requireGraphModels, type ConvertedModel } from '../../support/graphModels';
import { plainOutput, valuesOf } from '../../support/plainAlgebra';
import { requireNativeBackend } from '../../support/nativeBackend';

const SAMPLES = 7;

/** Sites by hand, as the nodes of the Keras layers they are: shape and what makes the units. */
const SITES: Readonly<Record<string, readonly string[]>> = {
  mlp: ['16 dense', '12 dense'],
  cnn: ['10×10×6 convolution', '5×5×7 convolution', '2×2×5 convolution', '9 dense'],
  residual: ['8×8×6 convolution', '8×8×5 convolution', '8×8×6 convolution', '8×8×6 add', '8×8×4 convolution'],
  mobile: [
    '7×7×6 convolution',
    '7×7×6 depthwise convolution',
    '7×7×8 convolution',
    '3×3×8 depthwise convolution',
    '3×3×10 convolution',
  ],
  sequence: ['12×6 embedding', '10×8 convolution', '10×8 convolution', '10×7 dense'],
  mixed: ['7×7×4 convolution', '3×3×6 convolution', '1×1×6 convolution', '6×6×5 convolution'],
  heads: ['8 dense', '9 dense', '1 dense'],
};

describe('graph models', function () {
  this.timeout(60_000);
  let models: readonly ConvertedModel[] = [];

  before(async function () {
    this.timeout(15 * 60_000);
    await requireNativeBackend(this);
    models = await requireGraphModels(this);
  });

  function filesOf(name: string): [string, string][] {
    const converted = models.filter((model) => model.name === name);
    assert.equal(converted.length, 2, `Keras 2 and 3 made ${name}`);
    return converted.flatMap(({ keras, files }) =>
      Object.entries(files)
        .filter(([kind]) => kind !== 'layers')
        .map(([kind, file]): [string, string] => [`${kind}, Keras ${keras}`, file]),
    );
  }

  for (const name of Object.keys(SITES).filter((one) => one !== 'heads')) {
    it(`predict what Keras predicted before they were converted, layers models too: ${name}`, async () => {
      for (const { files, predicted, keras } of models.filter((model) => model.name === name)) {
        assert.ok(predicted !== null);
        const { x, shape, y } = predicted;
        for (const [kind, file] of Object.entries(files).filter(([one]) =>
          ['graph', 'layers'].includes(one),
        )) {
          const { network } = await readModel(file);
          const input = tensor([...x], [...shape]);
          const program = new Program(network, network.inputs, [network.head.output]);
          const [output] = program.run([input]);
          const found = output!.dataSync();
          assert.equal(found.length, y.length);
          const apart = Math.max(...y.map((value, k) => Math.abs(value - found[k]!)));
          assert.ok(apart < 1e-4, `${kind}, Keras ${String(keras)}: ${String(apart)} apart`);
          output!.dispose();
          input.dispose();
          network.dispose();
        }
      }
    });
  }

  for (const [name, sites] of Object.entries(SITES)) {
    it(`have the sites listed by hand, and their units: ${name}`, async () => {
      for (const [title, file] of filesOf(name)) {
        const { network, format } = await readModel(file);
        const found = findSites(network);
        network.dispose();
        assert.equal(format, 'TensorFlow.js graph model');
        assert.deepEqual(found.excluded, [], title);
        assert.deepEqual(
          found.sites.map(({ shape, kind }) => `${shape.join('×')} ${kind}`),
          sites,
          title,
        );
        const graph = await loadGraph(file);
        for (const site of found.sites) {
          const inputs = samplesFor(graph, 2);
          const value = graph.execute(inputs, site.name) as Tensor;
          assert.deepEqual(value.shape, [2, ...site.shape], `${site.name} of ${title} is a node`);
          for (const one of [value, ...Object.values(inputs)]) one.dispose();
        }
        graph.dispose();
      }
    });

    it(`predict to the last bit what the converter's own model predicts, and free all they took: ${name}`, async () => {
      for (const [title, file] of filesOf(name)) {
        const before = memory().numTensors;
        const { network } = await readModel(file);
        const graph = await loadGraph(file);
        const inputs = samplesFor(graph, SAMPLES);
        const given = network.inputs.map((id) => inputs[id.replace(/@0$/, '')]!);
        const ids = network.outputs.map(({ id }) => id);
        const ours = new Program(network, network.inputs, ids).run(given);
        const theirs = [graph.predict(inputs)].flat() as Tensor[];
        assert.equal(theirs.length, ours.length);
        const sorted = (values: readonly Tensor[]): string[] =>
          values.map((value) => JSON.stringify([value.shape, [...value.dataSync()]])).sort();
        assert.deepEqual(sorted(ours), sorted(theirs), title);
        for (const one of [...ours, ...theirs, ...given]) one.dispose();
        graph.dispose();
        network.dispose();
        assert.equal(memory().numTensors, before, `tensors left by ${title}`);
      }
    });

    it(`compute what the algebra of their operations says: ${name}`, async () => {
      for (const [title, file] of filesOf(name)) {
        const { network } = await readModel(file);
        const graph = await loadGraph(file);
        const inputs = samplesFor(graph, SAMPLES);
        const given = network.inputs.map((id) => inputs[id.replace(/@0$/, '')]!);
        const ids = network.operations.map(({ id }) => id);
        const tensors = new Program(network, network.inputs, ids).run(given);
        const values = new Map(ids.map((id, index) => [id, valuesOf(tensors[index]!)]));
        for (const { id, algebra, inputs: read, shape } of network.operations) {
          const value = values.get(id)!;
          assert.deepEqual(value.shape, [SAMPLES, ...shape.slice(1)], `${id} of ${title}`);
          const plain = plainOutput(
            algebra,
            read.map((each) => values.get(each)!),
          );
          if (plain === null || algebra.kind === 'multiply') continue;
          assert.deepEqual(value.shape, plain.shape, `${id} of ${title}`);
          const isClose = value.data.every(
            (each, e) => Math.abs(each - plain.data[e]!) <= 2e-5 * Math.max(1, Math.abs(plain.data[e]!)),
          );
          assert.ok(isClose, `${id} of ${title}: ${algebra.kind}`);
        }
        for (const one of new Set([...tensors, ...given])) one.dispose();
        graph.dispose();
        network.dispose();
      }
    });
  }

  it('are read without a format and a signature too, as old converters wrote them', async () => {
    const file = models.find(({ name, keras }) => name === 'mlp' && keras === 2)!.files['graph']!;
    const { readFile, writeFile, rm } = await import('node:fs/promises');
    const { modelTopology, weightsManifest } = JSON.parse(await readFile(file, 'utf8')) as Record<
      string,
      unknown
    >;
    const legacy = file.replace(/model\.json$/, 'legacy.json');
    await writeFile(legacy, JSON.stringify({ modelTopology, weightsManifest }));
    try {
      const { network, format } = await readModel(legacy);
      network.dispose();
      assert.equal(format, 'TensorFlow.js graph model');
      assert.equal(network.head.kind, 'softmax');
    } finally {
      await rm(legacy);
    }
  });

  it('of which an output is chosen by its name in the signature, its node or its index', async () => {
    const file = models.find(({ name, keras }) => name === 'heads' && keras === 2)!.files['graph']!;
    const { network } = await readModel(file);
    const names = network.outputs.map(({ name }) => name);
    network.dispose();
    assert.deepEqual([...names].sort(), ['other', 'scores']);
    assert.equal(network.head.kind, 'softmax');
    for (const output of ['other', String(names.indexOf('other'))]) {
      const chosen = await readModel(file, { output });
      chosen.network.dispose();
      assert.equal(chosen.network.head.kind, 'sigmoid', output);
    }
  });
});
