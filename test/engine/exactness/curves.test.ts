import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rankedOrder, randomOrder } from '../../../src/core/ablation/curves/orders';
import { curvePoints } from '../../../src/core/ablation/curves/points';
import { halvesOf } from '../../../src/core/ablation/halves';
import { stratifiedOrder } from '../../../src/core/ablation/rounds';
import type { CurveOptions, CurvePoint } from '../../../src/protocol/curves';
import type { AnalyzeEvent } from '../../../src/protocol/engine';
import type { Session } from '../../../src/engine/session';
import type { FixtureName } from '../../support/architectures';
import type { Fixture } from '../../support/models';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { curves, never, OPTIONS, placesOf, rightAmong, unitsOf, type HandSite } from './curveRun';
import { newSession, study } from './engineRun';

const NETWORKS: readonly (readonly [FixtureName, readonly HandSite[], operator: 'zero' | 'mean'])[] = [
  ['mlp', [['hidden', 'hidden', 16], ['second', 'second', 12]], 'mean'],
  ['residual', [['stem', 'stem', 6], ['block_1', 'block_1', 5], ['block_2', 'block_2', 6], ['end', 'end', 6]], 'mean'],
  ['branches', [['left_relu', 'left_relu', 7], ['right_leaky', 'right_leaky', 9], ['joint', 'joint', 8]], 'zero'],
  ['shared', [['first', 'first', 8], ['twice', 'twice', 8], ['twice@1', 'twice@1', 8]], 'zero'],
  ['sigmoid', [['hidden', 'hidden', 8], ['second', 'second', 6]], 'zero'],
]; // prettier-ignore

describe('cumulative curves against brute force', function () {
  this.timeout(120_000);
  let oracle: Oracle;
  let session: Session;
  let folder: string | null = null;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    session = newSession();
    await session.hello();
    folder = await mkdtemp(path.join(tmpdir(), 'curves-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  const directory = (name: string): string => path.join(folder as string, name);
  const open = async (name: FixtureName, samples = 300): Promise<Fixture> => {
    const fixture = await oracle.ask('fixture', { name, directory: directory(name), samples });
    await oracle.ask('open', { ...fixture, scores: 0 });
    return fixture;
  };

  for (const [name, sites, operator] of NETWORKS) {
    it(`${name}, ${operator}: every point, both ends, and no tensor left behind`, async () => {
      const fixture = await open(name);
      const spec = { ...study(fixture.model, fixture.data), operator };
      const before = tf.memory().numTensors;
      const { rows } = await curves(session, spec, directory(`${name}-random`), {});
      assert.equal(tf.memory().numTensors, before, 'tensors left behind');
      const units = unitsOf(sites);
      const points = curvePoints(units, 5);
      assert.deepEqual(
        rows.map(({ repeat, units_ablated, fraction }) => [repeat, units_ablated, fraction]),
        [0, 1].flatMap((repeat) => points.map((count) => [repeat, count, count / units])),
      );
      for (const { repeat, units_ablated, accuracy, loss, sites: names } of rows) {
        assert.equal(names, sites.map(([site]) => site).join('+'));
        const deleted = randomOrder(units, spec.seed, repeat).subarray(0, units_ablated);
        const outcome = await oracle.ask('run', placesOf(sites, deleted, operator));
        assert.equal(
          Math.round(accuracy * 300),
          outcome.correct,
          `${units_ablated} units of repeat ${repeat}`,
        );
        assert.ok(Math.abs(loss - outcome.loss) <= 1e-5 * Math.max(1, outcome.loss));
        if (units_ablated === units) assert.equal(new Set(outcome.predictions).size, 1, 'not a constant');
      }
    });
  }

  it('each site alone', async () => {
    const fixture = await open('mlp');
    const spec = study(fixture.model, fixture.data);
    const { rows } = await curves(session, spec, directory('each'), { each: true, orderings: 1 });
    for (const site of [
      ['hidden', 'hidden', 16],
      ['second', 'second', 12],
    ] as const) {
      const own = rows.filter(({ sites }) => sites === site[0]);
      assert.deepEqual(
        own.map(({ units_ablated }) => units_ablated),
        curvePoints(site[2], 5),
      );
      for (const { units_ablated, accuracy } of own) {
        const deleted = randomOrder(site[2], spec.seed, 0).subarray(0, units_ablated);
        const outcome = await oracle.ask('run', placesOf([site], deleted, 'zero'));
        assert.equal(Math.round(accuracy * 300), outcome.correct);
      }
    }
  });

  it('by importance: ranked on one half, this and random measured on the other', async () => {
    const sites = NETWORKS[1]![1];
    const fixture = await open('residual');
    const spec = study(fixture.model, fixture.data);
    const { run, rows } = await curves(session, spec, directory('importance'), {
      orders: ['importance', 'random'],
    });
    const [first, second] = halvesOf(stratifiedOrder(fixture.labels, spec.seed));
    assert.deepEqual(
      [run.record.curves?.ranked_on, run.record.curves?.measured_on],
      [first.length, second.length],
    );
    const base = rightAmong(first, fixture.labels, await oracle.ask('run', []));
    const drops: number[] = [];
    for (const [, at, units] of sites) {
      const outcomes = await oracle.ask('units', { at, units: [...Array(units).keys()] });
      drops.push(...outcomes.map((outcome) => base - rightAmong(first, fixture.labels, outcome)));
    }
    for (const { order, direction, repeat, units_ablated, accuracy } of rows) {
      const ranked =
        direction === '' ? randomOrder(drops.length, spec.seed, repeat) : rankedOrder(drops, direction);
      const outcome = await oracle.ask('run', placesOf(sites, ranked.subarray(0, units_ablated), 'zero'));
      const right = rightAmong(second, fixture.labels, outcome);
      assert.equal(
        Math.round(accuracy * second.length),
        right,
        `${order} ${direction}, ${units_ablated} units`,
      );
    }
  });

  for (const [name, operator, points] of [
    ['mlp', 'mean', 4],
    ['residual', 'zero', 5],
  ] as const) {
    it(`greedy on ${name}: the very order of a brute-force search`, async () => {
      const sites = NETWORKS.find(([network]) => network === name)![1];
      const fixture = await open(name, 200);
      const spec = { ...study(fixture.model, fixture.data), operator };
      const { run, rows } = await curves(session, spec, directory(`greedy-${name}`), {
        orders: ['greedy'],
        points,
      });
      const [first, second] = halvesOf(stratifiedOrder(fixture.labels, spec.seed));
      const units = unitsOf(sites);
      const rowsOf = sites.flatMap(([site, , count]) =>
        Array.from({ length: count }, (_, unit) => ({ site, unit })),
      );
      for (const direction of ['ascending', 'descending'] as const) {
        const order: number[] = [];
        for (const next of curvePoints(units, points).slice(1)) {
          const base = rightAmong(
            first,
            fixture.labels,
            await oracle.ask('run', placesOf(sites, Int32Array.from(order), operator)),
          );
          const drops: number[] = [];
          for (let row = 0; row < units; row++) {
            const places = placesOf(sites, Int32Array.from([...order, row]), operator);
            drops.push(
              order.includes(row)
                ? NaN
                : base - rightAmong(first, fixture.labels, await oracle.ask('run', places)),
            );
          }
          order.push(...[...rankedOrder(drops, direction)].slice(0, next - order.length));
        }
        const found = run.record.curves?.greedy.find((one) => one.direction === direction);
        assert.deepEqual(
          found?.order,
          order.map((row) => rowsOf[row]),
        );
        for (const { units_ablated, accuracy } of rows.filter((row) => row.direction === direction)) {
          const places = placesOf(sites, Int32Array.from(order.slice(0, units_ablated)), operator);
          const right = rightAmong(second, fixture.labels, await oracle.ask('run', places));
          assert.equal(Math.round(accuracy * second.length), right);
        }
      }
    });
  }

  it('on training data beside the test data, in the same orders', async () => {
    const fixture = await open('mlp');
    const other = await oracle.ask('fixture', {
      name: 'mlp',
      directory: directory('other'),
      samples: 150,
      seed: 1,
    });
    const train = { data: `${other.data}#x`, labels: `${other.data}#y` };
    const spec = study(fixture.model, fixture.data);
    const options = { train, orders: ['random', 'importance'], orderings: 1 } as const;
    const { run, rows } = await curves(session, spec, directory('train'), options);
    assert.equal(run.record.curves?.train_measured_on, 150);
    const alone = await curves(session, study(fixture.model, other.data), directory('train-alone'), {
      orderings: 1,
    });
    const strip = (points: readonly CurvePoint[]): unknown[] =>
      points.map(({ accuracy, loss }) => [accuracy, loss]);
    assert.deepEqual(
      strip(rows.filter(({ data, order }) => data === 'train' && order === 'random')),
      strip(alone.rows),
    );
    assert.equal(rows.filter(({ data }) => data === 'test').length, rows.length / 2);
  });

  it('goes on after a cancel, to the very same files', async () => {
    const fixture = await open('mlp');
    const spec = study(fixture.model, fixture.data);
    const options: CurveOptions = { ...OPTIONS, orders: ['random', 'greedy'], points: 3 };
    const cancelled = directory('cancelled');
    for (const steps of [1, 3]) {
      const abort = new AbortController();
      const on = (event: AnalyzeEvent): void => {
        if (event.event === 'progress' && event.progress.round >= steps) abort.abort();
      };
      const params = { spec, directory: cancelled, accept_chance: true, options };
      const result = await session.curves(params, on, abort.signal);
      assert.equal(result.kind, 'cancelled');
      const { record, experiment } = await session.readRun(cancelled);
      assert.equal(record.status, 'cancelled');
      assert.ok(experiment?.name === 'curves' && experiment.rows.length === 4 * steps);
    }
    const { run } = await curves(session, spec, cancelled, options);
    const whole = await curves(session, spec, directory('whole'), options);
    for (const file of ['curves.csv', 'curves.arrow']) {
      assert.deepEqual(
        await readFile(path.join(cancelled, file)),
        await readFile(path.join(directory('whole'), file)),
      );
    }
    assert.deepEqual(run.record.curves, whole.run.record.curves);
    const params = { spec, directory: cancelled, accept_chance: true, options: { ...options, points: 7 } };
    await assert.rejects(
      session.curves(params, () => undefined, never),
      /the options are others/,
    );
    await assert.rejects(
      session.analyze({ spec, directory: cancelled, accept_chance: true }, () => undefined, never),
      /holds a run of another study \(it is one of curves\)/,
    );
  });
});
