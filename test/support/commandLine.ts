import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { seedFrom, shuffleLabels, uniforms } from '../../src/core/random';
import { perceptron } from '../../src/core/training/perceptron';
import { trainClassifier } from '../../src/core/training/trainClassifier';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { writeNpz } from './npz';

/** Samples in the data of {@link writeStudy}. */
export const SAMPLES = 700;
const CLASSES = 3;

/** What TensorFlow writes to stderr when it is loaded, whatever is asked. */
const TENSORFLOW_NOTICE = /^(WARNING: All log messages before absl|I0000 ).*\n/gm;

/** How a command ended; `err` without TensorFlow's own notice. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Waits for a command to end. */
export function outcome(child: ChildProcess): Promise<Outcome> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, out, err: err.replace(TENSORFLOW_NOTICE, '') }));
  });
}

/** Images whose brightest rows tell their class, plus noise: `[SAMPLES, 6, 4]`, 0 … 255. */
function images(): { x: Uint8Array; y: Int32Array } {
  const noise = uniforms(SAMPLES * 24, 1);
  const y = shuffleLabels(
    Int32Array.from({ length: SAMPLES }, (_, i) => i % CLASSES),
    1,
    seedFrom('classes'),
  );
  const x = Uint8Array.from(noise, (value, i) => {
    const bright = Math.floor((i % 24) / 8) === y[Math.floor(i / 24)];
    return Math.floor(value * (bright ? 256 : 140));
  });
  return { x, y };
}

/**
 * Trains a small network and writes it as `net/model.json` (sites dense_1 9, dense_2 5) with `data.npz`: x `[700, 6, 4]`,
 * y, y_shuffled, and what does not fit: y_short, wide. A backend must be ready.
 */
export async function writeStudy(folder: string): Promise<void> {
  const { x, y } = images();
  const inputs = tf.tensor(
    Float32Array.from(x, (value) => value / 255),
    [SAMPLES, 6, 4],
  );
  const model = perceptron({ input: [6, 4], hidden: [9, 5], classes: CLASSES, seed: 2 });
  const training = {
    optimizer: { kind: 'adam', rate: 0.01 },
    batch: 64,
    epochs: 60,
    seed: 3,
    until: 0.97,
  } as const;
  let accuracy = 0;
  for await (const epoch of trainClassifier({ model, x: inputs, y, ...training })) accuracy = epoch.accuracy;
  assert.ok(accuracy > 0.9, `the test's model learned ${accuracy}`);
  await writeLayersModel(model, path.join(folder, 'net'));
  inputs.dispose();
  model.dispose();
  await writeNpz(path.join(folder, 'data.npz'), {
    x: { data: x, shape: [SAMPLES, 6, 4] },
    y: { data: y, shape: [SAMPLES] },
    y_short: { data: y.slice(0, -1), shape: [SAMPLES - 1] },
    y_shuffled: { data: shuffleLabels(y, 1, 5), shape: [SAMPLES] },
    wide: { data: new Uint8Array(SAMPLES * 25), shape: [SAMPLES, 5, 5] },
  });
}
