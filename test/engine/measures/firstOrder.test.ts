import assert from 'node:assert/strict';
import { memory, mul, scalar, stack, tensor, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { add, customGrad, dispose, matMul, relu, slice, sub, tanh } from '@tensorflow/tfjs-core';
import { Control } from '../../../src/core/control';
import { firstOrder, gradientBatch, type FirstOrder } from '../../../src/core/measures/firstOrder';
import { score } from '../../../src/core/measures/scoring';
import type { Algebra, Makes, Network, Operation } from '../../../src/core/network/network';
import { Program, type Substitution } from '../../../src/core/network/program';
import { findSites, type Site } from '../../../src/core/network/sites';
import type { Samples } from '../../../src/core/samples';
import { readModel } from '../../../src/formats/models/readModel';
import { Cancelled } from '../../../src/protocol/failure';
import { architectures, type FixtureName } from '../../support/architectures';
import { saveFixture } from '../../support/models';
import { requireNativeBackend } from '../../support/nativeBackend';
import { normals } from '../../support/seeded';
import { temporaryFolder } from '../../support/temporaryFolder';

const SAMPLES = 24;
const INDICES = Int32Array.from({ length: SAMPLES }, (_, n) => n);
const control = (): Control => new Control(new AbortController().signal);
const zeros = (site: Site): Tensor => tensor([0], [1, ...site.shape.map(() => 1)]);

function samplesOf(x: Float32Array, shape: readonly number[], labels: Int32Array): Samples {
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    labels,
    scale: 'none',
    load: (indices) => {
      const rows = Array.from(indices, (index) => x.subarray(index * size, (index + 1) * size));
      const values = Float32Array.from(rows.flatMap((row) => [...row]));
      return Promise.resolve([tensor(values, [indices.length, ...shape])]);
    },
  };
}

/** Each sample's loss with a unit moved by `share` of its way to the clamp value. */
async function losses(
  network: Network,
  site: Site,
  samples: Samples,
  unit: number,
  share: number,
  clamp: (site: Site) => Tensor,
): Promise<Float64Array> {
  const value = clamp(site);
  const mask = tensor1d(Float32Array.from({ length: site.units }, (_, u) => (u === unit ? share : 0)));
  const move: Substitution = (output, step) =>
    tidy(() => {
      const [rows, , units] = value.shape;
      const isStep = step !== undefined && value.shape[1] !== 1;
      const at = isStep ? slice(value, [0, step, 0], [rows, 1, units!]) : value;
      return add(output, mul(mask, sub(step === undefined ? at : at.reshape([rows, -1]), output)));
    });
  const inputs = await samples.load(INDICES);
  const program = new Program(network, network.inputs, [network.head.scores]);
  const [scores] = program.run(inputs, { substitute: new Map([[site.id, move]]) });
  const { loss } = score(network.head, scores!.dataSync<'float32'>(), samples.labels.slice(0, SAMPLES));
  dispose([scores!, ...inputs, mask, value]);
  return loss;
}

/** The estimates by central differences. */
async function byDifferences(
  network: Network,
  site: Site,
  samples: Samples,
  unit: number,
  clamp: (site: Site) => Tensor,
): Promise<{ signed: number; absolute: number }> {
  const step = 5e-4;
  const after = await losses(network, site, samples, unit, step, clamp);
  const before = await losses(network, site, samples, unit, -step, clamp);
  const slopes = after.map((loss, n) => (loss - before[n]!) / (2 * step));
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / SAMPLES;
  return { signed: mean(slopes), absolute: mean(slopes.map(Math.abs)) };
}

function near(actual: number, expected: number, what: string): void {
  const within = 2e-3 + 0.02 * Math.abs(expected);
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${String(actual)} is not ${String(expected)}`);
}

async function assertDifferences(
  network: Network,
  sites: readonly Site[],
  samples: Samples,
  found: readonly FirstOrder[],
  clamp: (site: Site) => Tensor,
): Promise<void> {
  for (const [index, site] of sites.entries()) {
    for (const unit of new Set([0, 3, site.units - 1].filter((u) => u < site.units))) {
      const expected = await byDifferences(network, site, samples, unit, clamp);
      const { signed, absolute } = found[index]!;
      near(signed[unit]!, expected.signed, `${site.name} #${String(unit)} signed`);
      near(absolute[unit]!, expected.absolute, `${site.name} #${String(unit)} absolute`);
    }
  }
}

function operation(
  id: string,
  inputs: readonly string[],
  shape: readonly (number | null)[],
  more: Partial<Operation> & Pick<Operation, 'run'>,
): Operation {
  const base = { algebra: { kind: 'opaque' } satisfies Algebra, makes: null as Makes, hindrance: null };
  return { id, name: id, type: id, inputs, shape, ...base, ...more };
}

function networkOf(operations: readonly Operation[], shape: readonly (number | null)[]): Network {
  const scores = operations.at(-1)!;
  const given = operation('in', [], shape, {
    algebra: { kind: 'input' },
    run: () => {
      throw new Error('The input is given');
    },
  });
  return {
    name: 'test',
    operations: [given, ...operations],
    inputs: ['in'],
    outputs: [],
    head: { kind: 'logits', scores: scores.id, output: scores.id, classes: 3 },
    parameters: 0,
    dispose: () => undefined,
  };
}

function siteOf(maker: Operation): Site {
  const shape = maker.shape.slice(1).map((size) => size ?? -1);
  return { id: maker.id, name: maker.id, units: shape.at(-1)!, shape, kind: 'test', maker, feeds: true };
}

describe('first-order estimates', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  for (const name of Object.keys(architectures) as FixtureName[]) {
    it(`${name}: are the derivative along the way to the clamp, and leave no tensor behind`, async () => {
      const fixture = await saveFixture(name, folder.path(name), { samples: SAMPLES });
      const { network } = await readModel(fixture.model);
      const { sites } = findSites(network);
      const samples = samplesOf(fixture.x, fixture.shape, fixture.labels);
      const before = memory().numTensors;
      const found = await firstOrder(network, sites, samples, INDICES, {
        batch: 10,
        replacement: zeros,
        control: control(),
      });
      assert.equal(memory().numTensors, before);
      await assertDifferences(network, sites, samples, found, zeros);
      sites.forEach((site, index) => {
        if (!site.feeds) assert.ok(found[index]!.absolute.every((value) => value === 0));
      });
      network.dispose();
    });
  }

  it('take the clamp value as it is given, a sample or an element at a time', async () => {
    // Without a max pool: there zeros tie, and what moving them apart does is no derivative.
    const fixture = await saveFixture('depthwise', folder.path('values'), { samples: SAMPLES });
    const { network } = await readModel(fixture.model);
    const { sites } = findSites(network);
    const samples = samplesOf(fixture.x, fixture.shape, fixture.labels);
    const values = (site: Site): Tensor => {
      const size = site.shape.reduce((product, length) => product * length, 1);
      return tensor(normals(size, site.units), [1, ...site.shape]);
    };
    const replacement = (site: Site, part: Int32Array): Tensor =>
      tidy(() => stack(Array.from(part, () => values(site).squeeze([0]))));
    const options = { batch: 9, control: control() };
    const found = await firstOrder(network, sites, samples, INDICES, { ...options, replacement });
    const alike = await firstOrder(network, sites, samples, INDICES, { ...options, replacement: values });
    await assertDifferences(network, sites, samples, found, values);
    found.forEach(({ signed }, site) => {
      signed.forEach((value, unit) => {
        assert.ok(Math.abs(value - alike[site]!.signed[unit]!) < 1e-6);
      });
    });
    network.dispose();
  });

  it('before a linear head miss the loss change only by what is of second order', async () => {
    const fixture = await saveFixture('mlp', folder.path('linear'), { samples: SAMPLES });
    const { network } = await readModel(fixture.model);
    const { sites } = findSites(network);
    const samples = samplesOf(fixture.x, fixture.shape, fixture.labels);
    const options = { batch: SAMPLES, replacement: zeros, control: control() };
    const found = await firstOrder(network, sites, samples, INDICES, options);
    const last = sites.length - 1;
    const site = sites[last]!;
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / SAMPLES;
    const before = mean(await losses(network, site, samples, 0, 0, zeros));
    const missed = async (unit: number, share: number): Promise<number> => {
      const after = mean(await losses(network, site, samples, unit, share, zeros));
      return after - before - share * found[last]!.signed[unit]!;
    };
    for (const unit of [0, 1, 2]) {
      const ratio = (await missed(unit, 0.2)) / (await missed(unit, 0.1));
      assert.ok(ratio > 3.5 && ratio < 4.5, `${String(unit)}: ${String(ratio)}`);
    }
    network.dispose();
  });

  it('follow a state that is fed back, step by step', async () => {
    const [steps, size, units] = [4, 2, 5];
    const inward = tensor(normals(size * units, 1), [size, units]);
    const back = tensor(
      normals(units * units, 2).map((value) => value / 2),
      [units, units],
    );
    const out = tensor(normals(units * 3, 3), [units, 3]);
    const loop = ([x]: readonly Tensor[], each: (state: Tensor, step: number) => Tensor): Tensor => {
      const rows = x!.shape[0];
      const states: Tensor[] = [];
      for (let step = 0; step < steps; step++) {
        const now = matMul(slice(x!, [0, step, 0], [rows, 1, size]).reshape([rows, size]), inward);
        const earlier = states.at(-1);
        states.push(each(tanh(earlier === undefined ? now : add(now, matMul(earlier, back))), step));
      }
      return stack(states, 1);
    };
    const recurrent = operation('recurrent', ['in'], [null, steps, units], {
      makes: 'recurrent',
      run: (inputs) => loop(inputs, (state) => state),
      loop,
    });
    const last = operation('last', ['recurrent'], [null, units], {
      run: ([x]) => slice(x!, [0, steps - 1, 0], [x!.shape[0], 1, units]).reshape([-1, units]),
    });
    const scores = operation('scores', ['last'], [null, 3], { run: ([x]) => matMul(x!, out) });
    const network = networkOf([recurrent, last, scores], [null, steps, size]);
    const sites = [siteOf(recurrent)];
    const labels = INDICES.map((n) => n % 3);
    const samples = samplesOf(normals(SAMPLES * steps * size, 4), [steps, size], labels);
    const means = (): Tensor => tensor(normals(steps * units, 5), [1, steps, units]);
    for (const clamp of [zeros, means]) {
      const options = { batch: 7, replacement: clamp, control: control() };
      const found = await firstOrder(network, sites, samples, INDICES, options);
      await assertDifferences(network, sites, samples, found, clamp);
    }
    dispose([inward, back, out]);
  });

  it('are unknown before a layer without a gradient, known after it, and leave no tensor behind', async () => {
    const weights = tensor(normals(9, 1), [3, 3]);
    const make = (id: string, input: string): Operation =>
      operation(id, [input], [null, 3], { makes: 'dense', run: ([x]) => relu(matMul(x!, weights)) });
    const broken = operation('broken', ['one'], [null, 3], {
      run: ([x]) =>
        customGrad((value) => ({
          value: mul(value as Tensor, scalar(2)),
          gradFunc: () => {
            throw new Error('No gradient here');
          },
        }))(x!),
    });
    const two = make('two', 'broken');
    const one = make('one', 'in');
    const scores = operation('scores', ['two'], [null, 3], { run: ([x]) => matMul(x!, weights) });
    const network = networkOf([one, broken, two, scores], [null, 3]);
    const samples = samplesOf(
      normals(SAMPLES * 3, 2),
      [3],
      INDICES.map((n) => n % 3),
    );
    const sites = [siteOf(one), siteOf(two), { ...siteOf(two), id: 'aside', feeds: false }];
    const before = memory().numTensors;
    const options = { batch: 8, replacement: zeros, control: control() };
    const found = await firstOrder(network, sites, samples, INDICES, options);
    assert.equal(memory().numTensors, before);
    assert.ok(found[0]!.signed.every(Number.isNaN) && found[0]!.absolute.every(Number.isNaN));
    assert.ok(found[1]!.absolute.some((value) => value > 0));
    assert.deepEqual([...found[2]!.signed], [0, 0, 0]);
    const aborted = new AbortController();
    aborted.abort();
    const cancelled = firstOrder(network, sites, samples, INDICES, {
      ...options,
      control: new Control(aborted.signal),
    });
    await assert.rejects(cancelled, Cancelled);
    assert.equal(memory().numTensors, before);
    assert.equal(gradientBatch(network, 1024), 1024);
    weights.dispose();
  });
});
