import * as tfl from '@tensorflow/tfjs-layers';
import type { Architecture } from './architectures';

const L = tfl.layers;
type Tensor = tfl.SymbolicTensor;
const apply = (layer: tfl.layers.Layer, input: Tensor | Tensor[]): Tensor => layer.apply(input) as Tensor;

/** Networks with several inputs, by name. */
export const severalInputs = {
  /** A picture and facts about it; both branches go through one shared layer, and the facts past it as well. */
  imageAndTable: {
    head: 'scores',
    build: () => {
      const image = tfl.input({ shape: [8, 8, 2], name: 'image' });
      const table = tfl.input({ shape: [5], name: 'table' });
      const shared = L.dense({ name: 'shared', units: 8, activation: 'relu' });
      const conv = L.conv2d({ name: 'conv', filters: 6, kernelSize: 3, useBias: false });
      const maps = apply(L.batchNormalization({ name: 'norm' }), apply(conv, image));
      const seen = apply(
        L.maxPooling2d({ name: 'pool', poolSize: 2 }),
        apply(L.reLU({ name: 'maps' }), maps),
      );
      const deep = apply(L.conv2d({ name: 'deep', filters: 7, kernelSize: 2, activation: 'relu' }), seen);
      const picture = apply(L.globalAveragePooling2d({ name: 'mean' }), deep);
      const facts = apply(L.dense({ name: 'facts', units: 7, activation: 'relu' }), table);
      const both = apply(L.concatenate({ name: 'both' }), [
        apply(shared, picture),
        apply(shared, facts),
        table,
      ]);
      const joint = apply(L.dense({ name: 'joint', units: 9, activation: 'relu' }), both);
      return tfl.model({
        inputs: [image, table],
        outputs: apply(L.dense({ name: 'scores', units: 5, activation: 'softmax' }), joint),
      });
    },
  },
  /** Words and numbers, joined by an add; the numbers are given last and read first. */
  wordsAndNumbers: {
    head: 'score',
    kind: 'sigmoid',
    words: 20,
    build: () => {
      const words = tfl.input({ shape: [6], name: 'words', dtype: 'int32' });
      const numbers = tfl.input({ shape: [4], name: 'numbers' });
      const embedded = apply(L.embedding({ name: 'embedding', inputDim: 20, outputDim: 5 }), words);
      const read = apply(L.gru({ name: 'gru', units: 6 }), embedded);
      const counted = apply(L.dense({ name: 'counted', units: 6 }), numbers);
      const sum = apply(L.add({ name: 'add' }), [counted, read]);
      const known = apply(L.activation({ name: 'known', activation: 'relu' }), sum);
      return tfl.model({
        inputs: [words, numbers],
        outputs: apply(L.dense({ name: 'score', units: 1, activation: 'sigmoid' }), known),
      });
    },
  },
} as const satisfies Record<string, Architecture>;

export type SeveralInputsName = keyof typeof severalInputs;
