import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeNpz } from '../../support/npz';
import { requireAssets, requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { assertActivity, assertBaseline, assertSite, assertUnits, type Truth } from './againstOracle';
import { analyze, newSession, siteList, study } from './engineRun';

/** Which file names show which class of the tiny VGG, by output index. */
const VGG_CLASSES = ['boat', 'bug', 'pizza', 'pepper', 'bus', 'koala', 'espresso', 'panda', 'orange', 'car'];

interface Digits {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
}

describe('the sweep against brute force, on models from the world', function () {
  this.timeout(600_000);
  let oracle: Oracle;
  let folder: string | null = null;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'exactness-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  const inFolder = (name: string): string => path.join(folder as string, name);

  async function open(model: string, digits: Digits, shape: readonly number[], scores = 0): Promise<Truth> {
    const x = Float32Array.from(digits.pixels, (value) => value / 255);
    const opened = await oracle.ask('open', { model, x, shape, labels: digits.labels, scores });
    return { ...opened, labels: digits.labels };
  }

  it('a convnet on 1000 digits: every unit', async function () {
    const [model, data] = requireAssets(this, 'tfjs-mnist-cnn/model.json', 'data-mnist-t10k');
    const digits = firstOfEach(await readDigits(data), 100);
    const file = inFolder('thousand.npz');
    await writeNpz(file, {
      x: { data: digits.pixels, shape: [1000, 28, 28] },
      y: { data: digits.labels, shape: [1000] },
    });
    const truth = await open(model, digits, [28, 28, 1]);
    const run = await analyze(newSession(), study(model, file, { scale: '0..1' }), inFolder('thousand'));
    assertBaseline(run, truth);
    assert.deepEqual(Object.entries(siteList(run)), [
      ['conv2d_7', 32],
      ['conv2d_8', 64],
      ['conv2d_9', 64],
      ['dense_4', 64],
    ]);
    for (const [site, units] of Object.entries(siteList(run))) {
      await assertSite(run, oracle, truth, site, site, units);
    }
  });

  it('a convnet on 10,000 digits: 9929 right, ten units', async function () {
    const [model, data] = requireAssets(this, 'tfjs-mnist-cnn/model.json', 'data-mnist-t10k');
    const digits = await readDigits(data);
    const truth = await open(model, digits, [28, 28, 1]);
    const images = path.join(data, 't10k-images-idx3-ubyte.gz');
    const labels = path.join(data, 't10k-labels-idx1-ubyte.gz');
    const run = await analyze(newSession(), study(model, images, { labels, scale: '0..1' }), inFolder('all'));
    assert.equal(run.record.baseline.correct, 9929);
    assertBaseline(run, truth);
    const chosen = { conv2d_7: [4, 31], conv2d_8: [0, 17, 40], conv2d_9: [8, 63], dense_4: [1, 30, 62] };
    for (const [site, units] of Object.entries(chosen)) {
      assertUnits(run, site, await oracle.ask('units', { at: site, units }), truth);
    }
    await assertActivity(run, oracle, 'dense_4', 'dense_4');
  });

  it('the tiny VGG on its photographs: sites after separate activations', async function () {
    const [model, images] = requireAssets(
      this,
      'tfjs-cnn-explainer-tinyvgg/model.json',
      'tfjs-cnn-explainer-tinyvgg/images-jpeg',
    );
    const files = (await readdir(images)).sort().filter((file) => VGG_CLASSES.includes(classOf(file)));
    assert.equal(files.length, 20);
    const labels = Int32Array.from(files, (file) => VGG_CLASSES.indexOf(classOf(file)));
    const { pixels, shape } = await oracle.ask(
      'decode',
      files.map((file) => path.join(images, file)),
    );
    const file = inFolder('photographs.npz');
    await writeNpz(file, { x: { data: pixels, shape }, y: { data: labels, shape: [20] } });
    const truth = await open(model, { pixels, labels }, shape.slice(1));
    assert.equal(truth.baseline.correct, 14);
    const run = await analyze(newSession(), study(model, file, { scale: '0..1' }), inFolder('vgg'));
    assertBaseline(run, truth);
    assert.deepEqual(Object.entries(siteList(run)), [
      ['relu_1_1', 10],
      ['relu_1_2', 10],
      ['relu_2_1', 10],
      ['relu_2_2', 10],
    ]);
    for (const site of Object.keys(siteList(run))) await assertSite(run, oracle, truth, site, site, 10);
  });

  it('a legacy model with seven outputs: linear convolutions before pools, scores the last output', async function () {
    const [model, data] = requireAssets(
      this,
      'tensorspace-keras-functional/tfjs-layers-multioutput/model.json',
      'data-mnist-t10k',
    );
    const digits = firstOfEach(await readDigits(data), 30);
    const file = inFolder('legacy.npz');
    await writeNpz(file, {
      x: { data: digits.pixels, shape: [300, 28, 28] },
      y: { data: digits.labels, shape: [300] },
    });
    const truth = await open(model, digits, [28, 28], 6);
    const run = await analyze(newSession(), study(model, file, { scale: '0..1' }), inFolder('legacy'));
    assertBaseline(run, truth);
    assert.deepEqual(Object.entries(siteList(run)), [
      ['Conv2D_1', 6],
      ['Conv2D_2', 16],
      ['Dense_1', 120],
      ['Dense_2', 84],
    ]);
    for (const [site, units] of Object.entries(siteList(run))) {
      await assertSite(run, oracle, truth, site, site, units);
    }
  });
});

function classOf(file: string): string {
  return file.slice(0, file.indexOf('_'));
}

/** The MNIST test set, read here byte by byte so that no reader of the product is trusted. */
async function readDigits(folder: string): Promise<Digits> {
  const read = async (file: string): Promise<Buffer> => gunzipSync(await readFile(path.join(folder, file)));
  const images = await read('t10k-images-idx3-ubyte.gz');
  const labels = await read('t10k-labels-idx1-ubyte.gz');
  return { pixels: Uint8Array.from(images.subarray(16)), labels: Int32Array.from(labels.subarray(8)) };
}

/** The first `count` digits of each class, in the order of the file. */
function firstOfEach({ pixels, labels }: Digits, count: number): Digits {
  const taken = new Int32Array(10);
  const chosen = [...labels.keys()].filter((n) => {
    const label = labels[n] as number;
    const place = taken[label] as number;
    taken[label] = place + 1;
    return place < count;
  });
  const size = pixels.length / labels.length;
  const taking = new Uint8Array(chosen.length * size);
  chosen.forEach((n, i) => taking.set(pixels.subarray(n * size, (n + 1) * size), i * size));
  return { pixels: taking, labels: Int32Array.from(chosen, (n) => labels[n] as number) };
}
