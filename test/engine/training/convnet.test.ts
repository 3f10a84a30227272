import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { convnet } from '../../../src/core/training/convnet';
import { defaultNativeFolders } from '../../../src/engine/backend';
import { Session } from '../../../src/engine/session';
import { train } from '../../../src/engine/training/train';
import { readTrainingDirectory } from '../../../src/runs/trainingDirectory';
import { failsWith } from '../../support/failsWith';
import { writeNpz } from '../../support/npz';

const SAMPLES = 60;
const CLASSES = 3;
const SIDE = 9;

describe('experiments on convolutional networks', function () {
  this.timeout(120_000);
  let folder = '';
  const session = new Session({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
  const signal = new AbortController().signal;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-convnet-'));
    // A bright band, which stands at another height in each class.
    const band = (i: number): number => {
      const [sample, row] = [Math.floor(i / (SIDE * SIDE)), Math.floor(i / SIDE) % SIDE];
      return Math.floor(row / 3) === sample % CLASSES ? 200 + (i % 50) : i % 40;
    };
    await writeNpz(path.join(folder, 'bands.npz'), {
      x: {
        data: Uint8Array.from({ length: SAMPLES * SIDE * SIDE }, (_, i) => band(i)),
        shape: [SAMPLES, SIDE, SIDE],
      },
      y: { data: Uint8Array.from({ length: SAMPLES }, (_, i) => i % CLASSES), shape: [SAMPLES] },
      flat: { data: new Uint8Array(SAMPLES * 5), shape: [SAMPLES, 5] },
    });
  });
  after(async () => {
    session.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const carryOut = (out: string, x: string): ReturnType<typeof train> => {
    const file = path.join(folder, 'bands.npz');
    const options = {
      experiment: 'batchnorm',
      train: { data: `${file}#${x}`, labels: `${file}#y` },
      test: null,
      hidden: [4, 6, 6, 8],
      seeds: 1,
      seed: 3,
      quick: true,
      net: 'convnet',
    } as const;
    return train(session, { options, directory: path.join(folder, out) }, () => undefined, signal);
  };

  it('train with and without batch norm, and delete from the last three layers', async () => {
    const { kind } = await carryOut('out', 'x');
    assert.equal(kind, 'complete');
    const { networks } = await readTrainingDirectory(path.join(folder, 'out'));
    const found = networks.map(({ network, curves }) => [
      network.setting,
      network.left_out,
      curves?.record.sites.map(({ name, units }) => `${name} ${units}`).join(),
    ]);
    assert.deepEqual(found, [
      ['without', null, 'relu_2 6,relu_3 6,relu_4 8'],
      ['with', null, 'relu_2 6,relu_3 6,relu_4 8'],
    ]);
    assert.match(
      await readFile(path.join(folder, 'out', 'report.html'), 'utf8'),
      /units of the last three layers/,
    );
  });

  it('refuse data that are no pictures', async () => {
    await failsWith(carryOut('refused', 'flat'), /takes pictures, and one sample here is \[5\]/);
  });

  it('have the strides of the paper, and weights that the seed decides', () => {
    const make = (seed: number): ReturnType<typeof convnet> =>
      convnet({
        input: [16, 16, 3],
        channels: [2, 2, 3, 3, 3, 4],
        classes: 5,
        seed,
        dropout: 0.1,
        batchNorm: true,
      });
    const [one, same, other] = [make(1), make(1), make(2)];
    const sizes = [1, 2, 3, 4, 5, 6].map((k) => one.getLayer(`relu_${k}`).outputShape.slice(1));
    assert.deepEqual(sizes, [
      [16, 16, 2],
      [16, 16, 2],
      [8, 8, 3],
      [8, 8, 3],
      [8, 8, 3],
      [4, 4, 4],
    ]);
    const kernels = [one, same, other].map((model) => [
      ...model.getLayer('conv_3').getWeights()[0]!.dataSync(),
    ]);
    assert.deepEqual(kernels[0], kernels[1]);
    assert.notDeepEqual(kernels[0], kernels[2]);
    for (const model of [one, same, other]) model.dispose();
  });
});
