/**
 * Small classifiers of every shape the engine has to handle, built with stock TensorFlow.js layers, with seeded
 * weights, and data they classify well but not perfectly. A TensorFlow.js backend must be ready before use.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { architectures, type Architecture, type FixtureName } from './architectures';
import { writeNpz } from './npz';
import { normals, uniforms } from './seeded';
import { severalInputs, type SeveralInputsName } from './severalInputs';

/** Values for one input of a model. */
export interface InputValues {
  /** `[samples, …shape]`, as the network takes them. */
  readonly x: Float32Array;
  readonly shape: readonly number[];
}

/** A model and its data, saved. */
export interface Fixture extends InputValues {
  /** Path of the `model.json`. */
  readonly model: string;
  /** Path of the npz with `x` (arrays named as the inputs where there are several) and `y`. */
  readonly data: string;
  /** Of a model with several inputs the values of all but the first. */
  readonly more?: readonly InputValues[];
  readonly labels: Int32Array;
  /** Classes as predicted by the network itself. */
  readonly correct: number;
}

/** How large a fixture is, what it is seeded with, and on what share of its samples the model is right. */
export interface FixtureOptions {
  readonly samples?: number;
  readonly seed?: number;
  readonly accuracy?: number;
}

/** Builds a model of {@link architectures} or {@link severalInputs} with its data and saves both, as {@link saveArchitecture} does. */
export function saveFixture(
  name: FixtureName | SeveralInputsName,
  directory: string,
  options: FixtureOptions = {},
): Promise<Fixture> {
  return saveArchitecture({ ...architectures, ...severalInputs }[name], directory, options);
}

/**
 * Builds a model with its data and saves both: `model.json` with two shards, `data.npz` with `x` (float32) and
 * `y` (int32), about `accuracy` of them as the model predicts.
 */
export async function saveArchitecture(
  architecture: Architecture,
  directory: string,
  options: FixtureOptions = {},
): Promise<Fixture> {
  const { samples = 500, seed = 1, accuracy = 0.8 } = options;
  const model = architecture.build();
  seedWeights(model, seed);
  architecture.finish?.(model);
  const values = model.inputs.map((input, k): InputValues => {
    const shape = input.shape.slice(1) as number[];
    const isWords = model.inputs.length === 1 || input.dtype === 'int32';
    const words = isWords ? architecture.words : undefined;
    return { x: inputs(samples * shape.reduce((a, b) => a * b, 1), words, seed + 1 + 100 * k), shape };
  });
  const [first, ...more] = values as [InputValues, ...InputValues[]];
  const scores = balance(model, architecture, values);
  const { labels, correct } = noisyLabels(scores, samples, accuracy, seed + 2);
  await mkdir(directory, { recursive: true });
  await saveModel(model, directory);
  const data = path.join(directory, 'data.npz');
  const names = more.length === 0 ? ['x'] : model.inputNames;
  await writeNpz(data, {
    ...Object.fromEntries(
      values.map(({ x, shape }, k) => [names[k] as string, { data: x, shape: [samples, ...shape] }]),
    ),
    y: { data: labels, shape: [samples] },
  });
  model.dispose();
  return {
    model: path.join(directory, 'model.json'),
    data,
    ...first,
    ...(more.length === 0 ? {} : { more }),
    labels,
    correct,
  };
}

/** Writes a model as the stock savers do, its weights split over two shards. */
export async function saveModel(model: layers.LayersModel, directory: string): Promise<void> {
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const weights = Buffer.from(artifacts.weightData as ArrayBuffer);
    const middle = Math.ceil(weights.length / 8) * 4;
    const shards = {
      'group1-shard1of2.bin': weights.subarray(0, middle),
      'group1-shard2of2.bin': weights.subarray(middle),
    };
    for (const [file, bytes] of Object.entries(shards)) await writeFile(path.join(directory, file), bytes);
    const json = {
      format: artifacts.format,
      generatedBy: artifacts.generatedBy,
      convertedBy: artifacts.convertedBy ?? null,
      modelTopology: artifacts.modelTopology,
      weightsManifest: [{ paths: Object.keys(shards), weights: artifacts.weightSpecs }],
    };
    await writeFile(path.join(directory, 'model.json'), JSON.stringify(json));
    return {
      modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' },
    };
  });
  await model.save(handler);
}

/** Standard normal values, or the numbers of words. */
function inputs(count: number, words: number | undefined, seed: number): Float32Array {
  if (words === undefined) return normals(count, seed);
  return Float32Array.from(uniforms(count, seed), (value) => Math.floor(value * words));
}

/** He-scaled kernels, small biases, plausible batch-norm statistics, all from a seed. */
function seedWeights(model: layers.LayersModel, seed: number): void {
  const values = model.getWeights();
  const seeded = model.weights.map((variable, i) => {
    const shape = (values[i] as tf.Tensor).shape;
    const size = shape.reduce((a, b) => a * b, 1);
    const kind = variable.originalName.slice(variable.originalName.lastIndexOf('/') + 1);
    const data = normals(size, seed * 1000 + i);
    const depthwise = kind === 'depthwise_kernel';
    const fanIn = shape.slice(0, depthwise ? 2 : -1).reduce((a, b) => a * b, 1);
    if (kind.endsWith('kernel'))
      return tf.tensor(
        data.map((v) => v * Math.sqrt(2 / fanIn)),
        shape,
      );
    if (kind === 'gamma')
      return tf.tensor(
        data.map((v) => 1 + 0.3 * Math.tanh(v)),
        shape,
      );
    if (kind === 'moving_variance')
      return tf.tensor(
        data.map((v) => 1 + 0.5 * Math.tanh(v)),
        shape,
      );
    return tf.tensor(
      data.map((v) => v * 0.2),
      shape,
    );
  });
  model.setWeights(seeded);
  tf.dispose(seeded);
}

/** Shifts and scales the head so that all classes are predicted; gives its logits, one row a sample. */
function balance(
  model: layers.LayersModel,
  architecture: Architecture,
  values: readonly InputValues[],
): Float64Array[] {
  const head = model.getLayer(architecture.head);
  let logits = logitsOf(model, architecture, values);
  const width = (logits[0] as Float64Array).length;
  for (let step = 0; step < 2; step++) {
    const means = new Float64Array(width);
    let variance = 0;
    for (const row of logits) row.forEach((v, c) => (means[c] = (means[c] as number) + v / logits.length));
    for (const row of logits) row.forEach((v, c) => (variance += (v - (means[c] as number)) ** 2));
    const scale = 2 / Math.max(0.2, Math.sqrt(variance / logits.length / width));
    const [kernel, bias] = head.getWeights() as [tf.Tensor, tf.Tensor];
    const changed = tf.tidy(() => [kernel.mul(scale), bias.sub(tf.tensor1d([...means])).mul(scale)]);
    head.setWeights(changed);
    tf.dispose(changed);
    logits = logitsOf(model, architecture, values);
  }
  return logits;
}

/** Log-probabilities (log-odds of sigmoids, the scores themselves of a linear head) of all samples. */
function logitsOf(
  model: layers.LayersModel,
  architecture: Architecture,
  values: readonly InputValues[],
): Float64Array[] {
  const tensors = values.map(({ x, shape }) =>
    tf.tensor(x, [x.length / shape.reduce((a, b) => a * b, 1), ...shape]),
  );
  const output = model.predict(tensors, { batchSize: 128 });
  const outputs = Array.isArray(output) ? output : [output];
  const scores = outputs[architecture.scores ?? 0] as tf.Tensor;
  const kind = architecture.kind ?? 'softmax';
  const width = scores.shape.at(-1) as number;
  const flat = scores.dataSync();
  tf.dispose([...tensors, ...outputs]);
  return Array.from({ length: flat.length / width }, (_, n) =>
    Float64Array.from(flat.subarray(n * width, (n + 1) * width), (p) => {
      if (kind === 'linear') return p;
      return kind === 'sigmoid' ? logOdds(p) : Math.log(Math.max(p, 1e-30));
    }),
  );
}

function logOdds(probability: number): number {
  const p = Math.min(Math.max(probability, 1e-7), 1 - 1e-7);
  return Math.log(p / (1 - p));
}

/** Labels as the network predicts, but for a share of samples, most of them close calls, of another class. */
function noisyLabels(
  logits: readonly Float64Array[],
  samples: number,
  accuracy: number,
  seed: number,
): { labels: Int32Array; correct: number } {
  const rows = logits.map((row) => (row.length === 1 ? Float64Array.of(0, row[0] as number) : row));
  const width = (rows[0] as Float64Array).length;
  const noise = normals(samples * width, seed);
  const own = rows.map((row) => row.indexOf(Math.max(...row)));
  let low = 0;
  let high = 50;
  let labels = Int32Array.from(own);
  let correct = samples;
  for (let step = 0; step < 30; step++) {
    const size = (low + high) / 2;
    const noisy = rows.map((row, n) => row.map((v, c) => v + size * (noise[n * width + c] as number)));
    labels = Int32Array.from(noisy, (row) => row.indexOf(Math.max(...row)));
    correct = labels.reduce((sum, label, n) => sum + Number(label === own[n]), 0);
    if (correct > accuracy * samples) low = size;
    else high = size;
  }
  return { labels, correct };
}
