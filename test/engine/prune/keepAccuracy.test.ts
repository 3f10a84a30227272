import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { trainClassifier } from '../../../src/core/training/trainClassifier';
import { readLabelledData } from '../../../src/formats/data/readData';
import { writeLayersModel } from '../../../src/formats/models/writeLayersModel';
import { requireNative } from '../../support/requirements';
import { newSession } from '../exactness/engineRun';

const SAMPLE = path.join(__dirname, '../../../dist/sample');
const SHARE = 0.99;
const never = new AbortController().signal;

const L = tfl.layers;
type Tensor = tfl.SymbolicTensor;
let seed = 0;
const kernelInitializer = (): ReturnType<typeof tfl.initializers.heUniform> =>
  tfl.initializers.heUniform({ seed: ++seed });
const conv = (filters: number, strides: number, activation: 'relu' | 'linear'): tfl.layers.Layer =>
  L.conv2d({
    filters,
    kernelSize: 3,
    strides,
    padding: 'same',
    activation,
    kernelInitializer: kernelInitializer(),
  });
const dense = (units: number, activation: 'relu' | 'softmax'): tfl.layers.Layer =>
  L.dense({ units, activation, kernelInitializer: kernelInitializer() });
const through = (input: Tensor, ...layers: tfl.layers.Layer[]): Tensor =>
  layers.reduce((value, layer) => layer.apply(value) as Tensor, input);
const image = (): Tensor => tfl.input({ shape: [28, 28] });
const pixels = (): tfl.layers.Layer => L.reshape({ targetShape: [28, 28, 1] });

/** Networks for digits, as people build them, wider than digits need. */
const NETWORKS: Readonly<Record<string, () => tfl.LayersModel>> = {
  'with a residual block': () => {
    const inputs = image();
    const trunk = through(inputs, pixels(), conv(16, 2, 'relu'), conv(16, 2, 'relu'));
    const branch = through(trunk, conv(24, 1, 'relu'), conv(16, 1, 'linear'));
    const sum = L.add().apply([trunk, branch]) as Tensor;
    const outputs = through(sum, L.reLU(), L.flatten(), dense(128, 'relu'), dense(10, 'softmax'));
    return tfl.model({ inputs, outputs });
  },
  'with a model nested in it': () => {
    const inputs = image();
    const inner = tfl.input({ shape: [784] });
    const body = tfl.model({
      inputs: inner,
      outputs: through(inner, dense(96, 'relu'), dense(64, 'relu')),
      name: 'body',
    });
    return tfl.model({ inputs, outputs: through(inputs, L.flatten(), body, dense(10, 'softmax')) });
  },
  'with batch normalisation': () => {
    const inputs = image();
    const normed = (): tfl.layers.Layer[] => [L.batchNormalization({ momentum: 0.9 }), L.reLU()];
    const features = through(
      inputs,
      ...[pixels(), conv(16, 2, 'linear'), ...normed(), conv(24, 2, 'linear'), ...normed()],
    );
    const outputs = through(features, L.flatten(), dense(64, 'relu'), dense(10, 'softmax'));
    return tfl.model({ inputs, outputs });
  },
};

/** Trains on the sample's 2,000 digits of `test.npz`. */
async function learn(model: tfl.LayersModel): Promise<void> {
  const data = path.join(SAMPLE, 'test.npz');
  const digits = await readLabelledData({ data: `${data}#x`, labels: `${data}#y` });
  const values = await digits.read([...digits.labels.keys()]);
  const x = tf.tensor(
    values.map((value) => value / 255),
    [digits.samples, ...digits.shape],
  );
  const optimizer = { kind: 'adam', rate: 0.002 } as const;
  const options = { model, x, y: digits.labels, optimizer, batch: 64, epochs: 8, scoreEvery: 8, seed: 1 };
  for await (const { accuracy, epoch } of trainClassifier(options)) {
    if (epoch === 8) assert.ok(accuracy > 0.97, `learned ${accuracy}`);
  }
  x.dispose();
}

describe('prune --keep-accuracy on networks that were trained', function () {
  this.timeout(300_000);
  let folder = '';
  before(async function () {
    requireNative(this);
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-prune-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [name, build] of Object.entries(NETWORKS)) {
    it(`finds a quarter of the neurons and more that a network ${name} can spare, on digits it never saw`, async () => {
      const session = newSession();
      try {
        const directory = path.join(folder, name);
        const sample = path.join(SAMPLE, 'generalizes/model.json');
        await session.inspectModel(sample); // loads TensorFlow, which the training needs too
        seed = 0;
        const model = build();
        await learn(model);
        const spec = {
          model: await writeLayersModel(model, directory),
          data: `${path.join(SAMPLE, 'train.npz')}#x`,
          labels: `${path.join(SAMPLE, 'train.npz')}#y`,
          scale: '0..1',
          operator: 'zero',
          seed: 1,
        } as const;
        model.dispose();
        const choice = { kind: 'keep_accuracy', share: SHARE } as const;
        const params = { spec, choice, directory: path.join(directory, 'saved'), replace: false };
        const result = await session.prune(params, () => undefined, never);
        assert.equal(result.kind, 'complete');
        const { report } = result;
        const spared = 1 - report.units_after / report.units_before;
        assert.ok(spared >= 0.25, `${spared} of the neurons`);
        const kept = report.held_back_after! / report.held_back_before!;
        assert.ok(report.held_back_before! > 0.9, `baseline ${report.held_back_before}`);
        assert.ok(kept >= SHARE, `${kept} of the accuracy on ${report.held_back_samples} samples`);
        assert.ok(report.max_output_difference <= 1e-5, `${report.max_output_difference}`);
        assert.ok(report.bytes_after < report.bytes_before, `${report.bytes_after} bytes`);
      } finally {
        session.dispose();
      }
    });
  }
});
