import assert from 'node:assert/strict';
import { join } from 'node:path';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Network } from '../../src/core/network/network';
import { Program } from '../../src/core/network/program';
import { findSites } from '../../src/core/network/sites';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { inputOf, seedWeights } from '../support/layerNetworks/layerNetwork';
import { LAYER_NETWORKS } from '../support/layerNetworks/layerNetworks';
import { requireNativeBackend } from '../support/nativeBackend';
import { temporaryFolder } from '../support/temporaryFolder';

const SAMPLES = 9;

describe('layers, run one by one', () => {
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  for (const { title, build, sites, excluded, words } of LAYER_NETWORKS) {
    it(`give the very numbers of stock predict: ${title}`, async () => {
      const folder = temporary.path('model');
      const model = build();
      seedWeights(model);
      const x = inputOf(model, SAMPLES, words);
      const predicted = model.predict(x) as Tensor;
      await writeLayersModel(model, folder);
      const tensors = memory().numTensors;
      const { network } = await readModel(join(folder, 'model.json'));

      assert.deepEqual(outputOf(network, x), predicted.dataSync());
      const found = findSites(network);
      assert.deepEqual(
        found.sites.map(({ name, units }) => `${name} ${String(units)}`),
        sites,
      );
      assert.deepEqual(
        found.excluded.map(({ name }) => name),
        excluded ?? [],
      );
      const loops = new Map(
        network.operations.filter(({ loop }) => loop !== undefined).map(({ id }) => [id, (h: Tensor) => h]),
      );
      assert.deepEqual(outputOf(network, x, loops), predicted.dataSync(), 'loops that change nothing');
      network.dispose();
      assert.equal(memory().numTensors, tensors);
      disposeAll(model);
      for (const tensor of [x, predicted]) tensor.dispose();
    });
  }
});

function outputOf(
  network: Network,
  x: Tensor,
  substitute: ReadonlyMap<string, (h: Tensor) => Tensor> = new Map<string, (h: Tensor) => Tensor>(),
): ArrayLike<number> {
  const [output] = new Program(network, network.inputs, [network.head.output]).run([x], { substitute });
  const values = output!.dataSync();
  output!.dispose();
  return values;
}

/** Frees a model's weights; tfjs-layers itself keeps those of layers that are called more than once. */
function disposeAll(model: LayersModel): void {
  const weights = model.weights.map((weight) => weight.read());
  model.dispose();
  for (const weight of weights) weight.dispose();
}
