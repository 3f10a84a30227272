import assert from 'node:assert/strict';
import { join } from 'node:path';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { Program } from '../../src/core/network/program';
import { loadBackend } from '../../src/engine/backend';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { failsWith } from '../support/failsWith';
import { node, placeholder, text, writeGraph } from '../support/graph/writeGraph';
import { inputOf, seedWeights } from '../support/layerNetworks/layerNetwork';
import { LAYER_NETWORKS } from '../support/layerNetworks/layerNetworks';
import { requireNativeBackend } from '../support/nativeBackend';
import { temporaryFolder } from '../support/temporaryFolder';

describe('models on WebAssembly', function () {
  this.timeout(30_000);
  const temporary = temporaryFolder();

  const useWasm = () => loadBackend({ backend: 'wasm', native: [], log: () => undefined });

  beforeEach(async function () {
    await requireNativeBackend(this);
  });
  after(async function () {
    await requireNativeBackend(this);
  });

  for (const { title, build, words } of LAYER_NETWORKS) {
    it(`predict what native TensorFlow predicts: ${title}`, async () => {
      const folder = temporary.path('model');
      const model = build();
      seedWeights(model);
      const x = inputOf(model, 5, words);
      const predicted = model.predict(x) as Tensor;
      const [expected, given, { shape, dtype }] = [predicted.dataSync(), x.dataSync(), x];
      await writeLayersModel(model, folder);
      for (const one of [predicted, x]) one.dispose();
      model.dispose();

      await useWasm();
      const { network } = await readModel(join(folder, 'model.json'));
      const input = tensor(given, shape, dtype);
      const [output] = new Program(network, network.inputs, [network.head.output]).run([input]);
      const found = output!.dataSync();
      assert.equal(found.length, expected.length);
      expected.forEach((value, k) => assert.ok(Math.abs(value - found[k]!) < 1e-5, `${value} ${found[k]!}`));
      for (const one of [input, output!]) one.dispose();
      network.dispose();
    });
  }

  it('are refused where a kernel is missing, with what to do', async () => {
    await useWasm();
    const file = await writeGraph(
      temporary.path('.'),
      [
        placeholder('x', [2, 3]),
        node('sum', 'Einsum', ['x', 'k'], { equation: text('abc,cd->abd') }),
        node('scores', 'Softmax', ['sum']),
      ],
      { k: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } },
    );
    await failsWith(
      readModel(file),
      /uses the operation Einsum \(sum\), which WebAssembly cannot run: run “Neuron Deletion: Set Up Native/,
    );
  });
});
