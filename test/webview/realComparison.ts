import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { comparedRun, type RunReader } from '../../src/host/comparison';
import type { CompareState } from '../../src/protocol/webview';
import { readRun } from '../../src/runs/readRun';
import { readRecord } from '../../src/runs/runRecord';

const DIST = path.join(__dirname, '../../dist');
const SAMPLES = 1000;

/**
 * The sample's two networks side by side, each analysed by the command line on the labels it learned, with curves of
 * both; read as the extension reads them.
 */
export async function realComparison(): Promise<CompareState> {
  const folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-'));
  const command = async (name: string, model: string, ...more: string[]): Promise<string> => {
    const directory = path.join(folder, `${name}-${model}`);
    const train = path.join(DIST, 'sample/train.npz');
    const labels = `${train}#${model === 'memorizes' ? 'y_shuffled' : 'y'}`;
    await promisify(execFile)(process.execPath, [
      path.join(DIST, 'cli.js'),
      name,
      path.join(DIST, 'sample', model, 'model.json'),
      ...['--data', `${train}#x`, '--labels', labels],
      ...['--samples', String(SAMPLES), '--out', directory, ...more],
    ]);
    return directory;
  };
  try {
    const runs: string[] = [];
    const curves: string[] = [];
    for (const model of ['generalizes', 'memorizes']) {
      runs.push(await command('analyze', model));
      curves.push(await command('curves', model, '--order', 'random', '--orders', '3', '--points', '8'));
    }
    const reader: RunReader = {
      refusal: (directory) => directory,
      read: readRun,
      others: () =>
        Promise.all(curves.map(async (directory) => ({ directory, record: await readRecord(directory) }))),
    };
    const [first = '', second = ''] = runs;
    return { runs: [await comparedRun(first, reader), await comparedRun(second, reader)], problem: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
