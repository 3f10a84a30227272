import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FixtureName } from '../../support/architectures';
import type { Fixture } from '../../support/models';
import { requireNative } from '../../support/requirements';
import { Oracle } from './client';

/** A call of a layer in every kind of network. */
const PLACES: readonly [FixtureName, string, number][] = [
  ['mlp', 'hidden', 16],
  ['batchNorm', 'relu_a', 6],
  ['batchNorm', 'norm_b', 7],
  ['residual', 'block_2', 6],
  ['residual', 'end', 6],
  ['branches', 'right_leaky', 9],
  ['shared', 'twice', 8],
  ['shared', 'twice@1', 8],
  ['nested', 'inner/inner_1', 9],
  ['nested', 'after', 6],
  ['depthwise', 'depthwise', 6],
  ['sigmoid', 'second', 6],
  ['separateSoftmax', 'hidden', 10],
  ['twoOutputs', 'number', 1],
];

describe('the mask oracle', function () {
  this.timeout(60_000);
  let oracle: Oracle;
  let folder: string | null = null;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'oracle-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  async function open(name: FixtureName): Promise<Fixture> {
    const fixture = await oracle.ask('fixture', {
      name,
      directory: path.join(folder as string, name),
      samples: 300,
    });
    await oracle.ask('open', {
      ...fixture,
      scores: name === 'twoOutputs' ? 1 : 0,
    });
    return fixture;
  }

  for (const [name, at, units] of PLACES) {
    it(`gives exactly the stock scores through a mask of ones after ${at} of ${name}`, async () => {
      const fixture = await open(name);
      const stock = await oracle.ask('stockScores', null);
      assert.deepEqual(await oracle.ask('maskedScores', { at, units: [] }), stock);
      assert.equal((await oracle.ask('activity', { at })).length, units);
      assert.ok(
        fixture.correct > 0.7 * 300 && fixture.correct < 0.9 * 300,
        `${fixture.correct} of 300 correct`,
      );
    });
  }

  it('leaves the original model as it was, and no tensors behind', async () => {
    await open('residual');
    const stock = await oracle.ask('stockScores', null);
    const before = await oracle.ask('tensors', null);
    await oracle.ask('units', { at: 'block_1', units: [0, 1, 2, 3, 4] });
    assert.notDeepEqual(await oracle.ask('maskedScores', { at: 'block_1', units: [0] }), stock);
    assert.deepEqual(await oracle.ask('stockScores', null), stock);
    assert.equal(await oracle.ask('tensors', null), before);
  });

  it('masks one call of a shared layer and not the other', async () => {
    await open('shared');
    const first = await oracle.ask('maskedScores', { at: 'twice', units: [2] });
    const second = await oracle.ask('maskedScores', {
      at: 'twice@1',
      units: [2],
    });
    assert.notDeepEqual(first, second);
  });

  it('refuses a place that is not in the model', async () => {
    await open('mlp');
    await assert.rejects(oracle.ask('run', [{ at: 'hidden@1', units: [] }]), /no call "hidden@1"/);
  });

  it('agrees with an MLP written out by hand in float64', async () => {
    const fixture = await open('mlp');
    const weights = await oracle.ask('weights', null);
    const weight = (name: string): Float32Array => {
      const found = weights.find((one) => one.name.endsWith(name));
      assert.ok(found, name);
      return found.values;
    };
    const layer = (input: Float64Array, name: string, f: (value: number) => number): Float64Array => {
      const bias = weight(`${name}/bias`);
      const kernel = weight(`${name}/kernel`);
      return Float64Array.from(bias, (b, unit) => {
        let sum = b;
        input.forEach((value, i) => (sum += value * (kernel[i * bias.length + unit] as number)));
        return f(sum);
      });
    };
    /** Deletes a unit of `hidden` (0 … 15) or of `second` (16 … 27); −1 deletes none. */
    const run = (deleted: number) => {
      let correct = 0;
      let loss = 0;
      fixture.labels.forEach((label, n) => {
        const x = Float64Array.from(fixture.x.subarray(n * 20, (n + 1) * 20));
        const hidden = layer(x, 'hidden', (value) => Math.max(0, value));
        if (deleted >= 0 && deleted < 16) hidden[deleted] = 0;
        const second = layer(hidden, 'second', Math.tanh);
        if (deleted >= 16) second[deleted - 16] = 0;
        const logits = layer(second, 'scores', (value) => value);
        if (logits.indexOf(Math.max(...logits)) === label) correct++;
        loss += Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - (logits[label] as number);
      });
      return { correct, loss: loss / fixture.labels.length };
    };
    const { baseline } = await oracle.ask('open', { ...fixture, scores: 0 });
    assert.equal(baseline.correct, run(-1).correct);
    for (const [at, offset, count] of [['hidden', 0, 16] as const, ['second', 16, 12] as const]) {
      const units = Array.from({ length: count }, (_, i) => i);
      for (const outcome of await oracle.ask('units', { at, units })) {
        const hand = run(offset + outcome.unit);
        assert.equal(outcome.correct, hand.correct, `${at} ${outcome.unit}`);
        assert.ok(
          Math.abs(outcome.loss - hand.loss) < 1e-5,
          `${at} ${outcome.unit}: ${outcome.loss} ${hand.loss}`,
        );
        assert.equal(outcome.flips_to_wrong - outcome.flips_to_right, baseline.correct - outcome.correct);
      }
    }
    const activity = await oracle.ask('activity', { at: 'hidden' });
    assert.deepEqual(
      activity.flatMap((unit, i) => (unit.dead ? [i] : [])),
      [3],
    );
  });
});
