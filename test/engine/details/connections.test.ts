import assert from 'node:assert/strict';
import path from 'node:path';
import * as tfl from '@tensorflow/tfjs-layers';
import { hasOutgoing } from '../../../src/core/measures/outgoing';
import { Connections } from '../../../src/core/network/connections';
import { findSites, type Site } from '../../../src/core/network/sites';
import { readModel } from '../../../src/formats/models/readModel';
import type { Connection } from '../../../src/protocol/details';
import type { FixtureName } from '../../support/architectures';
import { saveArchitecture, saveFixture } from '../../support/models';
import { requireNativeBackend } from '../../support/nativeBackend';
import { randomNetwork } from '../../support/randomNetworks';
import { requireAssets } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';
import { Oracle } from '../oracle/client';

/** A weight and the sum of the sizes that it is summed from. */
type Between = readonly [weight: number, strength: number];

/** What is between the units of two sites; a pair of sites that is not named has nothing between them. */
interface Link {
  readonly from: string;
  readonly to: string;
  readonly between: (u: number, j: number) => Between;
}

/** A kernel as stock TensorFlow.js loads it. */
interface Weights {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Sums a kernel `[…window, in, out]` over its window: `(u, j) → [Σ w, Σ |w|]`. */
function summed({ shape, values }: Weights): (u: number, j: number) => Between {
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  const taps = values.length / inputs / outputs;
  return (u, j) => {
    let [weight, strength] = [0, 0];
    for (let tap = 0; tap < taps; tap++) {
      const w = values[(tap * inputs + u) * outputs + j]!;
      weight += w;
      strength += Math.abs(w);
    }
    return [weight, strength];
  };
}

/** A dense kernel after a map of so many channels was flattened: each unit has a row for every position. */
function flattened({ shape, values }: Weights, channels: number): (u: number, j: number) => Between {
  return summed({ shape: [shape[0]! / channels, channels, shape[1]!], values });
}

describe('connections of units', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let oracle: Oracle;

  before(async function () {
    await requireNativeBackend(this);
    oracle = new Oracle();
  });
  after(() => oracle.close());

  /** Weights by name, from the oracle's process. */
  async function weightsOf(model: string, shape: readonly number[]): Promise<(name: string) => Weights> {
    const size = shape.reduce((a, b) => a * b, 1);
    await oracle.ask('open', {
      model,
      x: new Float32Array(size),
      shape,
      labels: Int32Array.of(0),
      scores: 0,
    });
    const all = await oracle.ask('weights', null);
    return (name) => {
      const found = all.find((one) => one.name === name);
      assert.ok(found, `${name} is one of ${all.map((one) => one.name).join(', ')}`);
      return found;
    };
  }

  const listed = (connections: readonly Connection[]): Record<string, Between> =>
    Object.fromEntries(
      connections.map(({ unit, weight, strength }) => [`${unit.site} #${unit.unit}`, [weight, strength]]),
    );

  function assertLinks(actual: readonly Connection[], expected: Record<string, Between>, what: string): void {
    actual.forEach(({ strength }, k) => assert.ok(k === 0 || strength <= actual[k - 1]!.strength, what));
    const found = listed(actual);
    const wanted = Object.entries(expected).filter(([, [, strength]]) => strength > 0);
    assert.deepEqual(Object.keys(found).sort(), wanted.map(([name]) => name).sort(), what);
    for (const [name, [weight, strength]] of wanted) {
      const within = 1e-5 * Math.max(1e-3, strength);
      assert.ok(
        Math.abs(found[name]![0] - weight) < within,
        `${what}, ${name}: weight ${found[name]![0]}, ${weight}`,
      );
      assert.ok(Math.abs(found[name]![1] - strength) < within, `${what}, ${name}: strength`);
    }
  }

  /** Every unit of every site: all that comes in and all that goes out, and nothing else. */
  async function assertNetwork(
    model: string,
    links: readonly Link[],
    classes: Readonly<Record<string, (unit: number) => readonly number[]>>,
  ): Promise<void> {
    const { network } = await readModel(model);
    const { sites } = findSites(network);
    const connections = new Connections(network);
    const units = new Map(sites.map((site) => [site.name, site.units]));
    for (const site of sites) {
      for (let unit = 0; unit < site.units; unit++) {
        const incoming = links
          .filter(({ to }) => to === site.name)
          .flatMap(({ from, between }) =>
            Array.from({ length: units.get(from)! }, (_, u) => [`${from} #${u}`, between(u, unit)] as const),
          );
        const outgoing = links
          .filter(({ from }) => from === site.name)
          .flatMap(({ to, between }) =>
            Array.from({ length: units.get(to)! }, (_, j) => [`${to} #${j}`, between(unit, j)] as const),
          );
        const what = `${site.name} #${unit}`;
        assertLinks(connections.incoming(site, unit, Infinity), Object.fromEntries(incoming), `into ${what}`);
        assertLinks(
          connections.outgoing(site, unit, Infinity),
          Object.fromEntries(outgoing),
          `out of ${what}`,
        );
        const expected = classes[site.name]?.(unit) ?? null;
        const found = connections.toClasses(site, unit);
        assert.equal(found === null, expected === null, `${what} to the classes`);
        found?.forEach((weight, c) =>
          assert.ok(Math.abs(weight - expected![c]!) < 1e-5, `${what}, class ${c}`),
        );
      }
    }
    const [first] = sites as [Site];
    const all = connections.outgoing(first, 0, Infinity);
    assert.deepEqual(connections.outgoing(first, 0, 3), all.slice(0, 3));
    network.dispose();
  }

  const columns =
    (weights: Weights, sums = summed(weights)) =>
    (unit: number): number[] =>
      Array.from({ length: weights.shape.at(-1)! }, (_, c) => sums(unit, c)[0]);

  async function fixture(name: FixtureName): Promise<{ model: string; of: (name: string) => Weights }> {
    const { model, shape } = await saveFixture(name, folder.path(name), { samples: 40 });
    return { model, of: await weightsOf(model, shape) };
  }

  it('are the kernel between dense layers, and the last kernel to the classes', async () => {
    const { model, of } = await fixture('mlp');
    const links = [{ from: 'hidden', to: 'second', between: summed(of('second/kernel')) }];
    await assertNetwork(model, links, { second: columns(of('scores/kernel')) });
  });

  it('sum the windows of convolutions, with the site’s own batch norm folded in, through pools', async () => {
    const { model, of } = await fixture('batchNorm');
    const kernel = summed(of('conv_b/kernel'));
    const [gamma, variance] = [of('norm_b/gamma').values, of('norm_b/moving_variance').values];
    const between = (u: number, j: number): Between => {
      const scale = gamma[j]! / Math.sqrt(variance[j]! + 1e-3);
      const [weight, strength] = kernel(u, j);
      return [weight * scale, strength * Math.abs(scale)];
    };
    const links = [
      { from: 'relu_a', to: 'norm_b', between },
      { from: 'norm_b', to: 'conv_c', between: summed(of('conv_c/kernel')) },
    ];
    await assertNetwork(model, links, { conv_c: columns(of('scores/kernel')) });
  });

  it('are 1 where an add takes a unit over', async () => {
    const { model, of } = await fixture('residual');
    const same = (u: number, j: number): Between => (u === j ? [1, 1] : [0, 0]);
    const links = [
      { from: 'stem', to: 'block_1', between: summed(of('block_1/kernel')) },
      { from: 'block_1', to: 'block_2', between: summed(of('block_2/kernel')) },
      { from: 'stem', to: 'end', between: same },
      { from: 'block_2', to: 'end', between: same },
    ];
    await assertNetwork(model, links, { end: columns(of('scores/kernel')) });
  });

  it('keep branches apart that were joined', async () => {
    const { model, of } = await fixture('branches');
    const joint = summed(of('joint/kernel'));
    const links = [
      { from: 'left_relu', to: 'joint', between: joint },
      { from: 'right_leaky', to: 'joint', between: (u: number, j: number) => joint(u + 7, j) },
    ];
    await assertNetwork(model, links, { joint: columns(of('scores/kernel')) });
  });

  it('are those of each call of a shared layer', async () => {
    const { model, of } = await fixture('shared');
    const between = summed(of('twice/kernel'));
    const links = [
      { from: 'first', to: 'twice', between },
      { from: 'twice', to: 'twice@1', between },
    ];
    await assertNetwork(model, links, { 'twice@1': columns(of('scores/kernel')) });
  });

  it('go through the depthwise half of a separable convolution', async () => {
    const { model, of } = await fixture('depthwise');
    const { values } = of('separable/depthwise_kernel');
    const pointwise = of('separable/pointwise_kernel').values;
    const between = (u: number, j: number): Between => {
      let [sum, size] = [0, 0];
      for (let tap = 0; tap < 9; tap++) {
        sum += values[tap * 6 + u]!;
        size += Math.abs(values[tap * 6 + u]!);
      }
      return [sum * pointwise[u * 8 + j]!, size * Math.abs(pointwise[u * 8 + j]!)];
    };
    const links = [{ from: 'depthwise', to: 'separable', between }];
    await assertNetwork(model, links, { separable: columns(of('scores/kernel')) });
  });

  it('stand for and against, where one logit tells two classes apart; other outputs are units', async () => {
    const { model, of } = await fixture('sigmoid');
    const kernel = of('score/kernel').values;
    const links = [{ from: 'hidden', to: 'second', between: summed(of('second/kernel')) }];
    await assertNetwork(model, links, { second: (unit) => [-kernel[unit]!, kernel[unit]!] });
    const two = await saveFixture('twoOutputs', folder.path('twoOutputs'), { samples: 40 });
    const weights = await weightsOf(two.model, two.shape);
    const number = [{ from: 'trunk', to: 'number', between: summed(weights('number/kernel')) }];
    await assertNetwork(two.model, number, { trunk: columns(weights('scores/kernel')) });
  });

  it('of recurrent units are summed over gates, with the way back to the layer itself', async () => {
    const L = tfl.layers;
    const architecture = {
      head: 'scores',
      build: () =>
        tfl.sequential({
          layers: [
            L.lstm({ name: 'lstm', units: 4, returnSequences: true, inputShape: [6, 3] }),
            L.gru({ name: 'gru', units: 5 }),
            L.dense({ name: 'scores', units: 3, activation: 'softmax' }),
          ],
        }),
    };
    const { model, shape } = await saveArchitecture(architecture, folder.path('recurrent'), { samples: 40 });
    const of = await weightsOf(model, shape);
    const gated =
      ({ shape: [, width], values }: Weights, units: number) =>
      (u: number, j: number): Between => {
        let [weight, strength] = [0, 0];
        for (let column = j; column < width!; column += units) {
          weight += values[u * width! + column]!;
          strength += Math.abs(values[u * width! + column]!);
        }
        return [weight, strength];
      };
    const links = [
      { from: 'lstm', to: 'lstm', between: gated(of('lstm/recurrent_kernel'), 4) },
      { from: 'lstm', to: 'gru', between: gated(of('gru/kernel'), 5) },
      { from: 'gru', to: 'gru', between: gated(of('gru/recurrent_kernel'), 5) },
    ];
    await assertNetwork(model, links, { gru: columns(of('scores/kernel')) });
  });

  it('sum over positions after flattening: the digits’ convnet and the tiny VGG', async function () {
    const [digits, vgg] = requireAssets(
      this,
      'tfjs-mnist-cnn/model.json',
      'tfjs-cnn-explainer-tinyvgg/model.json',
    );
    const of = await weightsOf(digits, [28, 28, 1]);
    const links = [
      { from: 'conv2d_7', to: 'conv2d_8', between: summed(of('conv2d_8/kernel')) },
      { from: 'conv2d_8', to: 'conv2d_9', between: summed(of('conv2d_9/kernel')) },
      { from: 'conv2d_9', to: 'dense_4', between: flattened(of('dense_4/kernel'), 64) },
    ];
    await assertNetwork(digits, links, { dense_4: columns(of('dense_5/kernel')) });
    const own = await weightsOf(vgg, [64, 64, 3]);
    const between = (name: string): Link['between'] => summed(own(`${name}/kernel`));
    const output = own('output/kernel');
    await assertNetwork(
      vgg,
      [
        { from: 'relu_1_1', to: 'relu_1_2', between: between('conv_1_2') },
        { from: 'relu_1_2', to: 'relu_2_1', between: between('conv_2_1') },
        { from: 'relu_2_1', to: 'relu_2_2', between: between('conv_2_2') },
      ],
      { relu_2_2: columns(output, flattened(output, 10)) },
    );
  });

  it('are the same from either end, and none where nothing listens, in random networks', async () => {
    let pairs = 0;
    for (let seed = 1; seed <= 24; seed++) {
      const { model } = await saveArchitecture(randomNetwork(seed), folder.path(`random_${seed}`), {
        samples: 30,
      });
      const { network } = await readModel(path.resolve(model));
      const { sites } = findSites(network);
      const connections = new Connections(network);
      const forward = new Map<string, Between>();
      const backward = new Map<string, Between>();
      for (const site of sites) {
        const heard = hasOutgoing(network, site);
        for (let unit = 0; unit < site.units; unit++) {
          const name = `${site.name} #${unit}`;
          const out = connections.outgoing(site, unit, Infinity);
          for (const [to, between] of Object.entries(listed(out))) forward.set(`${name} → ${to}`, between);
          const into = listed(connections.incoming(site, unit, Infinity));
          for (const [from, between] of Object.entries(into)) backward.set(`${from} → ${name}`, between);
          if (heard[unit] === 1) continue;
          // What an add takes over may be cut off behind it.
          const kinds = out.map(({ unit: { site: to } }) => sites.find((one) => one.name === to)!.kind);
          assert.ok(
            kinds.every((kind) => kind === 'add'),
            `nothing listens to ${name}, network ${seed}`,
          );
          assert.ok((connections.toClasses(site, unit) ?? []).every((weight) => weight === 0));
        }
      }
      assert.deepEqual([...forward.keys()].sort(), [...backward.keys()].sort(), `network ${seed}`);
      for (const [pair, [weight, strength]] of forward) {
        const [other, size] = backward.get(pair)!;
        assert.ok(
          Math.abs(weight - other) < 1e-9 && Math.abs(strength - size) < 1e-9,
          `${pair}, network ${seed}`,
        );
        assert.ok(Math.abs(weight) <= strength + 1e-9, `${pair}: a sum is no larger than its sizes`);
      }
      pairs += forward.size;
      network.dispose();
    }
    assert.ok(pairs > 1000, `${pairs} pairs of units`);
  });
});
