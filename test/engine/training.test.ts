import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { permutation, shuffleLabels, uniforms } from '../../src/core/random';
import { perceptron } from '../../src/core/training/perceptron';
import {
  trainClassifier,
  type EpochReport,
  type TrainingOptions,
} from '../../src/core/training/trainClassifier';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { Cancelled } from '../../src/protocol/failure';

const SAMPLES = 60;
const CLASSES = 3;

/** Points in 8 dimensions with labels that have nothing to do with them. */
const points = () => tf.tensor(Float32Array.from(uniforms(SAMPLES * 8, 1)), [SAMPLES, 2, 4]);
const labels = shuffleLabels(
  Int32Array.from({ length: SAMPLES }, (_, i) => i % CLASSES),
  1,
  2,
);
const settings = { optimizer: { kind: 'adam', rate: 0.01 }, batch: 16, epochs: 400, seed: 3 } as const;

/** Trains a new network and returns its weights and what was reported on the way. */
async function train(
  options: Partial<TrainingOptions> & { model?: tfl.LayersModel } = {},
): Promise<{ weights: number[][]; reports: EpochReport[] }> {
  const model = options.model ?? perceptron({ input: [2, 4], hidden: [24, 24], classes: CLASSES, seed: 5 });
  const x = points();
  const reports: EpochReport[] = [];
  try {
    for await (const report of trainClassifier({ ...settings, ...options, model, x, y: labels })) {
      reports.push(report);
    }
    return { weights: model.getWeights().map((weight) => [...weight.dataSync()]), reports };
  } finally {
    x.dispose();
    model.dispose();
  }
}

describe('training a classifier', () => {
  before(() => loadBackend({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined }));

  it('memorises labels that have nothing to do with the samples, and stops as soon as it has', async () => {
    const { reports } = await train({ until: 0.99 });
    const last = reports.at(-1)!;
    assert.ok(last.accuracy >= 0.99, `accuracy ${last.accuracy} after ${last.epoch} epochs`);
    assert.ok(last.epoch < 400);
    assert.ok(reports.slice(0, -1).every((report) => report.accuracy < 0.99));
    assert.ok(last.loss < reports[0]!.loss / 4, `loss ${reports[0]!.loss} → ${last.loss}`);
  });

  it('gives the same weights for the same seed and others for another', async () => {
    const first = await train({ epochs: 4 });
    assert.deepEqual(await train({ epochs: 4 }), first);
    assert.notDeepEqual((await train({ epochs: 4, seed: 4 })).weights, first.weights);
    const sgd = { kind: 'sgd', rate: 0.05, momentum: 0.9 } as const;
    const other = await train({ epochs: 4, optimizer: sgd });
    assert.notDeepEqual(other.weights, first.weights);
    assert.deepEqual(await train({ epochs: 4, optimizer: sgd }), other);
  });

  it('draws another dropout mask at every step, the same ones for the same seed', async () => {
    const withDropout = () =>
      tfl.sequential({
        layers: [
          tfl.layers.flatten({ inputShape: [2, 4] }),
          tfl.layers.dropout({ rate: 0.5, name: 'drop' }),
          tfl.layers.dense({
            units: CLASSES,
            kernelInitializer: 'zeros',
            activation: 'softmax',
            name: 'out',
          }),
        ],
      });
    const masked = async (seed: number, epochs: number) =>
      (await train({ model: withDropout(), seed, epochs, batch: SAMPLES })).weights;
    assert.deepEqual(await masked(1, 5), await masked(1, 5));
    assert.notDeepEqual(await masked(1, 5), await masked(2, 5));
    // One step an epoch: the mask's seed is read after each.
    const model = withDropout();
    const seeds = new Set<unknown>();
    const x = points();
    for await (const report of trainClassifier({
      ...settings,
      model,
      x,
      y: labels,
      batch: SAMPLES,
      epochs: 3,
    })) {
      seeds.add((model.getLayer('drop') as tfl.layers.Layer & { seed: number }).seed);
      assert.equal(seeds.size, report.epoch);
    }
    x.dispose();
    model.dispose();
  });

  it('leaves no tensor behind: at its end, when left early, when cancelled', async () => {
    const before = tf.memory().numTensors;
    await train({ epochs: 3 });
    assert.equal(tf.memory().numTensors, before, 'at its end');

    const model = perceptron({ input: [2, 4], hidden: [4], classes: CLASSES, seed: 1 });
    const x = points();
    for await (const report of trainClassifier({ ...settings, model, x, y: labels })) {
      if (report.epoch === 2) break;
    }
    model.dispose();
    x.dispose();
    assert.equal(tf.memory().numTensors, before, 'left early');

    await assert.rejects(train({ signal: AbortSignal.abort() }), Cancelled);
    assert.equal(tf.memory().numTensors, before, 'cancelled');
  });

  it('lets other work go on meanwhile, and stops within a step of being told to', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    await assert.rejects(train({ epochs: 100_000, signal: controller.signal }), Cancelled);
  });

  it('refuses samples and labels of different numbers', async () => {
    const model = perceptron({ input: [2, 4], hidden: [4], classes: CLASSES, seed: 1 });
    const x = points();
    const y = permutation(7, 1);
    await assert.rejects(trainClassifier({ ...settings, model, x, y }).next(), /60 samples have 7 labels/);
    x.dispose();
    model.dispose();
  });
});

describe('the perceptron', () => {
  it('is the same, names and all, whenever it is made from the same options', async () => {
    await loadBackend({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
    const make = (seed: number) => {
      const model = perceptron({ input: [2, 4], hidden: [6, 5], classes: CLASSES, seed, name: 'net' });
      const made = {
        config: JSON.stringify(model.toJSON()),
        names: model.weights.map((weight) => weight.originalName),
        shapes: model.getWeights().map((weight) => weight.shape),
        values: model.getWeights().map((weight) => [...weight.dataSync()]),
      };
      model.dispose();
      return made;
    };
    const first = make(1);
    assert.deepEqual(make(1), first);
    assert.notDeepEqual(make(2).values, first.values);
    assert.deepEqual(
      first.names,
      ['dense_1', 'dense_2', 'dense_3'].flatMap((n) => [`${n}/kernel`, `${n}/bias`]),
    );
    assert.deepEqual(first.shapes, [[8, 6], [6], [6, 5], [5], [5, 3], [3]]);
  });
});
