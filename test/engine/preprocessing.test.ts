import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Control } from '../../src/core/control';
import { applyTransform, transformOf } from '../../src/core/preprocessing/transform';
import { normals, uniforms } from '../support/seeded';
import { perceptron } from '../../src/core/training/perceptron';
import { trainClassifier } from '../../src/core/training/trainClassifier';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { openStudy } from '../../src/engine/openStudy';
import { preprocess } from '../../src/engine/preprocess';
import { Session } from '../../src/engine/session';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import type { AnalyzeResult } from '../../src/protocol/engine';
import type { Scale, StudySpec } from '../../src/protocol/study';
import { failsWith } from '../support/failsWith';
import { writeNpz } from '../support/npz';
import { requireNative } from '../support/requirements';
import { temporaryFolder } from '../support/temporaryFolder';

const SAMPLES = 600;

/** Stored values, and what a network of `classes` classes is trained on instead. */
interface Material {
  readonly shape: readonly number[];
  readonly stored: Uint8Array | Float32Array;
  readonly wanted: Float32Array;
  readonly y: Int32Array;
  readonly classes: number;
}

const turn = (classes: number): Int32Array => Int32Array.from({ length: SAMPLES }, (_, n) => n % classes);

/** Pictures whose class is the channel (of three) or the third of the rows that is bright. */
function pictures(channels: 1 | 3, scale: Scale, range: 1 | 255 = 255): Material {
  const y = turn(3);
  const noise = uniforms(SAMPLES * 6 * 4 * channels, 1);
  const bytes = noise.map((value, i) => {
    const [pixel, n] = [i % (24 * channels), Math.floor(i / (24 * channels))];
    const part = channels === 3 ? pixel % 3 : Math.floor(pixel / 8);
    return Math.floor(value * (part === y[n] ? 256 : 140));
  });
  const stored = range === 255 ? Uint8Array.from(bytes) : Float32Array.from(bytes, (byte) => byte / 255);
  const wanted = Float32Array.from(stored);
  applyTransform(wanted, transformOf(scale));
  return { shape: [6, 4, channels], stored, wanted, y, classes: 3 };
}

/** A table whose columns are of very different sizes. */
function table(): Material {
  const y = turn(3);
  const size = [1e4, 1e-3, 50];
  const wanted = normals(SAMPLES * 3, 7).map((value, i) => value + (i % 3 === y[Math.floor(i / 3)] ? 4 : 0));
  const stored = wanted.map((value, i) => (value + 2) * size[i % 3]!);
  // The network is trained on standardised features.
  for (let f = 0; f < 3; f++) {
    const column = wanted.filter((_, i) => i % 3 === f);
    const mean = column.reduce((a, b) => a + b, 0) / SAMPLES;
    const deviation = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / SAMPLES);
    for (let n = 0; n < SAMPLES; n++) wanted[n * 3 + f] = (wanted[n * 3 + f]! - mean) / deviation;
  }
  return { shape: [3], stored, wanted, y, classes: 3 };
}

describe('preprocessing found by trying', function () {
  this.timeout(60_000);
  const temporary = temporaryFolder();
  const options = { backend: 'tfjs-node' as const, native: defaultNativeFolders(), log: () => undefined };

  before(async function () {
    requireNative(this);
    await loadBackend(options);
  });

  /** Trains a network on what it wants, stores what there is, and opens the study. */
  async function studyOf(material: Material, labels: ArrayLike<number> = material.y): Promise<StudySpec> {
    const { shape, stored, wanted, y, classes } = material;
    const x = tf.tensor(wanted, [SAMPLES, ...shape]);
    const model = perceptron({ input: [...shape], hidden: [12], classes, seed: 2 });
    const training = {
      optimizer: { kind: 'adam', rate: 0.02 },
      batch: 64,
      epochs: 80,
      seed: 3,
      until: 0.99,
    } as const;
    let accuracy = 0;
    for await (const epoch of trainClassifier({ model, x, y, ...training })) accuracy = epoch.accuracy;
    assert.ok(accuracy > 0.95, `the network learned ${accuracy}`);
    const file = await writeLayersModel(model, temporary.path('net'));
    x.dispose();
    model.dispose();
    await writeNpz(temporary.path('data.npz'), {
      x: { data: stored, shape: [SAMPLES, ...shape] },
      y: { data: Int32Array.from(labels), shape: [SAMPLES] },
    });
    return { model: file, data: temporary.path('data.npz'), scale: 'auto', operator: 'zero', seed: 0 };
  }

  const control = (): Control => new Control(new AbortController().signal);

  const analyze = (spec: StudySpec): Promise<AnalyzeResult> =>
    new Session(options).analyze(
      { spec, directory: temporary.path('run'), accept_chance: false },
      () => undefined,
      new AbortController().signal,
    );

  const wanted: readonly (readonly [Scale, Material])[] = [
    ['-1..1', pictures(1, '-1..1')],
    ['imagenet', pictures(3, 'imagenet')],
    ['caffe', pictures(3, 'caffe')],
    ['bgr:0..1', pictures(3, 'bgr:0..1')],
    ['inverted:0..1', pictures(1, 'inverted:0..1')],
    ['0..1:-1..1', pictures(1, '0..1:-1..1', 1)],
    ['0..1:imagenet', pictures(3, '0..1:imagenet', 1)],
    ['0..1:inverted:0..1', pictures(1, '0..1:inverted:0..1', 1)],
    ['mean,std', table()],
  ];
  for (const [scale, material] of wanted) {
    it(`reaches what a network trained on ${scale} can`, async () => {
      const spec = await studyOf(material);
      const study = await openStudy(spec, control());
      try {
        const tensors = tf.memory().numTensors;
        const { chosen, by, candidates } = await preprocess(study, spec, control());
        assert.equal(tf.memory().numTensors, tensors);
        assert.equal(by, 'auto');
        const found = candidates.find((trial) => trial.scale === chosen)!;
        assert.ok(found.accuracy > 0.95, JSON.stringify(candidates));
        const asked = await preprocess(study, { ...spec, scale }, control());
        assert.equal(asked.chosen, scale);
        const own = asked.candidates.find((trial) => trial.scale === scale)!;
        assert.ok(found.accuracy >= own.accuracy - 0.02, JSON.stringify([candidates, own]));
        assert.ok(asked.candidates.length <= 4, 'what the user chose is set beside the plain ones only');
      } finally {
        study.network.dispose();
      }
    });
  }

  it('refuses the colours of ImageNet for grey pictures', async () => {
    const spec = await studyOf(pictures(1, '0..1'));
    await failsWith(
      analyze({ ...spec, scale: 'imagenet' }),
      /imagenet is for pictures with three channels, but the model takes 6×4×1/,
    );
  });

  it('counts labels from 1 as the network does, and says so', async () => {
    const material = pictures(1, '0..1');
    const spec = await studyOf(
      material,
      material.y.map((label) => label + 1),
    );
    const result = await analyze(spec);
    assert.ok(result.kind === 'complete', result.kind);
    const { baseline, classes, notes } = result.record;
    assert.ok(baseline.accuracy > 0.95);
    assert.deepEqual(classes, ['1', '2', '3']);
    assert.deepEqual(notes, [
      'The labels run from 1 to 3; they were counted from 0, as the model’s outputs are.',
    ]);
  });

  it('asks whether the classes are in another order', async () => {
    const material = pictures(1, '0..1');
    const spec = await studyOf(
      material,
      material.y.map((label) => (label + 1) % 3),
    );
    const result = await analyze(spec);
    assert.ok(result.kind === 'near_chance', result.kind);
    assert.match(
      result.question,
      /The classes seem to be in another order: (9\d\.\d|100\.0) % would be right if the model’s outputs stood, one after another, for 1, 2, 0\./,
    );
    assert.match(result.question, /preprocessing: 0\.\.1\)/);
  });

  it('asks as before where no order explains it', async () => {
    const material = pictures(1, '0..1');
    const shuffled = uniforms(SAMPLES, 5).map((value) => Math.floor(value * 3));
    const result = await analyze(await studyOf(material, shuffled));
    assert.ok(result.kind === 'near_chance', result.kind);
    assert.match(result.question, /These may be the wrong labels/);
  });

  it('says that classes are skewed', async () => {
    const material = pictures(1, '0..1');
    const spec = await studyOf(material);
    const few = Int32Array.from({ length: SAMPLES }, (_, n) => n).filter((n) => n % 3 !== 2 || n < 60);
    const size = 24;
    await writeNpz(temporary.path('data.npz'), {
      x: {
        data: Uint8Array.from(
          [...few].flatMap((n) => [...material.stored.subarray(n * size, (n + 1) * size)]),
        ),
        shape: [few.length, 6, 4, 1],
      },
      y: { data: few.map((n) => n % 3), shape: [few.length] },
    });
    const result = await analyze(spec);
    assert.ok(result.kind === 'complete', result.kind);
    const [note] = result.record.notes ?? [];
    assert.match(
      note ?? '',
      /The classes are skewed: 200 of 420 samples are 0, 20 are 2\. .* balanced accuracy/,
    );
  });

  it('refuses labels of one class in one sentence', async () => {
    const material = pictures(1, '0..1');
    const spec = await studyOf(material, new Int32Array(SAMPLES).fill(2));
    await failsWith(analyze(spec), /All 600 samples in .* are of the class 2/);
  });
});
