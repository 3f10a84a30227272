import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zeroClamp, type Clamp } from '../../../src/core/ablation/clamp';
import { DeletionSets } from '../../../src/core/ablation/deletionSet';
import { deletionsOf, maskOf } from '../../../src/core/ablation/deletions';
import { resampleClamp } from '../../../src/core/ablation/operators/resample';
import { PlainForward, type Outcomes } from '../../../src/core/ablation/plainForward';
import { Control } from '../../../src/core/control';
import type { Network, Operation } from '../../../src/core/network/network';
import { findSites, type Site } from '../../../src/core/network/sites';
import type { Samples } from '../../../src/core/samples';
import { readModel } from '../../../src/formats/models/readModel';
import { Cancelled } from '../../../src/protocol/failure';
import type { Evaluation } from '../../../src/protocol/run';
import type { Operator, UnitRef } from '../../../src/protocol/study';
import type { FixtureName } from '../../support/architectures';
import type { Fixture } from '../../support/models';
import { requireNative } from '../../support/requirements';
import { uniforms } from '../../support/seeded';
import { Oracle } from '../oracle/client';
import type { Place } from '../oracle/maskOracle';
import { newSession } from './engineRun';

/** The call of a layer whose output a site is, where it is called otherwise than the site. */
const CALLS: Partial<Record<FixtureName, Record<string, string>>> = {
  nestedTwice: {
    inner_1: 'inner/inner_1',
    inner_2: 'inner/inner_2',
    'inner_1@1': 'inner@1/inner_1',
    'inner_2@1': 'inner@1/inner_2',
  },
};

const BATCH = 64;
const AMPLE = 2 ** 30;
const never = new AbortController().signal;

/** A network with its samples in memory. */
interface Opened {
  readonly network: Network;
  readonly sites: readonly Site[];
  readonly samples: Samples;
  readonly forward: PlainForward;
  readonly indices: Int32Array;
}

async function open({ model, x, shape, labels }: Fixture): Promise<Opened> {
  const { network } = await readModel(model);
  const size = shape.reduce((a, b) => a * b, 1);
  const samples: Samples = {
    labels,
    scale: 'none',
    load: (indices) => {
      const rows = Array.from(indices, (index) => x.subarray(index * size, (index + 1) * size));
      const values = new Float32Array(rows.length * size);
      rows.forEach((row, n) => values.set(row, n * size));
      return Promise.resolve([tf.tensor(values, [rows.length, ...shape])]);
    },
  };
  const { sites } = findSites(network);
  const also = sites.filter((site) => !site.feeds).map((site) => site.id);
  const forward = new PlainForward(network, samples, BATCH, also);
  return { network, sites, samples, forward, indices: labels.map((_, n) => n) };
}

function setsOf(
  opened: Opened,
  memory: number,
  operator: Operator = 'zero',
  clampOf: (site: Site) => Clamp = zeroClamp,
): DeletionSets {
  return new DeletionSets({ ...opened, operator, clampOf }, memory);
}

/** Sets that differ by a unit, a unit each of two sites, or much. */
function walk(sites: readonly Site[], steps: number, seed: number): UnitRef[][] {
  const random = uniforms(steps * 40, seed);
  let next = 0;
  const pick = (length: number): number => Math.floor(random[next++]! * length);
  const deleted = new Map<string, UnitRef>();
  const toggle = (): void => {
    const site = sites[pick(sites.length)]!;
    const unit = pick(site.units);
    const key = `${site.name}#${unit}`;
    if (!deleted.delete(key)) deleted.set(key, { site: site.name, unit });
  };
  return Array.from({ length: steps }, (_, step) => {
    const toggles = step % 5 === 4 ? 6 : 1 + (step % 2);
    for (let t = 0; t < toggles; t++) toggle();
    return [...deleted.values()];
  });
}

/** The set by the plain forward pass alone. */
function plainly(opened: Opened, set: readonly UnitRef[], clampOf = zeroClamp, draw = 0): Promise<Outcomes> {
  const { forward, indices, sites } = opened;
  const deletions = sites.flatMap((site) => {
    const units = set.filter((ref) => ref.site === site.name).map(({ unit }) => unit);
    return units.length === 0 ? [] : [{ site, clamp: clampOf(site), mask: maskOf(site, units) }];
  });
  const substitute = deletionsOf(forward, deletions, draw);
  return forward.run(indices, new Control(never), { substitute });
}

function assertPlain(evaluation: Evaluation, opened: Opened, before: Outcomes, after: Outcomes): void {
  const { labels } = opened.samples;
  const classes = opened.network.head.classes;
  const isRight = ({ predicted }: Outcomes, n: number): boolean => predicted[n] === labels[n];
  const all = [...labels.keys()];
  assert.ok(evaluation.per_sample);
  assert.deepEqual(evaluation.per_sample.before.predicted, before.predicted);
  assert.deepEqual(evaluation.per_sample.after.predicted, after.predicted);
  assert.equal(evaluation.correct, all.filter((n) => isRight(after, n)).length);
  assert.equal(evaluation.before.correct, all.filter((n) => isRight(before, n)).length);
  assert.equal(evaluation.flips_to_wrong, all.filter((n) => isRight(before, n) && !isRight(after, n)).length);
  assert.equal(evaluation.flips_to_right, all.filter((n) => !isRight(before, n) && isRight(after, n)).length);
  assert.equal(evaluation.loss, after.loss.reduce((sum, value) => sum + value, 0) / labels.length);
  const matrix = new Float64Array(classes * classes);
  for (const n of all) matrix[labels[n]! * classes + after.predicted[n]!]! += 1;
  assert.deepEqual(evaluation.confusion?.after, matrix);
  const { probabilities } = evaluation.per_sample.after;
  for (const n of all) {
    const own = probabilities[n * classes + labels[n]!]!;
    assert.ok(Math.abs(own - Math.exp(-after.loss[n]!)) < 1e-5, `sample ${n}: ${own}`);
  }
}

describe('deletion sets', function () {
  this.timeout(120_000);
  let oracle: Oracle;
  let folder: string;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'sets-'));
    await newSession().hello();
  });
  after(async () => {
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  const fixtureOf = (name: FixtureName, samples = 200): Promise<Fixture> =>
    oracle.ask('fixture', { name, directory: path.join(folder, name), samples });

  /** Walks over sets with ample, scant and no memory, each held against the plain pass and some the oracle. */
  async function holdAgainstAll(
    opened: Opened,
    places: (set: readonly UnitRef[]) => Place[],
    steps: number,
  ): Promise<void> {
    const baseline = await plainly(opened, []);
    const elements = opened.sites.map((site) => site.shape.reduce((a, b) => a * Math.max(b, 1), 1));
    const scant = 4 * opened.indices.length * Math.max(...elements);
    const before = tf.memory().numTensors;
    const all = [setsOf(opened, AMPLE), setsOf(opened, scant), setsOf(opened, 0)];
    for (const [step, set] of walk(opened.sites, steps, 5).entries()) {
      const after = await plainly(opened, set);
      for (const sets of all) {
        const evaluation = await sets.evaluate(set, { outputs: true }, new Control(never));
        assertPlain(evaluation, opened, baseline, after);
      }
      const asked = places(set);
      if (step % 4 !== 3 || hasBothDirections(asked)) continue;
      const outcome = await oracle.ask('run', asked);
      assert.deepEqual(after.predicted, outcome.predictions, JSON.stringify(set));
    }
    for (const sets of all) sets.dispose();
    assert.equal(tf.memory().numTensors, before, 'tensors left behind');
  }

  const names = [
    'mlp',
    'batchNorm',
    'residual',
    'branches',
    'shared',
    'nestedTwice',
    'sigmoid',
    'twoOutputs',
  ];
  for (const name of names as FixtureName[]) {
    it(`${name}: any way to a set gives what the plain forward pass and the oracle give`, async () => {
      const fixture = await fixtureOf(name);
      await oracle.ask('open', { ...fixture, scores: name === 'twoOutputs' ? 1 : 0 });
      const opened = await open(fixture);
      const places = (set: readonly UnitRef[]): Place[] =>
        // What another output of the model is made of changes no class score.
        placesOf(
          set.filter(({ site }) => site !== 'number'),
          (site) => CALLS[name]?.[site] ?? site,
        );
      await holdAgainstAll(opened, places, 12);
      opened.network.dispose();
    });
  }

  for (const kind of ['sequence', 'words', 'image'] as const) {
    it(`random networks, ${kind}: recurrent, shared and joined layers`, async () => {
      for (let seed = 1; seed <= 3; seed++) {
        const directory = path.join(folder, `${kind}-${seed}`);
        const fixture = await oracle.ask('random', { seed, kind, directory, samples: 150 });
        await oracle.ask('open', fixture);
        const calls = new Map(fixture.sites.map(({ site, at }) => [site, at]));
        const whole = await open(fixture);
        const opened = { ...whole, sites: whole.sites.filter(({ name }) => calls.has(name)) };
        await holdAgainstAll(opened, (set) => placesOf(set, (site) => calls.get(site) ?? site), 8);
        opened.network.dispose();
      }
    });
  }

  it('draws donors: counts are means over the draws', async () => {
    const opened = await open(await fixtureOf('residual'));
    const clamp = resampleClamp(opened.indices, 3, 2);
    const sets = setsOf(opened, AMPLE, 'resample', () => clamp);
    for (const set of walk(opened.sites, 6, 9)) {
      const draws = [await plainly(opened, set, () => clamp, 0), await plainly(opened, set, () => clamp, 1)];
      const { correct, loss, confusion } = await sets.evaluate(set, { outputs: false }, new Control(never));
      const { labels } = opened.samples;
      const right = draws.map(({ predicted }) => predicted.filter((p, n) => p === labels[n]).length);
      const losses = draws.flatMap((outcome) => [...outcome.loss]);
      assert.equal(correct, (right[0]! + right[1]!) / (set.length === 0 ? 1 : 2));
      assert.ok(Math.abs(loss - losses.reduce((a, b) => a + b, 0) / losses.length) < 1e-12);
      assert.equal(
        confusion?.after.reduce((a, b) => a + b, 0),
        labels.length,
      );
    }
    sets.dispose();
    opened.network.dispose();
  });

  it('leaves near-ties to the plain forward pass', async () => {
    const fixture = await fixtureOf('mlp');
    await tieFirstClasses(fixture.model);
    const opened = await open(fixture);
    const run = opened.forward.run.bind(opened.forward);
    let decided = 0;
    opened.forward.run = (indices, ...rest) => {
      decided += indices.length;
      return run(indices, ...rest);
    };
    const sets = setsOf(opened, AMPLE);
    for (const set of walk(opened.sites, 4, 3)) {
      const outcomes = [await plainly(opened, []), await plainly(opened, set)] as const;
      decided = 0;
      assertPlain(await sets.evaluate(set, { outputs: true }, new Control(never)), opened, ...outcomes);
      assert.ok(decided > 0);
      assert.ok(outcomes[1].predicted.includes(0) && !outcomes[1].predicted.includes(1));
    }
    sets.dispose();
    opened.network.dispose();
  });

  it('goes on after a cancel with what was finished, to the same answer', async () => {
    const opened = await open(await fixtureOf('residual', 500));
    const sets = setsOf(opened, AMPLE);
    const [first, second] = walk(opened.sites, 5, 2).slice(-2) as [UnitRef[], UnitRef[]];
    await sets.evaluate(first, { outputs: true }, new Control(never));
    const controller = new AbortController();
    let told = 0;
    const progress = (): void => {
      // The baseline is known: it tells nothing.
      if (++told === 3) controller.abort();
    };
    await assert.rejects(
      sets.evaluate(second, { outputs: true, progress }, new Control(controller.signal)),
      Cancelled,
    );
    const back = await sets.evaluate(first, { outputs: true }, new Control(never));
    assertPlain(back, opened, await plainly(opened, []), await plainly(opened, first));
    let rest = 0;
    const again = await sets.evaluate(second, { outputs: true, progress: () => rest++ }, new Control(never));
    assert.equal(rest, Math.ceil(500 / BATCH) - 3);
    assertPlain(again, opened, await plainly(opened, []), await plainly(opened, second));
    sets.dispose();
    opened.network.dispose();
  });

  it('runs nothing before the site that changed, and nothing at all for a set it knows', async () => {
    const opened = await open(await fixtureOf('residual'));
    let loads = 0;
    const samples: Samples = {
      ...opened.samples,
      load: (indices) => {
        loads++;
        return opened.samples.load(indices);
      },
    };
    const sets = setsOf({ ...opened, samples }, AMPLE);
    const ran: string[] = [];
    for (const operation of opened.network.operations) {
      const run = operation.run.bind(operation);
      (operation as { run: Operation['run'] }).run = (inputs) => {
        ran.push(operation.name);
        return run(inputs);
      };
    }
    const evaluate = (...units: UnitRef[]): Promise<Evaluation> =>
      sets.evaluate(units, { outputs: false }, new Control(never));
    const inner = { site: 'block_1', unit: 2 };
    await evaluate(inner);
    const blocks = Math.ceil(opened.indices.length / BATCH);
    assert.equal(loads, blocks, 'the input is read once');
    ran.length = 0;
    await evaluate(inner, { site: 'end', unit: 1 });
    assert.ok(!ran.some((name) => ['stem', 'block_1', 'block_2', 'add', 'end'].includes(name)), ran.join());
    assert.ok(ran.includes('flat'));
    assert.equal(loads, blocks);
    ran.length = 0;
    await evaluate(inner);
    await evaluate();
    assert.deepEqual(ran, []);
    sets.dispose();
    opened.network.dispose();
  });
});

/** Gives class 1 the weights of class 0: the last of the fixture `mlp` are a kernel `[12, 5]` and 5 biases. */
async function tieFirstClasses(model: string): Promise<void> {
  const shard = path.join(path.dirname(model), 'group1-shard2of2.bin');
  const bytes = await readFile(shard);
  const weights = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const head = weights.subarray(-13 * 5);
  for (let row = 0; row < 13; row++) head[row * 5 + 1] = head[row * 5]!;
  await writeFile(shard, weights);
}

/** The oracle takes one direction of a bidirectional layer at a time. */
function hasBothDirections(places: readonly Place[]): boolean {
  const calls = places.map(({ at }) => at.replace(/\/(forward|backward)$/, ''));
  return new Set(calls).size < calls.length;
}

function placesOf(set: readonly UnitRef[], callOf: (site: string) => string): Place[] {
  const units = new Map<string, number[]>();
  for (const { site, unit } of set) units.set(callOf(site), [...(units.get(callOf(site)) ?? []), unit]);
  return [...units].map(([at, list]) => ({ at, units: list }));
}
