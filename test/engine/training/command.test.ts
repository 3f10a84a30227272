import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrainedNetwork } from '../../../src/protocol/training';
import { readTrainingDirectory } from '../../../src/runs/trainingDirectory';
import { outcome, type Outcome } from '../../support/commandLine';

const DIST = path.join(__dirname, '../../../dist');

describe('experiment on the command line', function () {
  this.timeout(120_000);
  let folder = '';
  const cli = (...args: string[]): Promise<Outcome> =>
    outcome(spawn(process.execPath, [path.join(DIST, 'cli.js'), 'experiment', ...args], { cwd: folder }));

  before(async () => {
    for (const file of ['cli.js', 'sample/train.npz']) {
      await stat(path.join(DIST, file)).catch(() => {
        throw new Error(`dist/${file} is not there: run npm run build and npm run sample`);
      });
    }
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-experiment-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('trains on the sample’s digits, tells first what it will take, and goes on where it is told to', async () => {
    const args = ['selectivity', '--quick', '--seeds', '1', '--width', '32', '--out', 'small'];
    const first = await cli(...args, '--json');
    assert.equal(first.code, 0, first.err);
    const [estimate, ...events] = first.err
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(estimate?.['event'], 'estimate');
    assert.equal(estimate['networks'], 1);
    assert.ok(events.some(({ phase, network }) => phase === 'training' && network === 'seed 1'));
    const result = JSON.parse(first.out.trim().split('\n').at(-1)!) as { networks: TrainedNetwork[] };
    const { record } = await readTrainingDirectory(path.join(folder, 'small'));
    assert.deepEqual(result.networks, record.networks);
    assert.deepEqual([record.data.train_samples, record.data.test_samples], [600, 300]);

    const again = await cli(...args);
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, /^s1 +\d+\.\d+ % +\d+\.\d+ % +\d+ +0\.\d{4}/m);
    assert.doesNotMatch(again.err, /to train and measure/);
    const { record: kept } = await readTrainingDirectory(path.join(folder, 'small'));
    assert.deepEqual(kept.networks, record.networks);
    assert.equal(kept.started, record.started);
  });

  it('says what is wrong with its flags', async () => {
    const labels = await cli('dropout', '--labels', 'y.npy');
    assert.deepEqual([labels.code, labels.err.trim()], [2, 'Give --data too: the samples to train on.']);
    const data = await cli('dropout', '--data', 'none.npz');
    assert.equal(data.code, 1);
    assert.match(data.err, /none\.npz/);
  });
});
