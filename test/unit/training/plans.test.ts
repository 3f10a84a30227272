import assert from 'node:assert/strict';
import { linesOf, type ExperimentPlan } from '../../../src/core/training/experiments/plan';
import { planOf } from '../../../src/core/training/experiments/planOf';
import { differenceOf } from '../../../src/engine/training/draftTraining';
import { estimateOf, workloadOf } from '../../../src/engine/training/estimate';
import { learnedLabels } from '../../../src/engine/training/trainNetwork';
import {
  defaultSeeds,
  TRAINING_EXPERIMENTS,
  type TrainedNetwork,
  type TrainingOptions,
} from '../../../src/protocol/training';
import { networksCsv } from '../../../src/runs/trainingFiles';

const options = (change: Partial<TrainingOptions> = {}): TrainingOptions => ({
  experiment: 'memorization',
  train: { data: '/train.npz#x' },
  test: null,
  hidden: null,
  seeds: 3,
  seed: 5,
  quick: false,
  ...change,
});
const settings = (plan: ExperimentPlan): string[] => [
  ...new Set(linesOf(plan).map(({ line }) => line.setting)),
];

describe('plans of experiments', () => {
  it('train a network a setting and seed, each line under a name of its own', () => {
    for (const experiment of TRAINING_EXPERIMENTS) {
      for (const quick of [false, true]) {
        const plan = planOf(options({ experiment, quick }));
        const lines = linesOf(plan);
        const names = lines.map(({ line }) => line.name);
        assert.equal(new Set(names).size, names.length, experiment);
        assert.deepEqual([...new Set(plan.networks.map(({ seed }) => seed))], [5, 6, 7]);
        assert.equal(new Set(plan.networks.map(({ name }) => name)).size, plan.networks.length);
      }
    }
  });

  it('train the paper’s convolutional network where that is asked for', () => {
    const { networks } = planOf(options({ experiment: 'batchnorm', net: 'convnet' }));
    const [first] = networks;
    assert.deepEqual(first?.hidden, [64, 64, 128, 128, 128, 256, 256, 256, 512, 512, 512]);
    assert.deepEqual(first.sites, ['relu_9', 'relu_10', 'relu_11']);
    assert.deepEqual([...new Set(networks.map(({ batchNorm }) => batchNorm))], [false, true]);
    const random = planOf(options({ net: 'convnet', hidden: [4, 4] })).networks[0];
    assert.deepEqual(
      [random?.net, random?.batchNorm, random?.sites],
      ['convnet', true, ['relu_1', 'relu_2']],
    );
    assert.deepEqual(planOf(options()).networks[0]?.sites, null);
  });

  it('are what the paper and the issue ask for', () => {
    const of = (experiment: TrainingOptions['experiment']): ExperimentPlan => planOf(options({ experiment }));
    assert.deepEqual(settings(of('memorization')), ['0', '0.2', '0.4', '0.6', '0.8', '1']);
    assert.deepEqual(of('memorization').networks[0]?.hidden, [512, 512]);
    assert.equal(of('memorization').noise, 5);
    assert.deepEqual(settings(of('dropout')).length, 8);
    assert.deepEqual(settings(of('batchnorm')), ['without', 'with']);
    assert.deepEqual(settings(of('operators')), ['zero', 'mean', 'resample', 'optimal']);
    assert.deepEqual(of('selectivity').networks[0]?.hidden, [128, 128]);
    assert.deepEqual(of('selectivity').units, ['mutual_information', 'l1_norm', 'first_order']);
    for (const experiment of TRAINING_EXPERIMENTS) {
      const plan = of(experiment);
      assert.deepEqual(plan.curves, { orderings: 10, points: 20 });
      assert.equal(plan.leastAccuracy, experiment === 'early-stopping' ? null : 0.99);
    }
    assert.deepEqual(
      TRAINING_EXPERIMENTS.map((name) => defaultSeeds(name, false)),
      [3, 3, 4, 3, 3, 3],
    );
  });

  it('give early stopping its checkpoints in order, the last at the end of training', () => {
    const [network] = planOf(options({ experiment: 'early-stopping' })).networks;
    const epochs = network!.lines.map(({ epoch }) => epoch!);
    assert.deepEqual(
      epochs,
      epochs.toSorted((a, b) => a - b),
    );
    assert.equal(epochs.at(-1), network!.training.epochs);
    assert.equal(network!.training.until, null);
  });

  it('take the width given', () => {
    const plan = planOf(options({ hidden: [2048, 2048], quick: true }));
    assert.ok(plan.networks.every(({ hidden }) => hidden.join() === '2048,2048'));
  });

  it('corrupt the labels of a share of the images, those of a larger share among them', () => {
    const y = Int32Array.from({ length: 1000 }, (_, i) => i % 10);
    const { networks } = planOf(options());
    const own = networks.filter(({ seed }) => seed === 5);
    const learned = own.map((network) => learnedLabels(network, y));
    const changed = learned.map((labels) => y.map((label, i) => (label === labels[i] ? 0 : 1)));
    const shares = changed.map((one) => one.reduce((sum, value) => sum + value, 0) / 1000);
    [0, 0.2, 0.4, 0.6, 0.8, 1].forEach((share, k) => {
      // A tenth get their own label again.
      assert.ok(Math.abs(shares[k]! - 0.9 * share) < 0.06, `${shares[k]} of ${share}`);
      assert.deepEqual(learned[k]!.slice().sort(), y.slice().sort());
    });
    const outside = changed[1]!.filter((value, i) => value === 1 && changed[4]![i] === 0);
    assert.ok(outside.length < 40, `${outside.length} corrupted at 0.2 and not at 0.8`);
    const other = networks.find(({ seed, corrupted }) => seed === 6 && corrupted === 0.2)!;
    assert.notDeepEqual(learnedLabels(other, y), learned[1]);
  });
});

describe('estimates of experiments', () => {
  it('add up steps of training and passes of measuring', () => {
    const plan = planOf(options());
    const once = estimateOf(workloadOf(plan, 8000, { step: 0.01, pass: 0.1 }));
    assert.equal(once.networks, 18);
    const twice = estimateOf(workloadOf(plan, 8000, { step: 0.02, pass: 0.1 }));
    // 3 seeds of 15 + 5 · 55 epochs, 32 steps each.
    assert.ok(Math.abs(twice.seconds - once.seconds - 3 * (15 + 5 * 55) * 32 * 0.01) < 1e-6);
    const slower = estimateOf(workloadOf(plan, 8000, { step: 0.01, pass: 0.2 }));
    assert.ok(slower.seconds > once.seconds);
  });
});

describe('an experiment’s options', () => {
  it('are the same where all that decides the results is', () => {
    assert.equal(differenceOf(options(), options()), null);
    assert.equal(differenceOf(options(), options({ seed: 6 })), 'seed');
    assert.equal(differenceOf(options(), options({ hidden: [5] })), 'hidden');
  });
});

describe('networks.csv', () => {
  it('has the columns of the design first, and nothing where nothing is known', () => {
    const network: TrainedNetwork = {
      network: 'c1-s1',
      model: 'networks/c1-s1/model.json',
      labels: 'networks/c1-s1/labels.npy',
      seed: 1,
      setting: '1',
      train_accuracy: 0.5,
      test_accuracy: 0.1,
      train_loss: 1,
      test_loss: null,
      epochs: 150,
      auc: null,
      auc_sd: null,
      auc_relative: null,
      included: false,
      left_out: 'It learned only 50 %, less than 99 %.',
      measures: {},
    };
    const other = {
      ...network,
      network: 'c0-s1',
      auc: 0.75,
      included: true,
      left_out: null,
      measures: { a: 2 },
    };
    assert.equal(
      networksCsv([network, other]),
      'network,seed,setting,train_accuracy,test_accuracy,auc,auc_sd,auc_relative,included,' +
        'left_out,train_loss,test_loss,epochs,model,labels,a\n' +
        'c1-s1,1,1,0.5,0.1,,,,false,"It learned only 50 %, less than 99 %.",1,,150,' +
        'networks/c1-s1/model.json,networks/c1-s1/labels.npy,\n' +
        'c0-s1,1,1,0.5,0.1,0.75,,,true,,1,,150,networks/c1-s1/model.json,networks/c1-s1/labels.npy,2\n',
    );
  });
});
