import { layers as L, input, model } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { apply, chain, classifier, type LayerNetwork } from './layerNetwork';

/** Embeddings and recurrent layers. */
export const SEQUENCES: readonly LayerNetwork[] = [
  {
    title: 'embedding, flattened',
    build: chain(
      () => L.embedding({ name: 'words', inputDim: 30, outputDim: 5, inputLength: 7 }),
      () => L.flatten(),
      () => L.dense({ name: 'hidden', units: 6, activation: 'elu' }),
      () => classifier(),
    ),
    sites: ['words 5', 'hidden 6'],
    words: 30,
  },
  {
    title: 'embedding, averaged, and dense layers on a sequence',
    build: chain(
      () => L.embedding({ name: 'words', inputDim: 30, outputDim: 5, inputLength: 7 }),
      () => L.spatialDropout1d({ name: 'dropped', rate: 0.2 }),
      () => L.dense({ name: 'each', units: 6, activation: 'softplus' }),
      () => L.globalAveragePooling1d({}),
      () => L.dense({ name: 'hidden', units: 4, activation: 'hardSigmoid' }),
      () => classifier(),
    ),
    sites: ['dropped 5', 'each 6', 'hidden 4'],
    words: 30,
  },
  {
    title: 'gru and lstm, stacked',
    build: chain(
      () => L.gru({ name: 'gru', inputShape: [6, 3], units: 4, returnSequences: true }),
      () => L.lstm({ name: 'lstm', units: 3 }),
      () => L.dense({ name: 'hidden', units: 6, activation: 'selu' }),
      () => classifier(),
    ),
    sites: ['gru 4', 'lstm 3', 'hidden 6'],
  },
  {
    title: 'recurrent layers with other activations, without bias, backwards, with dropout, of one unit',
    build: chain(
      () => L.simpleRNN({ name: 'plain', inputShape: [6, 3], units: 4, returnSequences: true, dropout: 0.3 }),
      () =>
        L.gru({
          name: 'gru',
          units: 5,
          returnSequences: true,
          activation: 'relu',
          recurrentActivation: 'sigmoid',
          useBias: false,
          implementation: 2,
          goBackwards: true,
        }),
      () =>
        L.lstm({
          name: 'lstm',
          units: 3,
          returnSequences: true,
          activation: 'elu',
          recurrentActivation: 'sigmoid',
          useBias: false,
          recurrentDropout: 0.2,
        }),
      () =>
        L.lstm({ name: 'back', units: 4, goBackwards: true, returnSequences: true, unitForgetBias: false }),
      () => L.simpleRNN({ name: 'one', units: 1, useBias: false, activation: 'sigmoid' }),
      () => classifier(),
    ),
    sites: ['plain 4', 'gru 5', 'lstm 3', 'back 4', 'one 1'],
  },
  {
    title: 'a recurrent layer before an activation, a normalization and a pooling over time',
    build: chain(
      () => L.simpleRNN({ name: 'plain', inputShape: [6, 3], units: 4, returnSequences: true }),
      () => L.batchNormalization({}),
      () => L.activation({ activation: 'relu' }),
      () => L.globalMaxPooling1d({}),
      () => classifier(),
    ),
    sites: ['plain 4'],
  },
  {
    title: 'two-way recurrent layers, joined',
    build: chain(
      () =>
        L.bidirectional({
          name: 'both',
          inputShape: [5, 3],
          layer: L.lstm({ units: 3, returnSequences: true }),
          mergeMode: 'concat',
        }),
      () => L.bidirectional({ name: 'ends', layer: L.gru({ units: 4 }), mergeMode: 'concat' }),
      () => classifier(),
    ),
    sites: ['both/forward 3', 'both/backward 3', 'ends/forward 4', 'ends/backward 4'],
  },
  {
    title: 'two-way recurrent layers, added, averaged and multiplied',
    build: chain(
      () =>
        L.bidirectional({
          name: 'sum',
          inputShape: [5, 3],
          layer: L.simpleRNN({ units: 3, returnSequences: true }),
          mergeMode: 'sum',
        }),
      () =>
        L.bidirectional({
          name: 'mean',
          layer: L.gru({ units: 4, returnSequences: true, goBackwards: true }),
          mergeMode: 'ave',
        }),
      () => L.reLU({ name: 'relu' }),
      () => L.bidirectional({ name: 'product', layer: L.lstm({ units: 3 }), mergeMode: 'mul' }),
      () => classifier(),
    ),
    sites: [
      'sum/forward 3',
      'sum/backward 3',
      'mean/forward 4',
      'mean/backward 4',
      'relu 4',
      'product/forward 3',
      'product/backward 3',
    ],
  },
  {
    title: 'recurrent layers that start from the states of others',
    build: () => {
      const x = input({ shape: [5, 3] });
      const encoder = L.lstm({ name: 'encoder', units: 4, returnState: true });
      const [ends, h, c] = encoder.apply(x) as SymbolicTensor[];
      const decoder = L.lstm({ name: 'decoder', units: 4, returnSequences: true, goBackwards: true });
      const decoded = decoder.apply([x, h!, c!]) as SymbolicTensor;
      const both = L.bidirectional({
        name: 'both',
        layer: L.gru({ units: 4 }),
        mergeMode: 'concat',
      });
      const merged = both.apply([decoded, ends!, h!]) as SymbolicTensor;
      return model({ inputs: x, outputs: apply(classifier(), merged) });
    },
    sites: ['encoder 4', 'decoder 4', 'both/forward 4', 'both/backward 4'],
  },
  {
    title: 'a two-way layer that gives its states',
    build: () => {
      const x = input({ shape: [5, 3] });
      const both = L.bidirectional({
        name: 'both',
        layer: L.lstm({ units: 3, returnState: true, returnSequences: true }),
        mergeMode: 'concat',
      });
      const [merged, ...states] = both.apply(x) as SymbolicTensor[];
      const all = apply(L.concatenate({}), apply(L.flatten(), merged!), ...states);
      return model({ inputs: x, outputs: apply(classifier(), all) });
    },
    sites: ['both/forward 3', 'both/backward 3'],
  },
  {
    title: 'cells of recurrent layers, and a shared recurrent layer',
    build: () => {
      const x = input({ shape: [5, 3] });
      const wrapped = apply(
        L.rnn({ name: 'wrapped', cell: L.gruCell({ units: 3 }), returnSequences: true }),
        x,
      );
      const shared = L.lstm({ name: 'shared', units: 3, returnSequences: true });
      const twice = apply(shared, apply(shared, wrapped));
      const stacked = L.rnn({
        name: 'stacked',
        cell: [L.lstmCell({ units: 3 }), L.gruCell({ units: 4 })],
      });
      return model({ inputs: x, outputs: apply(classifier(), apply(stacked, twice)) });
    },
    sites: ['wrapped 3', 'shared 3', 'shared@1 3'],
    excluded: ['stacked'],
  },
  {
    title: 'a recurrent convolution',
    build: chain(
      () => L.convLstm2d({ name: 'film', inputShape: [3, 5, 5, 2], filters: 3, kernelSize: 3 }),
      () => L.flatten(),
      () => L.dense({ name: 'hidden', units: 4, activation: 'relu' }),
      () => classifier(),
    ),
    sites: ['hidden 4'],
    excluded: ['film'],
  },
];
