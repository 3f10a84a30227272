import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { readComparison, type ReadComparison, type RunReader } from '../../src/host/comparison';
import { readRun } from '../../src/runs/readRun';
import { readRecord } from '../../src/runs/runRecord';

const DIST = path.join(__dirname, '../../dist');
const SAMPLES = 1000;

/**
 * The sample's two networks side by side, each measured by the command line on the labels it learned; read as the
 * extension reads them. Once for all tests.
 */
export function realComparison(): Promise<ReadComparison> {
  made ??= measured();
  return made;
}

let made: Promise<ReadComparison> | undefined;

async function measured(): Promise<ReadComparison> {
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
    const others: string[] = [];
    for (const model of ['generalizes', 'memorizes']) {
      runs.push(await command('analyze', model));
      others.push(await command('curves', model, '--order', 'random', '--orders', '3', '--points', '8'));
      others.push(await command('noise', model));
    }
    const listed = async (directory: string) => ({ directory, record: await readRecord(directory) });
    const reader: RunReader = {
      refusal: (directory) => directory,
      read: readRun,
      others: () => Promise.all([...runs, ...others].map(listed)),
    };
    return await readComparison(
      runs.map((directory) => ({ directory })),
      reader,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
