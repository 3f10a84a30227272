import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { NOTHING_DELETED, type StudyState } from '../../src/protocol/webview';
import { readRun } from '../../src/runs/readRun';

const DIST = path.join(__dirname, '../../dist');

/**
 * A study of one of the sample's networks, analysed by the command line on the labels it learned and read back.
 * Throws where the command line or the sample is not built.
 */
export async function realStudy(model: 'generalizes' | 'memorizes', samples: number): Promise<StudyState> {
  for (const needed of ['cli.js', `sample/${model}/model.json`]) {
    if (!existsSync(path.join(DIST, needed))) {
      throw new Error(`dist/${needed} is missing: run npm run build and npm run sample`);
    }
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-'));
  try {
    const train = path.join(DIST, 'sample/train.npz');
    await promisify(execFile)(process.execPath, [
      path.join(DIST, 'cli.js'),
      'analyze',
      path.join(DIST, 'sample', model, 'model.json'),
      ...['--data', `${train}#x`, '--labels', `${train}#${model === 'memorizes' ? 'y_shuffled' : 'y'}`],
      ...['--samples', String(samples), '--out', path.join(directory, 'run')],
    ]);
    const { record, table } = await readRun(path.join(directory, 'run'));
    return {
      title: `${model}/model.json`,
      record,
      table,
      progress: null,
      notice: null,
      stale: null,
      selection: null,
      deletion: NOTHING_DELETED,
      sets: [],
      unit: null,
      correlations: null,
      curves: { runs: [], measuring: null, problem: null },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
