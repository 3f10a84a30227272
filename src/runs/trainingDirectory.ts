import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredRun } from '../protocol/engine';
import type { TrainedNetwork, TrainingRecord } from '../protocol/training';
import { readRun } from './readRun';
import { RUN_FILES, TRAINING_RECORD, TRAINING_REPORT } from './runDirectory';
import { readTrainingRecord } from './trainingRecord';

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
  report: TRAINING_REPORT,
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

/** A run that is complete; null where there is none, or an unfinished one. */
export async function finishedRun(directory: string): Promise<StoredRun | null> {
  if (!existsSync(join(directory, RUN_FILES.record))) return null;
  const run = await readRun(directory);
  return run.record.status === 'complete' ? run : null;
}
