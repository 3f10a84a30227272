import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mean, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { layers as L, sequential } from '@tensorflow/tfjs-layers';
import { clampUnits } from '../../src/core/ablation/clamp';
import { l1Norms } from '../../src/core/measures/l1Norm';
import { score } from '../../src/core/measures/scoring';
import type { Network } from '../../src/core/network/network';
import { Program, type Substitution } from '../../src/core/network/program';
import { findSites, type Site } from '../../src/core/network/sites';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { classifier, type Layer } from '../support/layerNetworks/layerNetwork';
import { pythonJson, pythonWith } from '../support/python';
import { requireNativeBackend } from '../support/nativeBackend';
import { normals, uniforms } from '../support/seeded';
import { temporaryFolder } from '../support/temporaryFolder';

const [SAMPLES, TIME, INPUTS, UNITS, CLASSES] = [60, 6, 3, 5, 4];
const SCRIPT = readFileSync(join(__dirname, 'oracle/recurrent.py'), 'utf8');

interface Case {
  readonly type: 'SimpleRNN' | 'GRU' | 'LSTM';
  readonly activation: 'tanh' | 'relu' | 'sigmoid';
  readonly recurrentActivation: 'hardSigmoid' | 'sigmoid';
  readonly sequences: boolean;
  readonly backwards: boolean;
  readonly twoWay: boolean;
}

const PLAIN = { activation: 'tanh', recurrentActivation: 'hardSigmoid', backwards: false } as const;
const CASES: readonly Case[] = [
  { ...PLAIN, type: 'SimpleRNN', sequences: false, twoWay: false },
  { ...PLAIN, type: 'SimpleRNN', sequences: true, twoWay: true, activation: 'sigmoid' },
  { ...PLAIN, type: 'GRU', sequences: false, twoWay: false },
  { ...PLAIN, type: 'GRU', sequences: true, twoWay: false, backwards: true, recurrentActivation: 'sigmoid' },
  { ...PLAIN, type: 'GRU', sequences: false, twoWay: true },
  { ...PLAIN, type: 'LSTM', sequences: false, twoWay: false, backwards: true },
  {
    ...PLAIN,
    type: 'LSTM',
    sequences: true,
    twoWay: false,
    activation: 'relu',
    recurrentActivation: 'sigmoid',
  },
  { ...PLAIN, type: 'LSTM', sequences: true, twoWay: true },
];

interface Outcome {
  readonly predicted: readonly number[];
  /** Mean cross-entropy, nats. */
  readonly loss: number;
}

interface Truth {
  readonly none: Outcome;
  /** By direction and unit. */
  readonly zero: readonly (readonly Outcome[])[];
  readonly mean: readonly (readonly Outcome[])[];
}

describe('recurrent layers, ablated at every step', function () {
  this.timeout(300_000);
  const temporary = temporaryFolder();
  const labels = Int32Array.from(uniforms(SAMPLES, 5), (value) => Math.floor(value * CLASSES));
  let python: string;

  before(async function () {
    await requireNativeBackend(this);
    python = await pythonWith(['numpy']);
  });

  for (const [seed, made] of CASES.entries()) {
    it(`agree with NumPy: ${describeCase(made)}`, async () => {
      const model = sequential({ layers: layersOf(made) });
      const weights = model.getWeights().map((weight, k) =>
        tensor(
          normals(weight.size, 100 * seed + k).map((v) => 0.5 * v),
          weight.shape,
        ),
      );
      model.setWeights(weights);
      const x = tensor(normals(SAMPLES * TIME * INPUTS, seed + 77), [SAMPLES, TIME, INPUTS]);
      const truth = (await pythonJson(python, SCRIPT, [
        await studyFile(made, weights, x, labels, temporary.path('study.json')),
      ])) as Truth;

      const { network } = await readModel(await writeLayersModel(model, temporary.path('model')));
      const { sites } = findSites(network);
      const expected = made.twoWay ? ['layer/forward', 'layer/backward'] : ['layer'];
      assert.deepEqual(
        sites.map(({ name, shape }) => [name, ...shape]),
        expected.map((name) => [name, TIME, UNITS]),
      );
      assertSame(outcomeOf(network, x, labels), truth.none);
      assertNorms(sites, weights);
      for (const [index, site] of sites.entries()) {
        const states = new Program(network, network.inputs, [site.id]).run([x])[0]!;
        const means = mean(states, 0, true);
        for (let unit = 0; unit < UNITS; unit++) {
          const clamped = (replacement: Tensor | null): Outcome =>
            ablated(network, x, labels, site, unit, replacement);
          assertSame(clamped(null), truth.zero[index]![unit]!);
          assertSame(clamped(means), truth.mean[index]![unit]!);
        }
        for (const one of [states, means]) one.dispose();
      }
      const losses = [...truth.zero.flat(), ...truth.mean.flat()].map(({ loss }) => loss);
      assert.ok(losses.every((loss) => Math.abs(loss - truth.none.loss) > 1e-5));
      network.dispose();
      model.dispose();
      for (const one of [...weights, x]) one.dispose();
    });
  }
});

function describeCase({ type, sequences, backwards, twoWay, activation, recurrentActivation }: Case): string {
  const what = [type, activation, recurrentActivation, sequences ? 'all steps' : 'last step'];
  return [...what, ...(backwards ? ['backwards'] : []), ...(twoWay ? ['two-way'] : [])].join(', ');
}

function layersOf({ type, sequences, backwards, twoWay, activation, recurrentActivation }: Case): Layer[] {
  const make = { SimpleRNN: L.simpleRNN, GRU: L.gru, LSTM: L.lstm }[type];
  const layer = make({
    units: UNITS,
    activation,
    recurrentActivation,
    returnSequences: sequences,
    goBackwards: backwards,
    ...(twoWay ? {} : { name: 'layer', inputShape: [TIME, INPUTS] }),
  });
  const first = twoWay
    ? L.bidirectional({ name: 'layer', inputShape: [TIME, INPUTS], layer, mergeMode: 'concat' })
    : layer;
  return [first, ...(sequences ? [L.flatten()] : []), classifier('scores', CLASSES)];
}

/** Writes down for NumPy what the network computes. */
async function studyFile(
  { type, sequences, backwards, twoWay, activation, recurrentActivation }: Case,
  weights: readonly Tensor[],
  x: Tensor,
  labels: Int32Array,
  file: string,
): Promise<string> {
  const values = weights.map((weight) => weight.arraySync());
  const direction = (first: number, backwardsToo: boolean): object => ({
    type,
    activation,
    recurrentActivation,
    backwards: backwardsToo,
    kernel: values[first],
    recurrent: values[first + 1],
    bias: values[first + 2],
  });
  const directions = [direction(0, backwards), ...(twoWay ? [direction(3, !backwards)] : [])];
  const head = { kernel: values.at(-2), bias: values.at(-1) };
  await writeFile(
    file,
    JSON.stringify({ x: x.arraySync(), labels: [...labels], sequences, directions, head }),
  );
  return file;
}

function ablated(
  network: Network,
  x: Tensor,
  labels: Int32Array,
  site: Site,
  unit: number,
  replacement: Tensor | null,
): Outcome {
  const mask = tensor([Array.from({ length: site.units }, (_, u) => Number(u === unit))]);
  const outcome = outcomeOf(network, x, labels, new Map([[site.id, clampUnits(mask, replacement)]]));
  mask.dispose();
  return outcome;
}

function outcomeOf(
  network: Network,
  x: Tensor,
  labels: Int32Array,
  substitute: ReadonlyMap<string, Substitution> = new Map<string, Substitution>(),
): Outcome {
  const [scores] = new Program(network, network.inputs, [network.head.scores]).run([x], { substitute });
  const { predicted, loss } = score(network.head, scores!.dataSync<'float32'>(), labels);
  scores!.dispose();
  return { predicted: [...predicted], loss: loss.reduce((sum, value) => sum + value, 0) / labels.length };
}

function assertSame(ours: Outcome, truth: Outcome): void {
  assert.deepEqual(ours.predicted, truth.predicted);
  assert.ok(Math.abs(ours.loss - truth.loss) <= 1e-5 * Math.max(1, truth.loss), `${ours.loss} ${truth.loss}`);
}

/** Kernel and recurrent kernel, all gates, by hand. */
function assertNorms(sites: readonly Site[], weights: readonly Tensor[]): void {
  sites.forEach((site, direction) => {
    const norms = new Array<number>(UNITS).fill(0);
    for (const kernel of weights.slice(3 * direction, 3 * direction + 2)) {
      kernel.dataSync().forEach((weight, k) => (norms[(k % kernel.shape[1]!) % UNITS]! += Math.abs(weight)));
    }
    const found = [...l1Norms(site)];
    assert.ok(
      found.every((norm, unit) => Math.abs(norm - norms[unit]!) < 1e-9),
      site.name,
    );
  });
}
