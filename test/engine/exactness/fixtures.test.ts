import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FixtureName } from '../../support/architectures';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { assertBaseline, assertSite } from './againstOracle';
import { analyze, newSession, siteList, study } from './engineRun';

/** A site by hand: its name, the call of a layer whose output it is, and the number of units. */
type Place = readonly [site: string, at: string, units: number];

const NETWORKS: Record<FixtureName, readonly Place[]> = {
  mlp: [
    ['hidden', 'hidden', 16],
    ['second', 'second', 12],
  ],
  batchNorm: [
    ['relu_a', 'relu_a', 6],
    ['norm_b', 'norm_b', 7],
    ['conv_c', 'conv_c', 8],
  ],
  residual: [
    ['stem', 'stem', 6],
    ['block_1', 'block_1', 5],
    ['block_2', 'block_2', 6],
    ['end', 'end', 6],
  ],
  branches: [
    ['left_relu', 'left_relu', 7],
    ['right_leaky', 'right_leaky', 9],
    ['joint', 'joint', 8],
  ],
  shared: [
    ['first', 'first', 8],
    ['twice', 'twice', 8],
    ['twice@1', 'twice@1', 8],
  ],
  nested: [
    ['outer', 'outer', 10],
    ['inner_1', 'inner/inner_1', 9],
    ['after', 'after', 6],
  ],
  nestedTwice: [
    ['inner_1', 'inner/inner_1', 9],
    ['inner_2', 'inner/inner_2', 10],
    ['inner_1@1', 'inner@1/inner_1', 9],
    ['inner_2@1', 'inner@1/inner_2', 10],
  ],
  depthwise: [
    ['depthwise', 'depthwise', 6],
    ['separable', 'separable', 8],
  ],
  sigmoid: [
    ['hidden', 'hidden', 8],
    ['second', 'second', 6],
  ],
  separateSoftmax: [['hidden', 'hidden', 10]],
  nearTies: [
    ['hidden', 'hidden', 14],
    ['second', 'second', 10],
  ],
  twoOutputs: [
    ['trunk', 'trunk', 12],
    ['number', 'number', 1],
  ],
};

/** Which output holds the class scores, where it is not the only one. */
const SCORES: Partial<Record<FixtureName, number>> = { twoOutputs: 1 };

describe('the sweep against brute force, on every kind of network', function () {
  this.timeout(60_000);
  let oracle: Oracle;
  let folder: string | null = null;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'exactness-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  for (const [name, places] of Object.entries(NETWORKS) as [FixtureName, readonly Place[]][]) {
    it(`${name}: sites, counts, losses and activity, and no tensor left behind`, async () => {
      const directory = path.join(folder as string, name);
      const fixture = await oracle.ask('fixture', { name, directory });
      const truth = {
        ...(await oracle.ask('open', { ...fixture, scores: SCORES[name] ?? 0 })),
        labels: fixture.labels,
      };
      const session = newSession();
      await session.hello();
      const before = tf.memory().numTensors;
      const run = await analyze(session, study(fixture.model, fixture.data), path.join(directory, 'run'));
      assert.equal(tf.memory().numTensors, before, 'tensors left behind');
      assert.deepEqual(
        Object.entries(siteList(run)),
        places.map(([site, , units]) => [site, units]),
      );
      assertBaseline(run, truth);
      for (const [site, at, units] of places) await assertSite(run, oracle, truth, site, at, units);
    });
  }

  for (const [name, at, deleted] of [
    ['residual', 'end', [0, 2, 5]],
    ['shared', 'twice@1', [1, 6]],
    ['sigmoid', 'second', [0, 1, 2, 3, 4, 5]],
  ] as const) {
    it(`${name}: units ${deleted.join(', ')} of ${at} deleted together`, async () => {
      const directory = path.join(folder as string, `${name}-together`);
      const fixture = await oracle.ask('fixture', { name, directory });
      const { baseline } = await oracle.ask('open', { ...fixture, scores: 0 });
      const session = newSession();
      const { record } = await analyze(
        session,
        study(fixture.model, fixture.data),
        path.join(directory, 'run'),
      );
      const units = deleted.map((unit) => ({ site: at, unit }));
      const evaluation = await session.evaluate({ record, deleted: units }, new AbortController().signal);
      const outcome = await oracle.ask('run', [{ at, units: deleted }]);
      assert.equal(evaluation.correct, outcome.correct);
      assert.equal(evaluation.samples, fixture.labels.length);
      assert.ok(Math.abs(evaluation.loss - outcome.loss) < 1e-5 * Math.max(1, outcome.loss));
      assert.equal(evaluation.flips_to_wrong - evaluation.flips_to_right, baseline.correct - outcome.correct);
      const right = evaluation.recalls.map((recall, label) => {
        const size = fixture.labels.filter((value) => value === label).length;
        return recall === null ? 0 : Math.round(recall * size);
      });
      assert.deepEqual(right, [...outcome.class_correct]);
    });
  }

  it('the comparison sees a single wrong count', async () => {
    const directory = path.join(folder as string, 'wrong');
    const fixture = await oracle.ask('fixture', { name: 'sigmoid', directory });
    const truth = { ...(await oracle.ask('open', { ...fixture, scores: 0 })), labels: fixture.labels };
    const run = await analyze(newSession(), study(fixture.model, fixture.data), path.join(directory, 'run'));
    const counts = run.table.columns.ablated_correct;
    counts[3] = (counts[3] as number) + 1;
    await assert.rejects(assertSite(run, oracle, truth, 'hidden', 'hidden', 8), /hidden #3/);
  });
});
