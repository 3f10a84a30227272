import assert from 'node:assert/strict';
import { mul, serialization, type Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers as L, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { findSites } from '../../src/core/network/sites';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { failsWith } from '../support/failsWith';
import { chain, classifier } from '../support/layerNetworks/layerNetwork';
import { requireNativeBackend } from '../support/nativeBackend';
import { temporaryFolder } from '../support/temporaryFolder';

/** A layer that this program knows nothing of. */
class Weighing extends L.Layer {
  static readonly className = 'Weighing';

  override build(shape: number[]): void {
    this.addWeight('weighing', [shape.at(-1)!], 'float32', initializers.ones());
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return mul(Array.isArray(inputs) ? inputs[0]! : inputs, this.weights[0]!.read());
  }
}

describe('layers that cannot be analysed', () => {
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
    serialization.registerClass(Weighing);
  });

  const written = async (model: LayersModel): Promise<string> => {
    const file = await writeLayersModel(model, temporary.path('model'));
    model.dispose();
    return file;
  };

  const refused: readonly [string, () => LayersModel, RegExp][] = [
    [
      'masking',
      chain(
        () => L.masking({ name: 'skip', inputShape: [5, 3] }),
        () => L.gru({ units: 3 }),
        () => classifier(),
      ),
      /the layer skip masks time steps/,
    ],
    [
      'embeddings with a mask',
      chain(
        () => L.embedding({ name: 'words', inputDim: 9, outputDim: 3, inputLength: 5, maskZero: true }),
        () => L.lstm({ units: 3 }),
        () => classifier(),
      ),
      /the layer words masks time steps/,
    ],
    [
      'layers with a state between predictions',
      () =>
        sequential({
          layers: [
            L.lstm({ name: 'memory', units: 3, batchInputShape: [4, 5, 3], stateful: true }),
            classifier(),
          ],
        }),
      /the layer memory is stateful, so that its predictions depend on those made before/,
    ],
  ];
  for (const [title, build, sentence] of refused) {
    it(`are refused in a sentence: ${title}`, async () => {
      await failsWith(readModel(await written(build())), sentence);
    });
  }

  it('are listed with the reason where they have weights and the rest can be analysed', async () => {
    const file = await written(
      sequential({
        layers: [
          L.dense({ name: 'hidden', units: 4, inputShape: [6] }),
          new Weighing({ name: 'weighing' }),
          L.reLU({ name: 'relu' }),
          classifier(),
        ],
      }),
    );
    const { network } = await readModel(file);
    const { sites, excluded } = findSites(network);
    network.dispose();
    assert.deepEqual(
      sites.map(({ name }) => name),
      ['hidden'],
    );
    const reason = 'is a layer of type Weighing, whose units are not known';
    assert.deepEqual(excluded, [{ name: 'weighing', reason }]);
  });
});
