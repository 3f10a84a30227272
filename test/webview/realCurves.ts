import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CurveRun } from '../../src/protocol/webview';
import { readRun } from '../../src/runs/readRun';

const DIST = path.join(__dirname, '../../dist');

/**
 * Curves or noise of one of the sample's networks, measured by the command line on the labels it learned and read
 * back. Throws where the command line or the sample is not built.
 */
export async function realCurves(
  model: 'generalizes' | 'memorizes',
  command: 'curves' | 'noise',
  options: readonly string[],
): Promise<CurveRun> {
  const directory = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-'));
  try {
    const train = path.join(DIST, 'sample/train.npz');
    await promisify(execFile)(process.execPath, [
      path.join(DIST, 'cli.js'),
      command,
      path.join(DIST, 'sample', model, 'model.json'),
      ...['--data', `${train}#x`, '--labels', `${train}#${model === 'memorizes' ? 'y_shuffled' : 'y'}`],
      ...['--out', path.join(directory, 'run'), ...options],
    ]);
    const { record, experiment } = await readRun(path.join(directory, 'run'));
    if (experiment === undefined) throw new Error(`${command} left no rows`);
    return {
      directory: `/runs/${model}-${command}`,
      title: `${model} · train.npz`,
      record,
      experiment,
      own: model === 'generalizes',
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
