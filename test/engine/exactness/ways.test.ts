import { dispose, memory, type Tensor } from '@tensorflow/tfjs-core';
import { layers as L, type LayersModel } from '@tensorflow/tfjs-layers';
import assert from 'node:assert/strict';
import { closedFormWay } from '../../../src/core/ablation/ways/closedForm';
import { fusedWay } from '../../../src/core/ablation/ways/fused';
import { jacobianWay } from '../../../src/core/ablation/ways/jacobian';
import { planSite } from '../../../src/core/ablation/ways/plan';
import type { SiteContext } from '../../../src/core/ablation/ways/way';
import type { KernelPool } from '../../../src/core/kernels/kernelPool';
import type { Network } from '../../../src/core/network/network';
import { findSites } from '../../../src/core/network/sites';
import { readModel } from '../../../src/formats/models/readModel';
import { writeLayersModel } from '../../../src/formats/models/writeLayersModel';
import { startKernels } from '../../support/kernels';
import { chain, classifier, type Layer } from '../../support/layerNetworks/layerNetwork';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';
import { assertExact, contextOf, dataFor, seedWeights, type Operator } from '../../support/waySite';

const SAMPLES = 70;
const WAYS = { 'closed-form': closedFormWay, jacobian: jacobianWay, fused: fusedWay };

/** Networks, and for each of their sites the ways with kernels that apply. */
const NETWORKS: readonly {
  readonly title: string;
  readonly build: () => LayersModel;
  readonly sites: Readonly<Record<string, readonly (keyof typeof WAYS)[]>>;
}[] = [
  {
    title: 'a perceptron, with dropout',
    build: chain(
      () => dense('first', 21, 'relu', { inputShape: [9] }),
      () => L.dropout({ rate: 0.3 }),
      () => dense('second', 13, 'relu'),
      () => classifier('scores', 10),
    ),
    sites: { first: ['jacobian', 'fused'], second: ['closed-form'] },
  },
  {
    title: 'two classes from one sigmoid',
    build: chain(
      () => dense('first', 12, 'relu', { inputShape: [7] }),
      () => dense('second', 6, 'relu'),
      () => L.dense({ name: 'score', units: 1, activation: 'sigmoid' }),
    ),
    sites: { first: ['jacobian', 'fused'], second: ['closed-form'] },
  },
  {
    title: 'two classes, other rectifiers, batch norm before one, logits at the end',
    build: chain(
      () => dense('first', 10, 'tanh', { inputShape: [8] }),
      () => L.dense({ name: 'second', units: 11, useBias: false }),
      () => L.batchNormalization({ name: 'norm' }),
      () => L.leakyReLU({ name: 'leaky', alpha: 0.2 }),
      () => dense('third', 9, 'linear'),
      () => L.reLU({ name: 'six', maxValue: 1 }),
      () => L.dense({ name: 'scores', units: 2 }),
    ),
    sites: { first: [], leaky: ['fused'], six: ['closed-form'] },
  },
  {
    title: 'strided convolutions with a pool and batch norm between, flattened',
    build: chain(
      () => conv('first', 5, { inputShape: [11, 9, 2], activation: 'relu' }),
      () => L.maxPooling2d({ poolSize: 2 }),
      () => conv('second', 6, { strides: 2, useBias: false }),
      () => L.batchNormalization({ name: 'norm' }),
      () => L.activation({ name: 'relu', activation: 'relu' }),
      () => L.flatten(),
      () => dense('third', 7, 'relu'),
      () => classifier('scores', 4),
    ),
    sites: { first: [], relu: ['fused'], third: ['closed-form'] },
  },
  {
    title: 'a dilated convolution before a linear head',
    build: chain(
      () => conv('first', 5, { inputShape: [9, 7, 2], activation: 'relu' }),
      () => conv('second', 6, { dilationRate: 2, padding: 'valid', activation: 'relu' }),
      () => L.averagePooling2d({ poolSize: 2 }),
      () => L.flatten(),
      () => classifier('scores', 5),
    ),
    sites: { first: ['fused'], second: ['closed-form'] },
  },
  {
    title: 'a depthwise convolution with a multiplier, then one by one, globally averaged',
    build: chain(
      () => conv('first', 4, { inputShape: [7, 7, 2], activation: 'relu' }),
      () => L.depthwiseConv2d({ name: 'depthwise', kernelSize: 3, depthMultiplier: 2 }),
      () => L.conv2d({ name: 'point', filters: 9, kernelSize: 1, activation: 'relu' }),
      () => L.globalAveragePooling2d({ name: 'mean' }),
      () => classifier('scores', 17),
    ),
    sites: { first: ['fused'], depthwise: ['fused'], point: ['closed-form'] },
  },
  {
    title: 'causal and dilated convolutions of sequences',
    build: chain(
      () => sequence('first', 5, { inputShape: [13, 3], padding: 'causal' }),
      () => sequence('second', 6, { padding: 'causal', dilationRate: 2 }),
      () => L.globalAveragePooling1d({}),
      () => classifier('scores', 3),
    ),
    sites: { first: ['fused'], second: ['closed-form'] },
  },
  {
    title: 'strided convolutions of sequences',
    build: chain(
      () => sequence('first', 5, { inputShape: [13, 3], padding: 'same' }),
      () => sequence('second', 6, { padding: 'same', strides: 2 }),
      () => L.flatten(),
      () => classifier('scores', 3),
    ),
    sites: { first: ['fused'], second: ['closed-form'] },
  },
  {
    title: 'dense layers at each step',
    build: chain(
      () => dense('first', 6, 'relu', { inputShape: [5, 4] }),
      () => dense('second', 7, 'relu'),
      () => L.flatten(),
      () => classifier('scores', 3),
    ),
    sites: { first: ['fused'], second: ['closed-form'] },
  },
  {
    title: 'convolutions of volumes',
    build: chain(
      () => volume('first', 4, { inputShape: [5, 4, 6, 1] }),
      () => volume('second', 5, { strides: 2 }),
      () => L.flatten(),
      () => classifier('scores', 3),
    ),
    sites: { first: ['fused'], second: ['closed-form'] },
  },
  {
    title: 'a recurrent layer, whose units are clamped before they are fed back',
    build: chain(
      () => L.gru({ name: 'first', units: 6, inputShape: [4, 3] }),
      () => dense('second', 6, 'relu'),
      () => classifier('scores', 3),
    ),
    sites: { first: [], second: ['closed-form'] },
  },
];

function dense(
  name: string,
  units: number,
  activation: 'relu' | 'tanh' | 'linear',
  more: Partial<Parameters<typeof L.dense>[0]> = {},
): Layer {
  return L.dense({ name, units, activation, ...more });
}

function conv(name: string, filters: number, more: Partial<Parameters<typeof L.conv2d>[0]>): Layer {
  return L.conv2d({ name, filters, kernelSize: 3, padding: 'same', ...more });
}

function sequence(name: string, filters: number, more: Partial<Parameters<typeof L.conv1d>[0]>): Layer {
  return L.conv1d({ name, filters, kernelSize: 3, activation: 'relu', ...more });
}

function volume(name: string, filters: number, more: Partial<Parameters<typeof L.conv3d>[0]>): Layer {
  return L.conv3d({ name, filters, kernelSize: 2, padding: 'same', activation: 'relu', ...more });
}

describe('the ways with kernels, against brute force', function () {
  this.timeout(120_000);
  const temporary = temporaryFolder();
  let kernels: KernelPool;

  before(async function () {
    await requireNativeBackend(this);
    kernels = await startKernels();
  });
  after(() => kernels.dispose());

  for (const { title, build, sites } of NETWORKS) {
    it(title, async () => {
      const network = await networkOf(build(), temporary.path('model'));
      const data = dataFor(network, SAMPLES + 2, undefined);
      const found = findSites(network).sites;
      assert.deepEqual(
        found.map((site) => site.name),
        Object.keys(sites),
      );
      for (const site of found) {
        for (const operator of ['zero', 'mean', 'another'] satisfies Operator[]) {
          const tensors = memory().numTensors;
          // A small workspace holds few samples at once.
          const workspace = operator === 'mean' ? 20_000 : 2 ** 28;
          const { context, close } = contextOf(network, site, data, operator, workspace);
          const applying = await check({ ...context, kernels });
          const some = sites[site.name]!.filter((name) => operator !== 'mean' || applying.includes(name));
          assert.deepEqual(applying, some, `${site.name}, ${operator}`);
          close();
          assert.equal(memory().numTensors, tensors, `${site.name} leaves tensors`);
          assert.equal(kernels.arena.allocated, 0, `${site.name} leaves memory`);
        }
      }
      dispose(data.x);
      network.dispose();

      /** Measures a site in all ways that apply; gives their names. */
      async function check(context: SiteContext): Promise<string[]> {
        const { site } = context;
        const first = site.units > 3 ? 1 : 0;
        const applying: string[] = [];
        for (const make of Object.values(WAYS)) {
          const way = make(context, planSite(network, site));
          if (way === null) continue;
          applying.push(way.name);
          for (const count of [SAMPLES, 5]) {
            const samples = Int32Array.from({ length: count }, (_, n) => SAMPLES + 1 - n);
            const task = { first_unit: first, units: site.units - first, samples, draw: 0 };
            await assertExact(context, way, data, task, site.name);
          }
          way.dispose();
        }
        return applying;
      }
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
