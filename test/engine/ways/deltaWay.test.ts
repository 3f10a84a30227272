import assert from 'node:assert/strict';
import { dispose, memory, type Tensor } from '@tensorflow/tfjs-core';
import { layers as L, input, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { deltaWay } from '../../../src/core/ablation/ways/delta';
import { stackedWay } from '../../../src/core/ablation/ways/stacked';
import type { Network } from '../../../src/core/network/network';
import { findSites } from '../../../src/core/network/sites';
import { readModel } from '../../../src/formats/models/readModel';
import { writeLayersModel } from '../../../src/formats/models/writeLayersModel';
import { architectures } from '../../support/architectures';
import { apply, chain, type Layer } from '../../support/layerNetworks/layerNetwork';
import { LAYER_NETWORKS } from '../../support/layerNetworks/layerNetworks';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';
import { assertExact, contextOf, dataFor, seedWeights, type Operator } from '../../support/waySite';

const SAMPLES = 7;

/** Networks that lead through all parts of the delta way, beside those of the other tests. */
const NETWORKS: readonly {
  readonly title: string;
  readonly build: () => LayersModel;
  readonly words?: number;
}[] = [
  ...Object.entries(architectures).map(([title, { build }]) => ({ title, build })),
  ...LAYER_NETWORKS,
  {
    title: 'a residual net whose adds are followed by a ReLU, with batch norm',
    build: () => {
      const image = input({ shape: [9, 7, 3] });
      const conv = (x: SymbolicTensor, filters: number, strides: number): SymbolicTensor =>
        apply(
          L.batchNormalization({}),
          apply(L.conv2d({ filters, kernelSize: 3, strides, padding: 'same', useBias: false }), x),
        );
      const relu = (x: SymbolicTensor): SymbolicTensor => apply(L.activation({ activation: 'relu' }), x);
      const stem = relu(conv(image, 8, 1));
      const first = relu(apply(L.add(), stem, conv(relu(conv(stem, 8, 1)), 8, 1)));
      const short = conv(first, 12, 2);
      const second = relu(apply(L.add(), conv(relu(conv(first, 12, 2)), 12, 1), short));
      const pooled = apply(L.globalAveragePooling2d({}), second);
      return model({ inputs: image, outputs: apply(L.dense({ units: 5, activation: 'softmax' }), pooled) });
    },
  },
  {
    title: 'inverted residuals: expand, depthwise, project, with relu6',
    build: () => {
      const image = input({ shape: [12, 12, 3] });
      const norm = (x: SymbolicTensor): SymbolicTensor => apply(L.batchNormalization({}), x);
      const relu6 = (x: SymbolicTensor): SymbolicTensor => apply(L.reLU({ maxValue: 6 }), norm(x));
      const block = (x: SymbolicTensor, filters: number, strides: number): SymbolicTensor => {
        const wide = relu6(apply(L.conv2d({ filters: 12, kernelSize: 1, useBias: false }), x));
        const spread = relu6(
          apply(L.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }), wide),
        );
        const narrow = norm(apply(L.conv2d({ filters, kernelSize: 1, useBias: false }), spread));
        return strides === 1 && x.shape.at(-1) === filters ? apply(L.add(), x, narrow) : narrow;
      };
      const stem = relu6(apply(L.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same' }), image));
      const end = block(block(block(block(stem, 6, 1), 6, 1), 8, 2), 8, 1);
      const last = relu6(apply(L.conv2d({ filters: 16, kernelSize: 1 }), end));
      const pooled = apply(L.globalAveragePooling2d({}), last);
      return model({ inputs: image, outputs: apply(L.dense({ units: 6 }), pooled) });
    },
  },
  {
    title: 'wide 3×3 convolutions on maps of odd sizes, same and valid, with pools, flattened',
    build: chain(
      () => L.conv2d({ filters: 5, kernelSize: 3, inputShape: [13, 11, 2], activation: 'relu' }),
      () => L.conv2d({ filters: 96, kernelSize: 3, padding: 'same', activation: 'relu' }),
      () => L.conv2d({ filters: 96, kernelSize: 3, padding: 'same', useBias: false }),
      () => L.batchNormalization({}),
      () => L.leakyReLU({}),
      () => L.conv2d({ filters: 100, kernelSize: 3, activation: 'relu' }),
      () => L.maxPooling2d({ poolSize: 2 }),
      () => L.conv2d({ filters: 112, kernelSize: 3, padding: 'same', activation: 'relu' }),
      () => L.conv2d({ filters: 128, kernelSize: 3, padding: 'same', activation: 'relu' }),
      () => L.flatten(),
      () => L.dense({ units: 7, activation: 'softmax' }),
    ),
  },
  {
    title: 'causal and dilated convolutions of sequences',
    build: chain(
      () =>
        L.conv1d({ filters: 6, kernelSize: 3, inputShape: [17, 3], padding: 'causal', activation: 'relu' }),
      () => L.conv1d({ filters: 6, kernelSize: 3, padding: 'causal', activation: 'relu' }),
      () => L.averagePooling1d({ poolSize: 2 }),
      () => L.conv1d({ filters: 5, kernelSize: 4, strides: 2, padding: 'same', activation: 'tanh' }),
      () => L.dense({ units: 4, activation: 'relu' }),
      () => L.globalAveragePooling1d({}),
      () => L.dense({ units: 6, activation: 'relu' }),
      () => L.dense({ units: 3, activation: 'softmax' }),
    ),
  },
  {
    title: 'a dense block, gates, and depthwise convolutions with a multiplier and a dilation',
    build: () => {
      const image = input({ shape: [10, 10, 2] });
      const conv = (filters: number): Layer =>
        L.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu' });
      const a = apply(conv(4), image);
      const b = apply(conv(3), a);
      const both = apply(L.concatenate(), a, b);
      const c = apply(
        L.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, dilationRate: 2, activation: 'relu' }),
        both,
      );
      const squeezed = apply(L.globalAveragePooling2d({}), c);
      const gate = apply(L.dense({ units: 14, activation: 'sigmoid' }), squeezed);
      const gated = apply(L.multiply(), c, apply(L.reshape({ targetShape: [1, 1, 14] }), gate));
      const other = apply(L.conv2d({ filters: 14, kernelSize: 1, activation: 'relu' }), gated);
      const product = apply(L.multiply(), other, c);
      const padded = apply(L.zeroPadding2d({ padding: 1 }), product);
      const pooled = apply(L.maxPooling2d({ poolSize: 2 }), padded);
      const flat = apply(L.flatten(), pooled);
      return model({ inputs: image, outputs: apply(L.dense({ units: 4, activation: 'softmax' }), flat) });
    },
  },
];

describe('The delta way and the stacked way', function () {
  this.timeout(120_000);
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  for (const each of NETWORKS) {
    it(`agree with brute force: ${each.title}`, async () => {
      const network = await networkOf(each.build(), temporary.path('model'));
      const data = dataFor(network, SAMPLES + 2, 'words' in each ? each.words : undefined);
      for (const site of findSites(network).sites.filter(({ feeds }) => feeds)) {
        for (const operator of ['zero', 'mean', 'another'] satisfies Operator[]) {
          const tensors = memory().numTensors;
          // Small workspaces leave room for few pairs at once, the smallest for no transformed kernels.
          const workspace = { zero: 2 ** 28, mean: 2e6, another: 2.4e7 }[operator];
          const { context, close } = contextOf(network, site, data, operator, workspace);
          const first = site.units > 3 ? 1 : 0;
          const task = {
            first_unit: first,
            units: Math.min(6, site.units - first),
            samples: Int32Array.from({ length: SAMPLES }, (_, n) => SAMPLES + 1 - n),
            draw: 0,
          };
          for (const way of [stackedWay(context), deltaWay(context)]) {
            await assertExact(context, way, data, task, `${site.name} ${operator}`);
            way.dispose();
          }
          close();
          assert.equal(memory().numTensors, tensors, `${site.name} ${operator} leaves tensors`);
        }
      }
      dispose(data.x);
      network.dispose();
    });
  }
});

async function networkOf(stock: LayersModel, folder: string): Promise<Network> {
  seedWeights(stock, 3);
  const file = await writeLayersModel(stock, folder);
  const weights: Tensor[] = stock.weights.map((weight) => weight.read());
  stock.dispose();
  dispose(weights);
  return (await readModel(file)).network;
}
