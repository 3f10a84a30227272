import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { randomOrder } from '../../../src/core/ablation/curves/orders';
import { curvePoints } from '../../../src/core/ablation/curves/points';
import { shuffleLabels, uniforms } from '../../../src/core/random';
import { defaultNativeFolders } from '../../../src/engine/backend';
import { Session } from '../../../src/engine/session';
import { estimateTraining, train } from '../../../src/engine/training/train';
import { readLabelledData } from '../../../src/formats/data/readData';
import type { Progress } from '../../../src/protocol/run';
import {
  TRAINING_EXPERIMENTS,
  type TrainingOptions,
  type TrainingResult,
  type TrainingSource,
} from '../../../src/protocol/training';
import { readTrainingDirectory } from '../../../src/runs/trainingDirectory';
import { experimentFiles } from '../../support/experimentFiles';
import { failsWith } from '../../support/failsWith';
import { writeNpz } from '../../support/npz';

const SAMPLE = path.join(__dirname, '../../../dist/sample');
const NEVER = new AbortController().signal;
const COLUMNS = 'network,seed,setting,train_accuracy,test_accuracy,auc,auc_sd,auc_relative,included';

describe('experiments', function () {
  this.timeout(120_000);
  let folder = '';
  const session = new Session({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
  const at = (...names: string[]): string => path.join(folder, ...names);
  let digits: { readonly train: TrainingSource; readonly test: TrainingSource };

  before(async () => {
    await stat(path.join(SAMPLE, 'train.npz')).catch(() => {
      throw new Error('The sample is not there: run npm run sample');
    });
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-training-'));
    digits = { train: await some('train', 150), test: await some('test', 60) };
  });
  after(async () => {
    session.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** The first of the sample's digits, in a file of their own. */
  async function some(name: 'train' | 'test', count: number): Promise<TrainingSource> {
    const file = path.join(SAMPLE, `${name}.npz`);
    const sample = await readLabelledData({ data: `${file}#x`, labels: `${file}#y` });
    const x = Uint8Array.from(await sample.read(Int32Array.from({ length: count }, (_, i) => i)));
    const place = at(`${name}.npz`);
    await writeNpz(place, {
      x: { data: x, shape: [count, 28, 28] },
      y: { data: Uint8Array.from(sample.labels.slice(0, count)), shape: [count] },
    });
    return { data: `${place}#x`, labels: `${place}#y` };
  }

  const optionsOf = (change: Partial<TrainingOptions>): TrainingOptions => ({
    experiment: 'memorization',
    ...digits,
    hidden: [48, 32],
    seeds: 1,
    seed: 3,
    quick: true,
    ...change,
  });
  const carryOut = (
    out: string,
    change: Partial<TrainingOptions> = {},
    on: (progress: Progress) => void = () => undefined,
    signal = NEVER,
  ): Promise<TrainingResult> =>
    train(
      session,
      { options: optionsOf(change), directory: at(out) },
      (event) => {
        if (event.event === 'progress') on(event.progress);
      },
      signal,
    );

  it('trains and measures every network: all files, all columns, progress to the end', async () => {
    const seen: Progress[] = [];
    const { kind, record } = await carryOut('whole', {}, (progress) => seen.push(progress));
    assert.equal(kind, 'complete');
    assert.equal(record.status, 'complete');
    assert.deepEqual(
      record.networks.map(({ network, setting, included }) => [network, setting, included]),
      [
        ['c0-s3', '0', true],
        ['c1-s3', '1', true],
      ],
    );
    assert.deepEqual(
      [record.data.train_samples, record.data.test_samples, record.data.classes],
      [150, 60, 10],
    );
    const [head, ...lines] = (await readFile(at('whole', 'networks.csv'), 'utf8')).trimEnd().split('\n');
    assert.ok(head?.startsWith(`${COLUMNS},`), head);
    assert.equal(lines.length, 2);
    const curves = (await readFile(at('whole', 'curves.csv'), 'utf8')).trimEnd().split('\n');
    assert.equal(
      curves[0],
      'model,data,sites,operator,order,direction,repeat,units_ablated,fraction,accuracy,loss',
    );
    assert.equal(curves.length, 1 + 2 * 5 * 11);
    assert.match(curves.at(-1)!, /^c1-s3,test,dense_1\+dense_2,zero,random,,4,80,1,/);
    const noise = (await readFile(at('whole', 'noise.csv'), 'utf8')).trimEnd().split('\n');
    assert.equal(noise.length, 1 + 2 * 15 * 2);
    assert.ok(existsSync(at('whole', 'report.html')));
    const { networks } = await readTrainingDirectory(at('whole'));
    for (const { network, curves: own, noise: noisy, units } of networks) {
      assert.ok(own !== null && noisy !== null && units?.correlations !== undefined, network.network);
      assert.equal(own.record.curves?.summary[0]?.auc, network.auc);
      assert.equal(own.record.baseline.accuracy, network.train_accuracy, 'on the labels it learned');
      assert.ok(network.train_accuracy >= 0.99 && network.auc! > 0.2 && network.auc! < 1);
      assert.ok(network.measures['selectivity']! > 0 && network.measures['mutual_information']! > 0);
    }
    const fractions = seen.filter((one) => one.network !== undefined).map(({ fraction }) => fraction);
    assert.ok(fractions.every((one, i) => one >= (fractions[i - 1] ?? 0) - 1e-12 && one <= 1 + 1e-12));
    assert.ok(fractions.at(-1)! > 0.999, String(fractions.at(-1)));
    assert.deepEqual([...new Set(seen.map(({ phase }) => phase))].sort(), [
      'measuring',
      'reading',
      'sweep',
      'training',
    ]);
  });

  it('gives the AUC that deleting by hand gives, on the labels learned', async () => {
    const [, network] = (await readTrainingDirectory(at('whole'))).networks;
    const { model, labels, auc } = network!.network;
    const data = await readLabelledData({ data: at('whole/data/train.npy'), labels: at('whole', labels) });
    const y = data.labels;
    const original = (await readLabelledData(digits.train)).labels;
    assert.notDeepEqual(y, original);
    assert.deepEqual(y.slice().sort(), original.slice().sort(), 'as many images of every class');
    const values = await data.read(Int32Array.from(y, (_, i) => i));
    const loaded = await loadModel(at('whole', model));
    const weights = loaded.getWeights() as tf.Tensor2D[];
    const areas = [0, 1, 2, 3, 4].map((repeat) => {
      const order = randomOrder(80, 3, repeat);
      const points = curvePoints(80, 10);
      const shares = points.map((count) => accuracyWithout(order.subarray(0, count), weights, values, y));
      return shares.reduce(
        (sum, share, i) =>
          i === 0 ? 0 : sum + ((share + shares[i - 1]!) / 2) * ((points[i]! - points[i - 1]!) / 80),
        0,
      );
    });
    loaded.dispose();
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    assert.ok(Math.abs(mean - auc!) < 1e-9, `${mean} ${auc}`);
  });

  it('leaves the same files when it is cancelled and resumed, wherever that happens', async () => {
    const whole = await experimentFiles(at('whole'));
    const stops = [
      { phase: 'training', round: 0, event: 2 },
      { phase: 'measuring', round: 0, event: 4 },
      { phase: 'training', round: 1, event: 3 },
      { phase: 'sweep', round: 1, event: 1 },
    ];
    for (const stop of stops) {
      const controller = new AbortController();
      let events = 0;
      const { kind, record } = await carryOut(
        'parts',
        {},
        ({ phase, round }) => {
          if (phase === stop.phase && round === stop.round) events += 1;
          if (events === stop.event) controller.abort();
        },
        controller.signal,
      );
      assert.ok(controller.signal.aborted, 'it came to where it is stopped');
      assert.equal(kind, 'cancelled');
      assert.equal(record.status, 'cancelled');
    }
    assert.ok(!existsSync(at('parts', 'report.html')));
    assert.equal((await carryOut('parts')).kind, 'complete');
    const parts = await experimentFiles(at('parts'));
    assert.deepEqual([...parts.keys()], [...whole.keys()]);
    for (const [file, content] of whole) assert.ok(parts.get(file) === content, `${file} is not the same`);
  });

  it('leaves the same files when it is run again, and other networks from another seed', async () => {
    await carryOut('again');
    const [whole, again] = [await experimentFiles(at('whole')), await experimentFiles(at('again'))];
    assert.deepEqual([...again.keys()], [...whole.keys()]);
    for (const [file, content] of whole) assert.ok(again.get(file) === content, `${file} is not the same`);
    await rm(at('again'), { recursive: true });
    const { record } = await carryOut('again', { seed: 4 });
    const { networks } = await readTrainingDirectory(at('whole'));
    assert.notEqual(record.networks[0]?.auc, networks[0]?.network.auc);
  });

  it('goes on only with the very same experiment', async () => {
    await failsWith(carryOut('whole', { seeds: 2 }), /holds another experiment \(seeds is not the same\)/);
    await failsWith(carryOut('whole', { experiment: 'dropout' }), /holds another experiment \(experiment/);
    const before = await readFile(at('train.npz'));
    try {
      await some('train', 140);
      await failsWith(carryOut('whole'), /train\.npz#x has changed since this experiment was begun/);
    } finally {
      await writeFile(at('train.npz'), before);
    }
  });

  it('fails when every network is left out, and says so in the record', async () => {
    const count = 90;
    const file = at('noise.npz');
    const y = shuffleLabels(
      Int32Array.from({ length: count }, (_, i) => i % 3),
      1,
      5,
    );
    await writeNpz(file, {
      x: { data: Float32Array.from(uniforms(count * 4, 1)), shape: [count, 4] },
      y: { data: y, shape: [count] },
    });
    const change = { train: { data: `${file}#x`, labels: `${file}#y` }, test: null, hidden: [1] };
    const failure = /Every network was left out: none reached 99\.0 % training accuracy, the best \d+\.\d %/;
    await failsWith(carryOut('none', change), failure);
    const { record, networks } = await readTrainingDirectory(at('none'));
    assert.equal(record.status, 'failed');
    assert.match(record.error ?? '', failure);
    assert.equal(record.networks.length, 2);
    for (const { network, curves } of networks) {
      assert.deepEqual([network.included, network.auc, curves], [false, null, null]);
      assert.match(network.left_out ?? '', /^It learned only \d+\.\d % of its labels/);
    }
    assert.ok(!existsSync(at('none', 'report.html')));
    // A fifth is held back, of each class as much.
    assert.deepEqual([record.data.train_samples, record.data.test_samples], [72, 18]);
    await failsWith(carryOut('none', change), failure);
  });

  it('refuses test data that is not of the same kind', async () => {
    const file = at('other.npz');
    await writeNpz(file, {
      x: { data: new Uint8Array(10 * 9), shape: [10, 3, 3] },
      y: { data: Uint8Array.from({ length: 10 }, (_, i) => i), shape: [10] },
      x28: { data: new Uint8Array(10 * 784), shape: [10, 28, 28] },
      y11: { data: Uint8Array.from({ length: 10 }, (_, i) => i + 1), shape: [10] },
    });
    const test = (x: string, y: string): Partial<TrainingOptions> => ({
      test: { data: `${file}#${x}`, labels: `${file}#${y}` },
    });
    await failsWith(carryOut('refused', test('x', 'y')), /are 3×3, those to train on 28×28/);
    await failsWith(
      carryOut('refused', test('x28', 'y11')),
      /The label 10 in .* is none of the 10 classes trained on/,
    );
    assert.ok(!existsSync(at('refused')));
  });

  for (const experiment of TRAINING_EXPERIMENTS.filter((name) => name !== 'memorization')) {
    it(`carries out ${experiment} to its files`, async () => {
      const { record } = await carryOut(experiment, { experiment });
      const lines = (await readFile(at(experiment, 'networks.csv'), 'utf8')).trimEnd().split('\n');
      assert.equal(lines.length, 1 + record.networks.length);
      const expected = {
        dropout: ['0 true', '0.2 true', '0 random', '0.2 random'],
        batchnorm: ['without', 'with'],
        'early-stopping': ['1', '4', '16'],
        selectivity: ['true labels'],
        operators: ['zero', 'mean', 'resample', 'optimal'],
        memorization: [],
      };
      const found = record.networks.map(({ setting }) => setting);
      assert.deepEqual(found, expected[experiment]);
      const { networks } = await readTrainingDirectory(at(experiment));
      for (const { network, curves, units } of networks) {
        assert.ok(network.included, network.left_out ?? '');
        assert.equal(curves?.record.spec.model, at(experiment, network.model));
        const hasUnits = ['batchnorm', 'selectivity', 'operators'].includes(experiment);
        assert.equal(units !== null, hasUnits);
        if (experiment === 'operators') assert.equal(curves.record.spec.operator, network.setting);
        if (experiment !== 'selectivity') continue;
        const measures = units?.correlations?.sites[0]?.measures ?? [];
        for (const name of ['accuracy_drop', 'loss_increase', 'max_class_drop', 'selectivity']) {
          assert.ok(measures.includes(name), name);
        }
        for (const name of ['mutual_information', 'l1_norm', 'first_order'])
          assert.ok(measures.includes(name));
      }
      if (experiment === 'batchnorm') {
        const sites = networks.map(({ curves }) => curves?.record.sites.map(({ name }) => name).join());
        assert.deepEqual(sites, ['dense_1,dense_2', 'relu_1,relu_2']);
      }
      assert.ok(existsSync(at(experiment, 'report.html')));
    });
  }

  it('tells beforehand how many networks, and how long', async () => {
    const short = await estimateTraining(session, optionsOf({}), NEVER);
    assert.equal(short.networks, 2);
    assert.ok(short.seconds > 0);
    const long = await estimateTraining(session, optionsOf({ seeds: 4, hidden: [512, 512] }), NEVER);
    assert.equal(long.networks, 8);
    assert.ok(long.seconds > short.seconds);
    const before = tf.memory().numTensors;
    await estimateTraining(session, optionsOf({ experiment: 'dropout' }), NEVER);
    assert.equal(tf.memory().numTensors, before);
  });
});

async function loadModel(file: string): Promise<tfl.LayersModel> {
  const json = JSON.parse(await readFile(file, 'utf8')) as tf.io.ModelJSON;
  const bytes = await readFile(path.join(path.dirname(file), json.weightsManifest[0]!.paths[0]!));
  const weightData = new Uint8Array(bytes).buffer;
  return tfl.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0]!.weights,
      weightData,
    }),
  );
}

/** A perceptron of two hidden layers written out, some of its units at zero. */
function accuracyWithout(
  deleted: Int32Array,
  [w1, b1, w2, b2, w3, b3]: tf.Tensor[],
  values: Float32Array,
  y: Int32Array,
): number {
  const gone = new Set(deleted);
  const first = b1!.size;
  const mask = (from: number, size: number): tf.Tensor1D =>
    tf.tensor1d(Float32Array.from({ length: size }, (_, i) => (gone.has(from + i) ? 0 : 1)));
  const predicted = tf.tidy(() => {
    const x = tf.tensor2d(
      values.map((value) => value / 255),
      [y.length, values.length / y.length],
    );
    const layer = (input: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.add(tf.dot(input, w), b);
    const h1 = tf.mul(tf.relu(layer(x, w1!, b1!)), mask(0, first));
    const h2 = tf.mul(tf.relu(layer(h1, w2!, b2!)), mask(first, b2!.size));
    return tf.argMax(layer(h2, w3!, b3!), 1).dataSync();
  });
  return y.reduce((sum, label, i) => sum + (predicted[i] === label ? 1 : 0), 0) / y.length;
}
