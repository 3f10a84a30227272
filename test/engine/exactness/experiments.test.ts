import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CachedForward } from '../../../src/core/ablation/cachedForward';
import { randomOrder } from '../../../src/core/ablation/curves/orders';
import { measureNoise } from '../../../src/core/ablation/noise';
import { PlainForward } from '../../../src/core/ablation/plainForward';
import { unitDeviations } from '../../../src/core/ablation/unitDeviations';
import { Control } from '../../../src/core/control';
import { openStudy, scaled } from '../../../src/engine/openStudy';
import type { Session } from '../../../src/engine/session';
import { NOISE_SCALES } from '../../../src/protocol/curves';
import type { StoredRun } from '../../../src/protocol/engine';
import type { StudySpec } from '../../../src/protocol/study';
import { saveModel } from '../../support/models';
import { writeNpz } from '../../support/npz';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { curves, never, placesOf, unitsOf, type HandSite } from './curveRun';
import { newSession, study } from './engineRun';

describe('noise, pairs, and curves on random networks', function () {
  this.timeout(120_000);
  let oracle: Oracle;
  let session: Session;
  let folder: string | null = null;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    session = newSession();
    await session.hello();
    folder = await mkdtemp(path.join(tmpdir(), 'experiments-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  const directory = (name: string): string => path.join(folder as string, name);

  for (const [seed, kind] of [
    [1, 'sequence'],
    [2, 'sequence'],
    [3, 'words'],
    [4, 'image'],
    [5, 'vector'],
  ] as const) {
    it(`random network ${seed} on ${kind}: curves and greedy order against brute force`, async () => {
      const at = directory(`random-${seed}`);
      const fixture = await oracle.ask('random', { seed, kind, directory: at, samples: 120 });
      await oracle.ask('open', fixture);
      for (const operator of ['zero', 'mean'] as const) {
        const spec = study(fixture.model, fixture.data, { operator });
        const before = tf.memory().numTensors;
        const options = { points: 3, orderings: 1, orders: ['random', 'greedy'] } as const;
        const { run, rows } = await curves(session, spec, path.join(at, operator), options);
        assert.equal(tf.memory().numTensors, before, 'tensors left behind');
        const sites = run.record.sites.map(({ name, units }): HandSite => {
          const found = fixture.sites.find(({ site }) => site === name);
          assert.ok(found?.units === units, `${name} in ${fixture.description}`);
          return [name, found.at, units];
        });
        const firstRow = new Map<string, number>();
        sites.forEach(([name], k) => firstRow.set(name, unitsOf(sites.slice(0, k))));
        const measured = run.record.curves!.measured_on;
        const order = (await openOrder(spec)).slice(120 - measured);
        for (const { order: name, direction, units_ablated, accuracy } of rows) {
          const greedy = run.record.curves?.greedy.find((one) => one.direction === direction);
          const ranked =
            name === 'random'
              ? randomOrder(unitsOf(sites), spec.seed, 0)
              : Int32Array.from(greedy!.order, ({ site, unit }) => firstRow.get(site)! + unit);
          const places = placesOf(sites, ranked.subarray(0, units_ablated), operator);
          const { predictions, ties } = await oracle.ask('run', places);
          const right = order.filter((index) => predictions[index] === fixture.labels[index]).length;
          const found = Math.round(accuracy * measured);
          // Where rounding decides, as on the constant that is left of a network without units, both may be right.
          assert.ok(
            Math.abs(found - right) <= ties,
            `${fixture.description}: ${name} ${direction} ${operator}, ${units_ablated} units: ${found}, not ${right}`,
          );
        }
      }
    });
  }

  /** The study's samples in its order. */
  async function openOrder(spec: StudySpec): Promise<Int32Array> {
    const opened = await openStudy(spec, new Control(never));
    opened.network.dispose();
    return opened.indices;
  }

  async function noise(spec: StudySpec, name: string, scales: readonly number[]): Promise<StoredRun> {
    const options = { scales, repeats: 3 };
    const params = { spec, directory: directory(name), accept_chance: true, options };
    assert.equal((await session.noise(params, () => undefined, never)).kind, 'complete');
    return session.readRun(directory(name));
  }

  it('noise of nearly nothing changes nothing, and much of it the accuracy', async () => {
    const fixture = await oracle.ask('fixture', {
      name: 'residual',
      directory: directory('noise'),
      samples: 300,
    });
    const { baseline } = await oracle.ask('open', { ...fixture, scores: 0 });
    const before = tf.memory().numTensors;
    const spec = study(fixture.model, fixture.data);
    const run = await noise(spec, 'noise-run', [1e-9, ...NOISE_SCALES]);
    assert.equal(tf.memory().numTensors, before, 'tensors left behind');
    assert.ok(run.experiment?.name === 'noise');
    const { rows } = run.experiment;
    assert.equal(rows.length, 3 * 16);
    for (const row of rows.filter(({ scale }) => scale < 1e-6)) {
      assert.equal(row.accuracy, baseline.correct / 300);
      assert.ok(Math.abs(row.loss - baseline.loss) < 1e-6);
    }
    const summary = run.record.noise!.summary;
    assert.ok(summary.at(-1)!.accuracy < baseline.correct / 300 - 0.1);
    const text = await readFile(path.join(directory('noise-run'), 'noise.csv'), 'utf8');
    await noise(spec, 'noise-again', [1e-9, ...NOISE_SCALES]);
    assert.equal(await readFile(path.join(directory('noise-again'), 'noise.csv'), 'utf8'), text);
    const other = await noise({ ...spec, seed: 8 }, 'noise-other', [1]);
    assert.ok(other.experiment?.name === 'noise');
    const same = rows.filter(({ scale }) => scale === 1);
    assert.notDeepEqual(other.experiment.rows, same);
  });

  it('noise has each unit’s own σ, and depends neither on the batch nor on what ran before', async () => {
    const fixture = await oracle.ask('fixture', { name: 'mlp', directory: directory('sigma'), samples: 200 });
    await oracle.ask('open', { ...fixture, scores: 0 });
    const spec = study(fixture.model, fixture.data);
    const opened = await openStudy(spec, new Control(never));
    const { network, sites, indices, data } = opened;
    const samples = scaled(opened, 'none', spec);
    const control = new Control(never);
    const none = (): void => undefined;
    const forward = new PlainForward(network, samples, 64);
    const deviations = await unitDeviations(forward, sites, indices, control, none);
    for (const [k, at] of ['hidden', 'second'].entries()) {
      const { values, shape } = await oracle.ask('values', { at });
      const units = shape.at(-1)!;
      for (let unit = 0; unit < units; unit++) {
        const own = Float64Array.from(values.filter((_, i) => i % units === unit));
        const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
        const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
        assert.ok(Math.abs(deviations[k]![unit]! - Math.sqrt(variance)) < 1e-5, `${at} #${unit}`);
      }
    }
    const at = { seed: 3, repeat: 1, scale: 0.5 };
    const measures = [];
    for (const batch of [64, 37, 200]) {
      const cached = new CachedForward(network, samples, indices, sites, batch, batch === 64 ? 0 : 2 ** 20);
      await measureNoise(cached, sites, deviations, { ...at, repeat: 7 }, data.labels, control, none);
      measures.push(await measureNoise(cached, sites, deviations, at, data.labels, control, none));
      cached.dispose();
    }
    for (const { accuracy, loss } of measures) {
      assert.equal(accuracy, measures[0]!.accuracy);
      assert.ok(Math.abs(loss - measures[0]!.loss) < 1e-5);
    }
    network.dispose();
  });

  it('pairs: losses and accuracies of brute force', async () => {
    const fixture = await oracle.ask('fixture', {
      name: 'residual',
      directory: directory('pairs'),
      samples: 300,
    });
    const { baseline } = await oracle.ask('open', { ...fixture, scores: 0 });
    const before = tf.memory().numTensors;
    const run = await pairs(study(fixture.model, fixture.data), 'pairs-run', 5);
    assert.equal(tf.memory().numTensors, before, 'tensors left behind');
    assert.ok(run.experiment?.name === 'pairs');
    const { rows } = run.experiment;
    assert.equal(rows.length, 10);
    const increases = new Map<string, number>();
    for (const at of ['stem', 'block_1', 'block_2', 'end']) {
      const units = at === 'block_1' ? 5 : 6;
      const outcomes = await oracle.ask('units', { at, units: [...Array(units).keys()] });
      outcomes.forEach((one) => increases.set(`${at} ${one.unit}`, one.loss - baseline.loss));
    }
    const top = [...increases].sort((a, b) => b[1] - a[1]).slice(0, 5);
    assert.deepEqual(
      run.record.pairs?.units.map(({ site, unit }) => `${site} ${unit}`),
      top.map(([name]) => name),
    );
    for (const [i, row] of rows.entries()) {
      const [a, b] = [`${row.site_a} ${row.unit_a}`, `${row.site_b} ${row.unit_b}`];
      const both = await oracle.ask('run', [
        { at: row.site_a, units: row.site_a === row.site_b ? [row.unit_a, row.unit_b] : [row.unit_a] },
        ...(row.site_a === row.site_b ? [] : [{ at: row.site_b, units: [row.unit_b] }]),
      ]);
      const near = (actual: number, expected: number): void =>
        assert.ok(Math.abs(actual - expected) < 1e-5, `${a}, ${b}: ${actual}, not ${expected}`);
      near(row.loss_increase_a, increases.get(a)!);
      near(row.loss_increase_b, increases.get(b)!);
      near(row.loss_increase_both, both.loss - baseline.loss);
      near(row.synergy, row.loss_increase_both - row.loss_increase_a - row.loss_increase_b);
      const drop: number = run.record.pairs.accuracy_drops[i]!;
      assert.equal(Math.round(drop * 300), baseline.correct - both.correct);
    }
  });

  it('two units that say the same back each other up', async () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.dense({ name: 'twins', units: 2, activation: 'relu', inputShape: [2] }),
        tfl.layers.dense({ name: 'scores', units: 2, activation: 'softmax' }),
      ],
    });
    model.setWeights([
      tf.tensor2d([
        [1, 1],
        [0, 0],
      ]),
      tf.tensor1d([0, 0]),
      tf.tensor2d([
        [-3, 3],
        [-3, 3],
      ]),
      tf.tensor1d([1, -1]),
    ]);
    const at = directory('twins');
    await mkdir(at);
    await saveModel(model, at);
    model.dispose();
    const x = Float32Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 1 + i / 200 : i % 2));
    await writeNpz(path.join(at, 'data.npz'), {
      x: { data: x, shape: [100, 2] },
      y: { data: Int32Array.from({ length: 100 }, (_, i) => Number(x[2 * i]! > 0)), shape: [100] },
    });
    const run = await pairs(study(path.join(at, 'model.json'), path.join(at, 'data.npz')), 'twins-run', 2);
    assert.ok(run.experiment?.name === 'pairs');
    const [row] = run.experiment.rows;
    assert.ok(row!.loss_increase_a > 0 && row!.loss_increase_a < 0.1);
    assert.ok(row!.synergy > 0.5, `synergy ${row!.synergy}`);
  });

  async function pairs(spec: StudySpec, name: string, top: number): Promise<StoredRun> {
    const params = { spec, directory: directory(name), accept_chance: true, options: { top } };
    assert.equal((await session.pairs(params, () => undefined, never)).kind, 'complete');
    return session.readRun(directory(name));
  }
});
