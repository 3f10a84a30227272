import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { readLabelledData } from '../src/formats/data/readData';
import { answer, median, startBackend } from './program';
import type { PeerResult, PeerTask } from './tasks';

const BATCHES = [10_000, 4096, 2048, 1024, 512, 256, 128, 64, 32];
const TRIED_SAMPLES = 256;

interface Batch {
  readonly x: tf.Tensor;
  readonly labels: tf.Tensor;
}

/**
 * tfjs-node as a good user would write it: the unit's layer multiplies its output by a mask, the whole network
 * runs for every unit, in batches that stay on the device; argmax and comparison there, one number read a unit.
 */
async function measure(task: PeerTask): Promise<PeerResult> {
  await startBackend('tfjs-node');
  const model = await tfl.loadLayersModel(await fromDisk(task.model));
  const masks = new Map(model.layers.map((layer) => [layer.name, maskable(layer)]));
  const data = await readLabelledData({ data: task.data });
  const every = Int32Array.from({ length: data.samples }, (_, n) => n);
  const values = await data.read(every);
  const x = tf.tidy(() => tf.div(tf.tensor(values, [data.samples, ...data.shape]), 255));
  const batch = quickestBatch(model, x);
  const batches = cut(x, data.labels, batch);

  const forwards = [1, 2, 3].map(() => secondsOf(() => right(model, batches)));
  const correct: number[] = [];
  const began = performance.now();
  for (const [site, unit] of task.order) {
    const masked = masks.get(site)!;
    const units = masked.units;
    const mask = tf.tensor1d(Float32Array.from({ length: units }, (_, u) => (u === unit ? 0 : 1)));
    masked.mask = mask;
    correct.push(right(model, batches));
    masked.mask = null;
    mask.dispose();
    if (performance.now() - began > task.seconds * 1000) break;
  }
  const elapsed = (performance.now() - began) / 1000;
  return {
    seconds_per_unit: elapsed / correct.length,
    correct,
    forward_s: median(forwards),
    settings: `batch ${batch}`,
  };
}

/** Samples that the network gets right. */
function right(model: tfl.LayersModel, batches: readonly Batch[]): number {
  const total = tf.tidy(() =>
    tf.addN(
      batches.map(({ x, labels }) => {
        const predicted = tf.argMax(model.predictOnBatch(x) as tf.Tensor, 1);
        return tf.sum(tf.cast(tf.equal(predicted, labels), 'int32'));
      }),
    ),
  );
  const [count] = total.dataSync();
  total.dispose();
  return count!;
}

/** A layer whose output is multiplied by `mask`, `[units]`, where there is one. */
interface Masked {
  mask: tf.Tensor | null;
  readonly units: number;
}

function maskable(layer: tfl.layers.Layer): Masked {
  const masked: Masked = { mask: null, units: (layer.outputShape as number[]).at(-1)! };
  const call = layer.call.bind(layer);
  layer.call = (inputs, options) => {
    const output = call(inputs, options);
    return masked.mask === null ? output : tf.mul(output as tf.Tensor, masked.mask);
  };
  return masked;
}

function quickestBatch(model: tfl.LayersModel, x: tf.Tensor): number {
  const samples = x.shape[0];
  let best = { batch: samples, seconds: Infinity };
  for (const batch of new Set(BATCHES.map((size) => Math.min(size, samples)))) {
    const count = Math.max(batch, Math.floor(Math.min(TRIED_SAMPLES, samples) / batch) * batch);
    const part = x.slice(0, count);
    const batches = cut(part, new Int32Array(count), batch);
    const timed = [1, 2, 3].map(() => secondsOf(() => right(model, batches)) / count);
    tf.dispose([part, ...batches.flatMap(({ x, labels }) => [x, labels])]);
    const seconds = Math.min(...timed);
    if (seconds < best.seconds) best = { batch, seconds };
  }
  return best.batch;
}

function cut(x: tf.Tensor, labels: Int32Array, batch: number): Batch[] {
  const batches: Batch[] = [];
  for (let from = 0; from < labels.length; from += batch) {
    const size = Math.min(batch, labels.length - from);
    batches.push({ x: x.slice(from, size), labels: tf.tensor1d(labels.slice(from, from + size), 'int32') });
  }
  return batches;
}

function secondsOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

/** The stock loader, fed from a folder. */
async function fromDisk(file: string): Promise<tf.io.IOHandler> {
  const json = JSON.parse(await readFile(file, 'utf8')) as tf.io.ModelJSON;
  const [group] = json.weightsManifest;
  const shard = await readFile(path.join(path.dirname(file), group!.paths[0]!));
  return tf.io.fromMemory({
    modelTopology: json.modelTopology,
    weightSpecs: group!.weights,
    weightData: shard.buffer.slice(shard.byteOffset, shard.byteOffset + shard.byteLength),
  });
}

answer(measure);
