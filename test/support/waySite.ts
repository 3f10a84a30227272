/** A site with all that a way of computing may ask for, on a few samples, and the same by brute force. */
import {
  add,
  dispose,
  gather,
  mean,
  mul,
  randomNormal,
  randomUniform,
  floor,
  sub,
  tensor1d,
  tidy,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import assert from 'node:assert/strict';
import { part } from '../../src/core/ablation/ways/siteChange';
import type { SiteContext, Way, WayTask } from '../../src/core/ablation/ways/way';
import { Control } from '../../src/core/control';
import { score, type Scored } from '../../src/core/measures/scoring';
import { operationOf, type Network } from '../../src/core/network/network';
import { Program } from '../../src/core/network/program';
import type { Site } from '../../src/core/network/sites';
import { normals } from './seeded';

export type Operator = 'zero' | 'mean' | 'another';

/** Samples and labels for a network. */
export interface WayData {
  readonly x: Tensor;
  readonly labels: Int32Array;
}

/** Normal numbers, or word numbers, as a network takes them, and labels that it does not know. */
export function dataFor(network: Network, samples: number, words: number | undefined): WayData {
  const { shape } = operationOf(network, network.inputs[0]!);
  const sizes = [samples, ...shape.slice(1).map((size) => size ?? 5)];
  const x = tidy(() =>
    words === undefined
      ? randomNormal(sizes, 0, 1, 'float32', 7)
      : floor(randomUniform(sizes, 0, words, 'float32', 7)),
  );
  const labels = Int32Array.from({ length: samples }, (_, n) => (n * 7) % network.head.classes);
  return { x, labels };
}

/** Seeded weights: kernels that keep the size of what they get, small biases, variances around 1. */
export function seedWeights(model: LayersModel, seed: number): void {
  const before = model.getWeights();
  const seeded = tidy(() =>
    model.weights.map((variable, index) => {
      const { shape } = before[index]!;
      const size = shape.reduce((n, length) => n * length, 1);
      const data = normals(size, seed * 1000 + index);
      const kind = variable.originalName.slice(variable.originalName.lastIndexOf('/') + 1);
      const depthwise = kind === 'depthwise_kernel';
      const fanIn = shape.slice(0, depthwise ? 2 : -1).reduce((n, length) => n * length, 1);
      const make = (value: (v: number) => number): Tensor => tensor1d(data.map(value)).reshape(shape);
      if (kind.endsWith('kernel')) return make((v) => v * Math.sqrt(2 / fanIn));
      if (kind === 'gamma' || kind.endsWith('variance')) return make((v) => 1 + 0.4 * Math.tanh(v));
      return make((v) => 0.2 * v);
    }),
  );
  model.setWeights(seeded.map((each) => each));
  dispose(seeded);
}

/** What the site is clamped to: zeros, the mean of each element, or a channel-wise value a sample. */
function replacementFor(operator: Operator, value: Tensor): Tensor {
  return tidy(() => {
    if (operator === 'mean') return mean(value, 0, true).clone();
    if (operator === 'zero') return zeros(value.shape.map(() => 1));
    const order = Int32Array.from({ length: value.shape[0] }, (_, n) => (n * 3 + 1) % value.shape[0]);
    return gather(value, tensor1d(order, 'int32'));
  });
}

/** A context on these samples; `close` frees what it holds. */
export function contextOf(
  network: Network,
  site: Site,
  data: WayData,
  operator: Operator,
  workspace: number,
): { readonly context: SiteContext; readonly close: () => void } {
  const [value, scores] = new Program(network, network.inputs, [site.id, network.head.scores]).run([data.x]);
  const before = score(network.head, scores!.dataSync<'float32'>(), data.labels);
  const replacement = replacementFor(operator, value!);
  dispose([value!, scores!]);
  let held: Tensor[] = [];
  const run = (ids: readonly string[], samples: Int32Array): Tensor[] => {
    const input = tidy(() => gather(data.x, tensor1d(samples, 'int32')));
    const values = new Program(network, network.inputs, ids).run([input]);
    if (!values.includes(input)) input.dispose();
    return values;
  };
  const context: SiteContext = {
    network,
    site,
    labels: data.labels,
    before,
    representative: Int32Array.from(data.labels, (_, sample) => sample),
    tensors: (ids, samples) => {
      dispose(held);
      held = run(ids, samples);
      return Promise.resolve(held);
    },
    rows: (id, samples) => {
      const [tensor] = run([id], samples);
      const values = tensor!.dataSync<'float32'>();
      dispose(tensor!);
      return Promise.resolve(values);
    },
    replacement: (samples) =>
      Promise.resolve(
        tidy(() =>
          operator === 'another' ? gather(replacement, tensor1d(samples, 'int32')) : replacement.clone(),
        ),
      ),
    kernels: null,
    workspace,
  };
  const close = (): void => {
    dispose([...held, replacement]);
    held = [];
  };
  return { context, close };
}

/** Clamps one unit after another and runs the whole network, plainly. */
export async function byBruteForce(context: SiteContext, data: WayData, task: WayTask): Promise<Scored[]> {
  const { network, site } = context;
  const program = new Program(network, network.inputs, [network.head.scores]);
  const replacement = await context.replacement(task.samples, task.draw);
  const input = tidy(() => gather(data.x, tensor1d(task.samples, 'int32')));
  const labels = task.samples.map((index) => data.labels[index]!);
  const outcomes = Array.from({ length: task.units }, (_, row) => {
    const only = new Float32Array(site.units);
    only[task.first_unit + row] = 1;
    const clamp = (output: Tensor, step?: number): Tensor => {
      const mask = tensor1d(only);
      const given =
        step === undefined
          ? replacement
          : part(replacement, 1, step, 1).reshape([replacement.shape[0], replacement.shape[2]!]);
      return add(mul(output, sub(1, mask)), mul(given, mask));
    };
    const [scores] = program.run([input], { substitute: new Map([[site.id, clamp]]) });
    const scored = score(network.head, scores!.dataSync<'float32'>(), labels);
    scores!.dispose();
    return scored;
  });
  dispose([replacement, input]);
  return outcomes;
}

/** Measures a task by a way, and compares it with brute force: equal predictions, losses to 1e-5 · max(1, loss). */
export async function assertExact(
  context: SiteContext,
  way: Way,
  data: WayData,
  task: WayTask,
  title: string,
): Promise<void> {
  const outcome = await way.measure(task, new Control(new AbortController().signal), () => undefined);
  const expected = await byBruteForce(context, data, task);
  const size = task.samples.length;
  const near = new Set(Array.from(outcome.near_ties));
  expected.forEach((unit, row) => {
    const label = `${title}, ${way.name}, unit ${String(task.first_unit + row)}`;
    const unsure = new Set(unit.nearTies);
    for (let n = 0; n < size; n++) {
      if (unsure.has(n) || near.has(row * size + n)) continue;
      assert.equal(outcome.predicted[row * size + n], unit.predicted[n], `${label}, sample ${String(n)}`);
    }
    const loss = unit.loss.reduce((sum, each) => sum + each, 0);
    const bound = unit.loss.reduce((sum, each) => sum + 1e-5 * Math.max(1, each), 0);
    const difference = Math.abs(outcome.loss_sum[row]! - loss);
    assert.ok(
      difference <= bound,
      `${label}: losses differ by ${String(difference)}, at most ${String(bound)}`,
    );
  });
}
