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
 * A study of one of the sample's networks, on the labels it learned.
 * Throws where the command line or the sample is not built.
 */
export async function realStudy(model: 'generalizes' | 'memorizes', samples: number): Promise<StudyState> {
  const file = path.join(DIST, 'sample', model, 'model.json');
  const train = path.join(DIST, 'sample/train.npz');
  const labels = `${train}#${model === 'memorizes' ? 'y_shuffled' : 'y'}`;
  return analysedStudy(model, file, [
    ...['--data', `${train}#x`, '--labels', labels, '--samples', String(samples)],
  ]);
}

/**
 * A study analysed by the command line and read back.
 * @param flags of `analyze`
 */
export async function analysedStudy(
  name: string,
  model: string,
  flags: readonly string[],
): Promise<StudyState> {
  for (const needed of [path.join(DIST, 'cli.js'), model]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: run npm run build and npm run sample`);
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-'));
  const out = path.join(directory, 'run');
  try {
    await promisify(execFile)(process.execPath, [
      ...[path.join(DIST, 'cli.js'), 'analyze', model, ...flags],
      ...['--out', out],
    ]);
    const { record, table, correlations } = await readRun(out);
    return {
      title: `${name}/model.json`,
      record,
      table,
      progress: null,
      notice: null,
      stale: null,
      selection: null,
      deletion: NOTHING_DELETED,
      sets: [],
      unit: null,
      correlations: correlations ?? null,
      curves: { runs: [], measuring: null, problem: null },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
