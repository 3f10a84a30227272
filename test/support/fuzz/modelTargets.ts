import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { File } from 'h5wasm';
import * as tf from '@tensorflow/tfjs-layers';
import { findSites } from '../../../src/core/network/sites';
import { detectModelFormat } from '../../../src/formats/models/modelFormat';
import { readModel } from '../../../src/formats/models/readModel';
import { writeLayersModel } from '../../../src/formats/models/writeLayersModel';
import { list, node, placeholder, text, writeGraph } from '../graph/writeGraph';
import { writeHdf5 } from '../hdf5';
import type { Parts, Target } from './targets';

const { layers: L } = tf;

/** Reads a model as Inspect Model does. */
function model(name: string): Target['read'] {
  return [
    (folder) => detectModelFormat(join(folder, name)),
    async (folder) => {
      const { network } = await readModel(join(folder, name));
      try {
        findSites(network);
      } finally {
        network.dispose();
      }
    },
  ];
}

async function filesOf(folder: string): Promise<Parts> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

/** Images through a residual connection and a model inside a model. */
function images(): tf.LayersModel {
  const input = tf.input({ shape: [6, 6, 1], name: 'image' });
  const first = L.conv2d({
    filters: 3,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    name: 'first',
  }).apply(input);
  const norm = L.batchNormalization({ name: 'norm' }).apply(first);
  const second = L.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'second' }).apply(norm);
  const sum = L.add({ name: 'sum' }).apply([first, second] as tf.SymbolicTensor[]);
  const pooled = L.maxPooling2d({ poolSize: 2, name: 'pool' }).apply(sum);
  const inner = tf.sequential({
    name: 'inner',
    layers: [L.dense({ units: 4, activation: 'tanh', inputShape: [27], name: 'deep' })],
  });
  const flat = L.flatten({ name: 'flat' }).apply(pooled);
  const deep = inner.apply(flat) as tf.SymbolicTensor;
  const output = L.dense({ units: 3, activation: 'softmax', name: 'classes' }).apply(deep);
  return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor, name: 'net' });
}

function sequence(): tf.LayersModel {
  return tf.sequential({
    layers: [
      L.bidirectional({
        layer: L.lstm({ units: 3, returnSequences: true, recurrentInitializer: 'glorotNormal' }),
        mergeMode: 'concat',
        inputShape: [5, 2],
      }),
      L.timeDistributed({ layer: L.dense({ units: 4, activation: 'relu' }) }),
      L.gru({ units: 3, recurrentInitializer: 'glorotNormal' }),
      L.dropout({ rate: 0.5 }),
      L.dense({ units: 3, activation: 'softmax' }),
    ],
  });
}

async function layersModel(build: () => tf.LayersModel, scratch: string): Promise<Parts> {
  const built = build();
  await writeLayersModel(built, scratch);
  built.dispose();
  return filesOf(scratch);
}

async function graphModel(scratch: string): Promise<Parts> {
  const windows = { strides: list([1, 1, 1, 1]), dilations: list([1, 1, 1, 1]), data_format: text('NHWC') };
  const values = (count: number): number[] => Array.from({ length: count }, (_, i) => Math.sin(i));
  await writeGraph(
    scratch,
    [
      placeholder('x', [6, 6, 2]),
      node('conv', 'Conv2D', ['x', 'k'], { ...windows, padding: text('SAME') }),
      node('biased', 'BiasAdd', ['conv', 'b'], { data_format: text('NHWC') }),
      node('relu', 'Relu', ['biased']),
      node('pool', 'MaxPool', ['relu'], {
        ...windows,
        ksize: list([1, 2, 2, 1]),
        strides: list([1, 2, 2, 1]),
        padding: text('VALID'),
      }),
      node('flat', 'Reshape', ['pool', 'to']),
      node('dense', '_FusedMatMul', ['flat', 'w', 'c'], {
        fused_ops: list(['BiasAdd', 'Relu']),
        num_args: { i: '1' },
        transpose_a: { b: false },
        transpose_b: { b: false },
      }),
      node('logits', 'MatMul', ['dense', 'v']),
      node('scores', 'Softmax', ['logits']),
    ],
    {
      k: { shape: [3, 3, 2, 3], values: values(54) },
      b: { shape: [3], values: values(3) },
      to: { shape: [2], values: [-1, 27], dtype: 'int32' },
      w: { shape: [27, 4], values: values(108) },
      c: { shape: [4], values: values(4) },
      v: { shape: [4, 3], values: values(12) },
    },
  );
  return filesOf(scratch);
}

const policy = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
};
const tensor = (name: string): unknown => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 4], dtype: 'float32', keras_history: [name, 0, 0] },
});
const dense = (name: string, units: number, activation: string, from: string): unknown => ({
  module: 'keras.layers',
  class_name: 'Dense',
  config: { name, trainable: true, dtype: policy, units, activation, use_bias: true },
  registered_name: null,
  build_config: { input_shape: [null, 4] },
  name,
  inbound_nodes: [{ args: [tensor(from)], kwargs: {} }],
});

/** Of Keras 3: two layers added up, then the classes. */
const KERAS_3 = {
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  config: {
    name: 'net',
    trainable: true,
    dtype: policy,
    layers: [
      {
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: { batch_shape: [null, 4], dtype: 'float32', sparse: false, name: 'x' },
        registered_name: null,
        name: 'x',
        inbound_nodes: [],
      },
      dense('a', 4, 'relu', 'x'),
      dense('b', 4, 'linear', 'a'),
      {
        module: 'keras.layers',
        class_name: 'Add',
        config: { name: 'sum', trainable: true, dtype: policy },
        registered_name: null,
        build_config: {
          input_shape: [
            [null, 4],
            [null, 4],
          ],
        },
        name: 'sum',
        inbound_nodes: [{ args: [[tensor('a'), tensor('b')]], kwargs: {} }],
      },
      dense('classes', 3, 'softmax', 'sum'),
    ],
    input_layers: [['x', 0, 0]],
    output_layers: [['classes', 0, 0]],
  },
  registered_name: 'Functional',
};

/** Of Keras 2. */
const KERAS_2 = {
  class_name: 'Sequential',
  config: {
    name: 'net',
    layers: [
      {
        class_name: 'Conv1D',
        config: {
          name: 'conv',
          batch_input_shape: [null, 6, 2],
          filters: 3,
          kernel_size: [3],
          strides: [1],
          padding: 'same',
          activation: 'relu',
          use_bias: true,
        },
      },
      {
        class_name: 'GRU',
        config: {
          name: 'gru',
          units: 4,
          activation: 'tanh',
          recurrent_activation: 'sigmoid',
          use_bias: true,
          reset_after: true,
          time_major: false,
        },
      },
      { class_name: 'Dropout', config: { name: 'dropout', rate: 0.5 } },
      { class_name: 'Dense', config: { name: 'classes', units: 3, activation: 'softmax', use_bias: true } },
    ],
  },
  keras_version: '2.15.0',
  backend: 'tensorflow',
};

type Shapes = Readonly<Record<string, readonly (readonly number[])[]>>;
const SHAPES_3: Shapes = { a: [[4, 4], [4]], b: [[4, 4], [4]], classes: [[4, 3], [3]] };
const SHAPES_2: Shapes = {
  conv: [[3, 2, 3], [3]],
  gru: [
    [3, 12],
    [4, 12],
    [2, 12],
  ],
  classes: [[4, 3], [3]],
};

const values = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.cos(i));

function stored(file: File): void {
  const root = file.create_group('layers');
  for (const [i, [name, shapes]] of Object.entries(SHAPES_3).entries()) {
    const vars = root.create_group(i === 0 ? 'dense' : `dense_${String(i)}`).create_group('vars');
    vars.create_attribute('name', name);
    shapes.forEach((shape, k) =>
      vars.create_dataset({ name: String(k), data: values(shape), shape: [...shape] }),
    );
  }
}

function legacy(file: File): void {
  const root = file.create_group('model_weights');
  root.create_attribute('layer_names', Object.keys(SHAPES_2));
  for (const [name, shapes] of Object.entries(SHAPES_2)) {
    const group = root.create_group(name);
    group.create_attribute(
      'weight_names',
      shapes.map((_, k) => `w_${String(k)}:0`),
    );
    shapes.forEach((shape, k) =>
      group.create_dataset({ name: `w_${String(k)}:0`, data: values(shape), shape: [...shape] }),
    );
  }
}

async function hdf5(scratch: string, fill: (file: File) => void): Promise<Uint8Array> {
  await writeHdf5(join(scratch, 'written.h5'), fill);
  return readFile(join(scratch, 'written.h5'));
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Models of every format. */
export const modelTargets: readonly Target[] = [
  {
    name: 'layers model',
    share: 0.5,
    parts: (scratch) => layersModel(images, scratch),
    read: model('model.json'),
  },
  {
    name: 'recurrent model',
    share: 0.5,
    parts: (scratch) => layersModel(sequence, scratch),
    read: model('model.json'),
  },
  { name: 'graph model', share: 0.5, parts: graphModel, read: model('model.json') },
  {
    name: 'keras zip',
    share: 0.5,
    parts: async (scratch) => ({
      'config.json': json(KERAS_3),
      'metadata.json': json({ keras_version: '3.5.0' }),
      'model.weights.h5': await hdf5(scratch, stored),
    }),
    pack: (parts) => ({ 'm.keras': zipSync(parts) }),
    read: model('m.keras'),
  },
  {
    name: 'keras hdf5',
    share: 0.5,
    parts: async (scratch) => ({
      'm.h5': await hdf5(scratch, (file) => {
        file.create_attribute('model_config', JSON.stringify(KERAS_2));
        file.create_attribute('keras_version', '2.15.0');
        legacy(file);
      }),
    }),
    read: model('m.h5'),
  },
  {
    name: 'keras topology and weights',
    share: 0.5,
    parts: async (scratch) => {
      await mkdir(scratch, { recursive: true });
      return { 'm.json': json(KERAS_2), 'm.weights.h5': await hdf5(scratch, legacy) };
    },
    read: [...model('m.weights.h5'), ...model('m.json')],
  },
];
