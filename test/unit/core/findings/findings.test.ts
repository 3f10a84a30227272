import assert from 'node:assert/strict';
import { findingsOf } from '../../../../src/core/findings/findingsOf';
import type { ObservedNetwork } from '../../../../src/core/findings/observedNetwork';
import { valueAt } from '../../../../src/core/findings/readLine';
import type { TrainingExperiment } from '../../../../src/protocol/training';
import { madeCurve, madeNetwork, madeNoise, madeRelations, withAreas } from './madeNetworks';

function holds(experiment: TrainingExperiment, networks: readonly ObservedNetwork[]): (boolean | null)[] {
  return findingsOf(experiment, networks).map((finding) => finding.holds);
}

function noisy(
  setting: string,
  ends: readonly [number, number],
  areas: readonly number[],
): ObservedNetwork[] {
  return withAreas(setting, areas).map((network, i) => ({
    ...network,
    noise: madeNoise([ends[0] + i / 1000, ends[1] + i / 1000]),
  }));
}

describe('findings on memorization', () => {
  const clean = noisy('0', [1, 0.9], [0.78, 0.79, 0.8]);
  const fifth = noisy('0.2', [0.9, 0.6], [0.6, 0.61, 0.62]);
  const random = noisy('1', [0.6, 0.3], [0.44, 0.45, 0.46]);

  it('hold where the area falls far enough, under deletion and under noise', () => {
    const networks = [...random, ...clean, ...fifth];
    assert.deepEqual(holds('memorization', networks), [true, true, true, true, true]);
    const [, order, ratio] = findingsOf('memorization', networks);
    assert.match(order!.measured, /0: 0\.790 \(0\.765 … 0\.815\); 0\.2: 0\.610/);
    assert.match(ratio!.measured, /0\.790 against 0\.610: 1\.30 \(95 % 1\.\d\d … 1\.\d\d\) times\./);
  });

  it('do not hold where the gap is too small, and say by how much', () => {
    const close = noisy('0.2', [0.9, 0.6], [0.7, 0.71, 0.72]);
    const found = findingsOf('memorization', [...clean, ...close, ...random]);
    assert.deepEqual(
      found.map((finding) => finding.holds),
      [true, true, false, true, true],
    );
    assert.match(found[2]!.measured, /1\.11 .* times, 0\.09 too little/);
  });

  it('do not hold where the area rises with the corrupted share, and say where', () => {
    const found = findingsOf('memorization', [
      ...clean,
      ...fifth,
      ...noisy('1', [0.95, 0.7], [0.63, 0.64, 0.65]),
    ]);
    assert.deepEqual(
      found.map((finding) => finding.holds),
      [true, false, true, false, false],
    );
    assert.match(found[1]!.measured, /it rises from 0\.2 to 1 by 0\.030/);
  });

  it('cannot be told from two networks a setting', () => {
    const two = [clean, fifth, random].flatMap((networks) => networks.slice(0, 2));
    const found = findingsOf('memorization', two);
    assert.deepEqual(
      found.map((finding) => finding.holds),
      [true, null, null, null, null],
    );
    assert.match(found[1]!.measured, /too few networks to tell: 2 in a setting, 3 are needed/);
  });

  it('name the networks that are left out and do not count them', () => {
    const failed = madeNetwork({ setting: '1', seed: 9, auc: 0.99, train_accuracy: 0.971, included: false });
    const found = findingsOf('memorization', [...clean, ...fifth, ...random, failed]);
    assert.deepEqual(
      found.map((finding) => finding.holds),
      [false, true, true, true, true],
    );
    assert.match(
      found[0]!.measured,
      /^9 of 10 networks, the least at 97\.1 %; left out: 1-s9 \(97\.1 %\)\.$/,
    );
  });

  it('cannot be told of nothing', () => {
    assert.deepEqual(holds('memorization', []), [null, null, null, null, null]);
  });
});

describe('findings on dropout', () => {
  const flat = [1, 1, 0.99, 0.97, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
  const steep = [1, 1, 0.98, 0.6, 0.4, 0.2, 0.15, 0.1, 0.1, 0.1, 0.1];
  const early = [1, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1];
  const three = (setting: string, accuracy: readonly number[]): ObservedNetwork[] =>
    [0, 1, 2].map((k) =>
      madeNetwork(
        { setting, seed: k + 1 },
        { curve: madeCurve(accuracy.map((value, i) => value - (i * k) / 1000)) },
      ),
    );

  it('hold where curves are flat up to the rate and random labels collapse beyond it', () => {
    assert.deepEqual(holds('dropout', [...three('0.2 true', flat), ...three('0.2 random', steep)]), [
      true,
      true,
      true,
    ]);
  });

  it('do not hold where accuracy is lost before the rate, and name what is kept without dropout', () => {
    const networks = [...three('0.2 true', early), ...three('0.2 random', flat), ...three('0 true', early)];
    const found = findingsOf('dropout', networks);
    assert.deepEqual(
      found.map((finding) => finding.holds),
      [false, true, true],
    );
    assert.match(
      found[0]!.measured,
      /dropout 0\.2: keep 49\.8 % \(49\.8 % without dropout\), 45\.2 points too little/,
    );
    assert.deepEqual(holds('dropout', [...three('0.2 true', steep), ...three('0.2 random', flat)])[2], false);
  });

  it('cannot be told from one network', () => {
    assert.deepEqual(holds('dropout', three('0.2 true', flat).slice(0, 1)), [null, null, null]);
  });
});

describe('findings on batch normalisation', () => {
  const made = (setting: string, areas: readonly number[], selectivity: number): ObservedNetwork[] =>
    areas.map((auc, i) =>
      madeNetwork({
        setting,
        seed: i + 1,
        auc,
        measures: { selectivity: selectivity + i / 100, mutual_information: 1 - selectivity - i / 100 },
      }),
    );
  const without = made('without', [0.7, 0.71, 0.72, 0.73], 0.5);

  it('hold, fail and cannot be told by the interval of the difference', () => {
    assert.deepEqual(holds('batchnorm', [...without, ...made('with', [0.8, 0.81, 0.82, 0.83], 0.3)]), [
      true,
      true,
      true,
    ]);
    assert.deepEqual(holds('batchnorm', [...without, ...made('with', [0.6, 0.61, 0.62, 0.63], 0.7)]), [
      false,
      false,
      false,
    ]);
    const same = findingsOf('batchnorm', [...without, ...made('with', [0.69, 0.71, 0.72, 0.75], 0.5)]);
    assert.deepEqual(
      same.map((finding) => finding.holds),
      [null, null, null],
    );
    assert.match(same[0]!.measured, /which cannot be told from 0/);
  });
});

describe('findings on early stopping', () => {
  const epochs = [1, 2, 4, 8, 16];
  const course = (seed: number, auc: readonly number[], loss: readonly number[]): ObservedNetwork[] =>
    epochs.map((epoch, i) =>
      madeNetwork({
        seed,
        setting: String(epoch),
        epochs: epoch,
        auc: auc[i]! - seed / 1000,
        test_loss: loss[i]!,
        test_accuracy: 1 - loss[i]!,
      }),
    );
  const losses = [0.9, 0.5, 0.3, 0.4, 0.6];
  const all = (auc: readonly number[], loss = losses): ObservedNetwork[] =>
    [1, 2, 3].flatMap((seed) =>
      course(
        seed,
        auc.map((value, i) => value - (seed * i) / 1000),
        loss,
      ),
    );

  it('hold where AUC turns with test loss, and fail where it rises on', () => {
    assert.deepEqual(holds('early-stopping', all([0.2, 0.5, 0.7, 0.6, 0.4])), [true, true, true]);
    assert.deepEqual(holds('early-stopping', all([0.7, 0.5, 0.3, 0.4, 0.6])), [false, false, false]);
  });

  it('cannot be told from one network, nor where test loss never rises', () => {
    assert.deepEqual(holds('early-stopping', course(1, [0.2, 0.5, 0.7, 0.6, 0.4], losses)), [
      null,
      null,
      null,
    ]);
    const falling = findingsOf('early-stopping', all([0.2, 0.3, 0.5, 0.6, 0.7], [0.9, 0.8, 0.7, 0.6, 0.5]));
    assert.equal(falling[0]!.holds, null);
    assert.match(falling[0]!.measured, /test loss never rose/);
  });
});

describe('findings on selectivity', () => {
  const related = (rhos: readonly number[], classDrop: number, reliability: number): ObservedNetwork[] =>
    rhos.map((rho, i) =>
      madeNetwork(
        { setting: 'true labels', seed: i + 1 },
        { relations: madeRelations(rho, classDrop + i / 100, reliability) },
      ),
    );

  it('hold without a relation to importance and with one to class damage', () => {
    assert.deepEqual(holds('selectivity', related([-0.05, 0, 0.05], 0.5, 0.8)), [true, true]);
  });

  it('do not hold where selective units are more important', () => {
    assert.deepEqual(holds('selectivity', related([0.4, 0.42, 0.44], -0.5, 0.8)), [false, false]);
  });

  it('cannot be told where importance is told unreliably', () => {
    const found = findingsOf('selectivity', related([-0.05, 0, 0.05], 0.5, 0.2));
    assert.deepEqual(
      found.map((finding) => finding.holds),
      [null, true],
    );
    assert.match(found[0]!.measured, /reliability of importance 0\.20: too few samples to tell/);
  });
});

describe('findings on operators', () => {
  const under = (mean: readonly number[]): ObservedNetwork[] => [
    ...withAreas('zero', [0.7, 0.72, 0.74]),
    ...withAreas('mean', mean),
    ...withAreas('resample', [0.5, 0.5, 0.5]),
  ];

  it('hold, fail and cannot be told by the difference within networks; of others nothing is claimed', () => {
    assert.deepEqual(holds('operators', under([0.6, 0.62, 0.65])), [true]);
    assert.deepEqual(holds('operators', under([0.8, 0.82, 0.85])), [false]);
    assert.deepEqual(holds('operators', under([0.6, 0.72, 0.85])), [null]);
    const [finding] = findingsOf('operators', under([0.6, 0.62, 0.65]));
    assert.match(finding!.measured, /zero less resample in the same network: 0\.220 \(95 % /);
  });
});

describe('reading a line', () => {
  it('interpolates between points and knows nothing beyond its ends', () => {
    assert.equal(valueAt([0, 0.5, 1], [1, 0.6, 0], 0.5), 0.6);
    assert.ok(Math.abs(valueAt([0, 0.5, 1], [1, 0.6, 0], 0.75)! - 0.3) < 1e-12);
    assert.equal(valueAt([0, 0.5], [1, 0.6], 0.7), null);
  });
});
