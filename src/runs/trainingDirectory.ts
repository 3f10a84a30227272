import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredRun } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { TrainedNetwork, TrainingRecord } from '../protocol/training';
import { isMissing, readFailure } from './fileErrors';
import { readRun } from './readRun';
import { RUN_FILES, TRAINING_RECORD } from './runDirectory';

/**
 * Files of an experiment's directory. Beside them: `data/` what was trained and tested on, `networks/<model>/` the
 * networks with the labels that each learned, and `runs/<network>/<kind>/` what was measured of each, run directories
 * like all others.
 */
export const TRAINING_FILES = {
  record: TRAINING_RECORD,
  networks: 'networks.csv',
  curves: 'curves.csv',
  noise: 'noise.csv',
  report: 'report.html',
} as const;

/** What is measured of a network, each in a run of its own. */
export const TRAINING_RUNS = ['curves', 'noise', 'units'] as const;
export type TrainingRun = (typeof TRAINING_RUNS)[number];

/** A network of an experiment with its finished runs. Null: not measured. */
export interface MeasuredNetwork {
  readonly network: TrainedNetwork;
  /** Random orderings, on the training data with the labels it learned. */
  readonly curves: StoredRun | null;
  readonly noise: StoredRun | null;
  /** Every unit deleted alone; with `correlations`. */
  readonly units: StoredRun | null;
}

/** An experiment read back from its directory. */
export interface TrainingDirectory {
  readonly directory: string;
  readonly record: TrainingRecord;
  readonly networks: readonly MeasuredNetwork[];
}

/** Where a run of a network is. */
export function trainingRunPath(directory: string, network: string, kind: TrainingRun): string {
  return join(directory, 'runs', network, kind);
}

/** Reads an experiment with all its runs. Throws {@link Failure} where there is none, or a file is damaged. */
export async function readTrainingDirectory(directory: string): Promise<TrainingDirectory> {
  const record = await readTrainingRecord(directory);
  const networks: MeasuredNetwork[] = [];
  for (const network of record.networks) {
    const read = (kind: TrainingRun): Promise<StoredRun | null> =>
      finishedRun(trainingRunPath(directory, network.network, kind));
    networks.push({
      network,
      curves: await read('curves'),
      noise: await read('noise'),
      units: await read('units'),
    });
  }
  return { directory, record, networks };
}

/** Reads `experiment.json`. Throws {@link Failure} where it is missing, damaged or of another version. */
export async function readTrainingRecord(directory: string): Promise<TrainingRecord> {
  const file = join(directory, TRAINING_FILES.record);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw readFailure(error, file);
    throw new Failure(`${directory} holds no experiment, it has no experiment.json: choose another folder.`, {
      file,
      cause: error,
    });
  }
  const value = parsed(text);
  if (value === null) {
    throw new Failure(`${file} is damaged: delete the folder and run the experiment again.`, { file });
  }
  if (value.version !== 1) {
    throw new Failure(`${file} was written by another version of this program: update the program.`, {
      file,
    });
  }
  return value as TrainingRecord;
}

function parsed(text: string): { readonly version?: unknown } | null {
  try {
    const value = JSON.parse(text) as Partial<TrainingRecord> | null;
    return typeof value?.options === 'object' && Array.isArray(value.networks) ? value : null;
  } catch {
    return null;
  }
}

/** A run that is complete; null where there is none, or an unfinished one. */
export async function finishedRun(directory: string): Promise<StoredRun | null> {
  if (!existsSync(join(directory, RUN_FILES.record))) return null;
  const run = await readRun(directory);
  return run.record.status === 'complete' ? run : null;
}
