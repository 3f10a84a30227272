import { layers as L, input, model, sequential } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { CONVOLUTIONS } from './convolutions';
import { apply, chain, classifier, type LayerNetwork } from './layerNetwork';
import { REGISTERED } from './registered';
import { SEQUENCES } from './sequences';

const OVER_TIME: readonly LayerNetwork[] = [
  {
    title: 'dense layers on every step, layer normalization, learned activations, no softmax',
    build: chain(
      () =>
        L.timeDistributed({
          name: 'steps',
          inputShape: [6, 3],
          layer: L.dense({ units: 4, activation: 'relu' }),
        }),
      () => L.flatten(),
      () => L.dense({ name: 'normed', units: 6, activation: 'sigmoid' }),
      () => L.layerNormalization({}),
      () => L.dense({ units: 4 }),
      () => L.leakyReLU({ name: 'leaky' }),
      () => L.dense({ units: 4 }),
      () => L.prelu({ name: 'learned' }),
      () => L.dense({ units: 4 }),
      () => L.thresholdedReLU({ name: 'threshold' }),
      () => L.dense({ units: 3 }),
    ),
    sites: ['steps 4', 'normed 6', 'leaky 4', 'learned 4', 'threshold 4'],
  },
  {
    title: 'a convnet on every frame of a film',
    build: chain(
      () =>
        L.timeDistributed({
          name: 'conv',
          inputShape: [3, 8, 8, 2],
          layer: L.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
        }),
      () => L.timeDistributed({ name: 'norm', layer: L.batchNormalization({}) }),
      () => L.timeDistributed({ name: 'relu', layer: L.activation({ activation: 'relu' }) }),
      () =>
        L.timeDistributed({ name: 'depth', layer: L.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 }) }),
      () => L.timeDistributed({ name: 'pool', layer: L.globalAveragePooling2d({}) }),
      () => L.lstm({ name: 'lstm', units: 3 }),
      () => classifier(),
    ),
    sites: ['relu 4', 'depth 8', 'lstm 3'],
  },
  {
    title: 'what cannot be ablated on every step',
    build: chain(
      () =>
        L.timeDistributed({
          name: 'inner',
          inputShape: [3, 4, 2],
          layer: L.lstm({ units: 4, returnSequences: true }),
        }),
      () =>
        L.timeDistributed({
          name: 'model',
          layer: sequential({ layers: [L.flatten({ inputShape: [4, 4] }), L.dense({ units: 5 })] }),
        }),
      () => L.flatten(),
      () => classifier(),
    ),
    sites: [],
    excluded: ['inner', 'model'],
  },
];

const JOINS: readonly LayerNetwork[] = [
  {
    title: 'all ways of joining branches',
    build: () => {
      const x = input({ shape: [6] });
      const dense = (name: string): SymbolicTensor =>
        apply(L.dense({ name, units: 4, activation: 'tanh' }), x);
      const a = dense('a');
      const b = dense('b');
      const average = apply(L.average({}), a, b);
      const largest = apply(L.maximum({}), average, b);
      const least = apply(L.minimum({}), largest, a);
      const product = apply(L.multiply({}), least, b);
      const sum = apply(L.activation({ name: 'end', activation: 'softsign' }), apply(L.add({}), product, a));
      const angle = apply(L.dot({ axes: -1 }), a, b);
      const all = apply(L.concatenate({ axis: 1 }), sum, angle);
      return model({ inputs: x, outputs: apply(classifier(), all) });
    },
    sites: ['a 4', 'b 4', 'end 4'],
  },
  {
    title: 'a log-softmax at the end, attention before it',
    build: () => {
      const x = input({ shape: [5, 4] });
      const each = apply(L.dense({ name: 'each', units: 4, activation: 'relu' }), x);
      const weights = apply(L.softmax({ axis: -1 }), apply(L.dense({ name: 'weights', units: 4 }), each));
      const heard = apply(L.globalAveragePooling1d({}), apply(L.multiply({}), each, weights));
      const logits = apply(L.dense({ name: 'logits', units: 3, activation: 'logSoftmax' as never }), heard);
      return model({ inputs: x, outputs: logits });
    },
    sites: ['each 4', 'weights 4'],
  },
];

/**
 * Small classifiers with every kind of layer, and the sites of each, listed by hand. Weights are as the layers
 * make them. A TensorFlow.js backend must be ready before a network is built.
 */
export const LAYER_NETWORKS: readonly LayerNetwork[] = [
  ...CONVOLUTIONS,
  ...SEQUENCES,
  ...OVER_TIME,
  ...JOINS,
  ...REGISTERED,
];
