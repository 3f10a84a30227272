import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** A kind of network, without weights. */
export interface Architecture {
  readonly build: () => tfl.LayersModel;
  /** The layer whose kernel and bias make the logits. */
  readonly head: string;
  /** Which output holds the class scores; 0 where there is one. */
  readonly scores?: number;
  /** What makes the class scores of the head's output; `softmax` unless it says otherwise. */
  readonly kind?: 'softmax' | 'sigmoid' | 'linear';
  /** How many words there are, where the inputs are the numbers of words and not normal values. */
  readonly words?: number;
  /** Changes weights after they were seeded. */
  readonly finish?: (model: tfl.LayersModel) => void;
}

const L = tfl.layers;
type Tensor = tfl.SymbolicTensor;
const apply = (layer: tfl.layers.Layer, input: Tensor | Tensor[]): Tensor => layer.apply(input) as Tensor;
const dense = (name: string, units: number, activation: 'relu' | 'linear' | 'tanh' | 'softmax' | 'sigmoid') =>
  L.dense({ name, units, activation });
const conv = (name: string, filters: number, activation: 'relu' | 'linear') =>
  L.conv2d({ name, filters, kernelSize: 3, activation, padding: 'same' });

/** Every kind of network the engine has to handle, by name. */
export const architectures = {
  /** `hidden` has a unit that never fires and one that nothing listens to. */
  mlp: {
    head: 'scores',
    build: () =>
      tfl.sequential({
        layers: [
          L.dense({
            name: 'hidden',
            units: 16,
            activation: 'relu',
            inputShape: [20],
          }),
          L.dropout({ name: 'drop', rate: 0.3 }),
          dense('second', 12, 'tanh'),
          dense('scores', 5, 'softmax'),
        ],
      }),
    finish: (model) => {
      edit(model.getLayer('hidden'), 1, (bias) => (bias[3] = -1000));
      edit(model.getLayer('second'), 0, (kernel) => kernel.fill(0, 5 * 12, 6 * 12));
    },
  },
  /** Batch norm before a nonlinearity, and before a pool (the site is the batch norm itself). */
  batchNorm: {
    head: 'scores',
    build: () =>
      tfl.sequential({
        layers: [
          L.conv2d({
            name: 'conv_a',
            filters: 6,
            kernelSize: 3,
            useBias: false,
            inputShape: [12, 12, 2],
          }),
          L.batchNormalization({ name: 'norm_a' }),
          L.activation({ name: 'relu_a', activation: 'relu' }),
          L.maxPooling2d({ name: 'pool_a', poolSize: 2 }),
          conv('conv_b', 7, 'linear'),
          L.batchNormalization({ name: 'norm_b' }),
          L.averagePooling2d({ name: 'pool_b', poolSize: 2, strides: 1 }),
          conv('conv_c', 8, 'relu'),
          L.globalAveragePooling2d({ name: 'mean' }),
          dense('scores', 4, 'softmax'),
        ],
      }),
  },
  /** A residual block: the convolution before the add and the nonlinearity after it are sites. */
  residual: {
    head: 'scores',
    build: () => {
      const input = tfl.input({ shape: [8, 8, 3], name: 'input' });
      const stem = apply(conv('stem', 6, 'relu'), input);
      const inner = apply(conv('block_1', 5, 'relu'), stem);
      const outer = apply(conv('block_2', 6, 'linear'), inner);
      const sum = apply(L.add({ name: 'add' }), [stem, outer]);
      const end = apply(L.activation({ name: 'end', activation: 'relu' }), sum);
      const flat = apply(L.globalMaxPooling2d({ name: 'flat' }), end);
      return tfl.model({
        inputs: input,
        outputs: apply(dense('scores', 5, 'softmax'), flat),
      });
    },
  },
  /** Two branches of unlike nonlinearities, joined. */
  branches: {
    head: 'scores',
    build: () => {
      const input = tfl.input({ shape: [10], name: 'input' });
      const left = apply(L.reLU({ name: 'left_relu' }), apply(dense('left', 7, 'linear'), input));
      const right = apply(L.leakyReLU({ name: 'right_leaky' }), apply(dense('right', 9, 'linear'), input));
      const both = apply(L.concatenate({ name: 'both' }), [left, right]);
      const joint = apply(dense('joint', 8, 'relu'), both);
      return tfl.model({
        inputs: input,
        outputs: apply(dense('scores', 6, 'softmax'), joint),
      });
    },
  },
  /** One layer used twice. */
  shared: {
    head: 'scores',
    build: () => {
      const input = tfl.input({ shape: [12], name: 'input' });
      const twice = dense('twice', 8, 'relu');
      const first = apply(twice, apply(dense('first', 8, 'relu'), input));
      const second = apply(twice, first);
      return tfl.model({
        inputs: input,
        outputs: apply(dense('scores', 5, 'softmax'), second),
      });
    },
  },
  /** A Sequential in a Functional model; its last, linear layer gets its nonlinearity outside of it. */
  nested: {
    head: 'scores',
    build: () => {
      const input = tfl.input({ shape: [14], name: 'input' });
      const inner = tfl.sequential({
        name: 'inner',
        layers: [
          L.dense({
            name: 'inner_1',
            units: 9,
            activation: 'relu',
            inputShape: [10],
          }),
          dense('inner_2', 6, 'linear'),
        ],
      });
      const outer = apply(dense('outer', 10, 'relu'), input);
      const after = apply(L.activation({ name: 'after', activation: 'relu' }), apply(inner, outer));
      return tfl.model({
        inputs: input,
        outputs: apply(dense('scores', 5, 'softmax'), after),
      });
    },
  },
  /** A Sequential called twice: each of its layers is a site at each call. */
  nestedTwice: {
    head: 'scores',
    build: () => {
      const input = tfl.input({ shape: [10], name: 'input' });
      const inner = tfl.sequential({
        name: 'inner',
        layers: [
          L.dense({ name: 'inner_1', units: 9, activation: 'relu', inputShape: [10] }),
          dense('inner_2', 10, 'relu'),
        ],
      });
      const twice = apply(inner, apply(inner, input));
      return tfl.model({ inputs: input, outputs: apply(dense('scores', 4, 'softmax'), twice) });
    },
  },
  /** Depthwise and separable convolutions. */
  depthwise: {
    head: 'scores',
    build: () =>
      tfl.sequential({
        layers: [
          L.depthwiseConv2d({
            name: 'depthwise',
            kernelSize: 3,
            depthMultiplier: 2,
            activation: 'relu',
            inputShape: [9, 9, 3],
          }),
          L.separableConv2d({
            name: 'separable',
            filters: 8,
            kernelSize: 3,
            activation: 'relu',
          }),
          L.globalAveragePooling2d({ name: 'mean' }),
          dense('scores', 4, 'softmax'),
        ],
      }),
  },
  /** Two classes from a single sigmoid. */
  sigmoid: {
    head: 'score',
    kind: 'sigmoid',
    build: () =>
      tfl.sequential({
        layers: [
          L.dense({
            name: 'hidden',
            units: 8,
            activation: 'relu',
            inputShape: [9],
          }),
          dense('second', 6, 'relu'),
          dense('score', 1, 'sigmoid'),
        ],
      }),
  },
  /** The softmax is a layer of its own. */
  separateSoftmax: {
    head: 'logits',
    build: () =>
      tfl.sequential({
        layers: [
          L.dense({
            name: 'hidden',
            units: 10,
            activation: 'relu',
            inputShape: [11],
          }),
          dense('logits', 5, 'linear'),
          L.activation({ name: 'softmax', activation: 'softmax' }),
        ],
      }),
  },
  /** Two classes of which each has the weights of the other, but for some parts in ten millions. */
  nearTies: {
    head: 'scores',
    build: () =>
      tfl.sequential({
        layers: [
          L.dense({ name: 'hidden', units: 14, activation: 'relu', inputShape: [16] }),
          dense('second', 10, 'relu'),
          dense('scores', 4, 'softmax'),
        ],
      }),
    finish: (model) =>
      edit(model.getLayer('scores'), 0, (kernel) => {
        for (let at = 0; at < kernel.length; at += 4) {
          kernel[at + 1] = (kernel[at] as number) * (1 + (at % 3 === 0 ? 3e-7 : -3e-7));
        }
      }),
  },
  /** A number and class scores, from one trunk. */
  twoOutputs: {
    head: 'scores',
    scores: 1,
    build: () => {
      const input = tfl.input({ shape: [10], name: 'input' });
      const trunk = apply(dense('trunk', 12, 'relu'), input);
      const number = apply(dense('number', 1, 'linear'), trunk);
      const scores = apply(dense('scores', 5, 'softmax'), trunk);
      return tfl.model({ inputs: input, outputs: [number, scores] });
    },
  },
} as const satisfies Record<string, Architecture>;

export type FixtureName = keyof typeof architectures;

/** Changes one weight of a layer in place. */
function edit(layer: tfl.layers.Layer, index: number, change: (values: Float32Array) => void): void {
  const weights = layer.getWeights();
  const changed = weights.map((weight, i) => {
    const values = weight.dataSync().slice() as Float32Array;
    if (i === index) change(values);
    return tf.tensor(values, weight.shape);
  });
  layer.setWeights(changed);
  tf.dispose(changed);
}
