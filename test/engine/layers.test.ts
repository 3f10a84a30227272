import assert from 'node:assert/strict';
import { join } from 'node:path';
import { floor, memory, randomNormal, randomUniform, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential, type Sequential } from '@tensorflow/tfjs-layers';
import { Program } from '../../src/core/network/program';
import { findSites } from '../../src/core/network/sites';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { requireNative } from '../support/requirements';
import { temporaryFolder } from '../support/temporaryFolder';

type Layer = Parameters<Sequential['add']>[0];

const SAMPLES = 9;
const classifier = (): Layer => layers.dense({ units: 3, activation: 'softmax' });

/** Kinds of layers, the sites they make (`name units`, by hand), and what is left out. */
const NETWORKS: readonly {
  readonly title: string;
  readonly layers: () => Layer[];
  readonly sites: readonly string[];
  readonly excluded?: readonly string[];
}[] = [
  {
    title: '1-D convolution and pooling',
    layers: () => [
      layers.conv1d({ name: 'conv', inputShape: [20, 3], filters: 4, kernelSize: 3, activation: 'tanh' }),
      layers.maxPooling1d({ poolSize: 2 }),
      layers.globalAveragePooling1d({}),
      classifier(),
    ],
    sites: ['conv 4'],
  },
  {
    title: '3-D convolution',
    layers: () => [
      layers.conv3d({
        name: 'conv',
        inputShape: [6, 6, 6, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
      }),
      layers.flatten(),
      classifier(),
    ],
    sites: ['conv 4'],
  },
  {
    title: 'transposed convolution and upsampling',
    layers: () => [
      layers.conv2dTranspose({
        name: 'up',
        inputShape: [5, 5, 2],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
      }),
      layers.upSampling2d({ size: [2, 2] }),
      layers.globalMaxPooling2d({}),
      classifier(),
    ],
    sites: ['up 4'],
  },
  {
    title: 'separable and depthwise convolution, padding, cropping, permuting, noise',
    layers: () => [
      layers.zeroPadding2d({ inputShape: [6, 6, 2], padding: 1 }),
      layers.separableConv2d({ name: 'separable', filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.batchNormalization({}),
      layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 3, activation: 'relu' }),
      layers.cropping2D({ cropping: 1 }),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.permute({ dims: [2, 1, 3] }),
      layers.reshape({ targetShape: [4] }),
      layers.repeatVector({ n: 2 }),
      layers.flatten(),
      layers.gaussianNoise({ stddev: 1 }),
      classifier(),
    ],
    sites: ['separable 4', 'depthwise 4'],
  },
  {
    title: 'embedding',
    layers: () => [
      layers.embedding({ name: 'words', inputDim: 30, outputDim: 5, inputLength: 7 }),
      layers.flatten(),
      layers.dense({ name: 'hidden', units: 6, activation: 'elu' }),
      classifier(),
    ],
    sites: ['words 5', 'hidden 6'],
  },
  {
    title: 'recurrent layers, which are run but not ablated',
    layers: () => [
      layers.gru({ name: 'gru', inputShape: [6, 3], units: 4, returnSequences: true }),
      layers.lstm({ name: 'lstm', units: 3 }),
      layers.dense({ name: 'hidden', units: 6, activation: 'selu' }),
      classifier(),
    ],
    sites: ['hidden 6'],
    excluded: ['gru', 'lstm'],
  },
  {
    title: 'a layer over time steps, layer normalization, learned activations, no softmax',
    layers: () => [
      layers.timeDistributed({
        name: 'steps',
        inputShape: [6, 3],
        layer: layers.dense({ units: 4, activation: 'relu' }),
      }),
      layers.flatten(),
      layers.dense({ name: 'normed', units: 6, activation: 'sigmoid' }),
      layers.layerNormalization({}),
      layers.dense({ units: 4 }),
      layers.leakyReLU({ name: 'leaky' }),
      layers.dense({ units: 4 }),
      layers.prelu({ name: 'learned' }),
      layers.dense({ units: 3 }),
    ],
    sites: ['normed 6', 'leaky 4', 'learned 4'],
    excluded: ['steps'],
  },
];

describe('layers, run one by one', () => {
  const temporary = temporaryFolder();

  before(async function () {
    requireNative(this);
    await loadBackend({ backend: 'tfjs-node', native: defaultNativeFolders(), log: () => undefined });
  });

  for (const { title, layers: make, sites, excluded } of NETWORKS) {
    it(`give the very numbers of stock predict: ${title}`, async () => {
      const tensors = memory().numTensors;
      const folder = temporary.path('model');
      const model = sequential({ layers: make() });
      const shape = [SAMPLES, ...model.inputs[0]!.shape.slice(1).map((size) => size ?? 1)];
      const words = model.layers[0]!.getClassName() === 'Embedding';
      const x = tidy(() => (words ? floor(randomUniform(shape, 0, 30)) : randomNormal(shape)));
      const predicted = model.predict(x) as Tensor;
      await writeLayersModel(model, folder);
      const { network } = await readModel(join(folder, 'model.json'));

      const [output] = new Program(network, [network.input], [network.head.output]).run([x]);
      assert.deepEqual(output!.dataSync(), predicted.dataSync());
      const found = findSites(network);
      assert.deepEqual(
        found.sites.map(({ name, units }) => `${name} ${String(units)}`),
        sites,
      );
      assert.deepEqual(
        found.excluded.map(({ name }) => name),
        excluded ?? [],
      );
      network.dispose();
      model.dispose();
      for (const tensor of [x, predicted, output!]) tensor.dispose();
      assert.equal(memory().numTensors, tensors);
    });
  }
});
