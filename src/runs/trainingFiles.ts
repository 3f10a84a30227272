import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentName, Experiments } from '../protocol/curves';
import type { StoredRun } from '../protocol/engine';
import type { TrainedNetwork, TrainingRecord } from '../protocol/training';
import { writeAtomically } from './atomicFile';
import { experimentCsv } from './experimentFiles';
import { writeFailure } from './fileErrors';
import { ignoreInGit } from './runWriter';
import { TRAINING_FILES } from './trainingDirectory';
import { csvField } from './unitsCsv';

/** The columns of `networks.csv` (design.md, "Command line") and more; the measures follow, by name. */
const COLUMNS = [
  'network',
  'seed',
  'setting',
  'train_accuracy',
  'test_accuracy',
  'auc',
  'auc_sd',
  'auc_relative',
  'included',
  'left_out',
  'train_loss',
  'test_loss',
  'epochs',
  'model',
  'labels',
] as const satisfies readonly (keyof TrainedNetwork)[];

/** Makes the directory of a new experiment with its `experiment.json`. Throws {@link Failure} where it cannot. */
export async function createTraining(directory: string, record: TrainingRecord): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(error, directory);
  });
  await ignoreInGit(directory);
  await writeTrainingRecord(directory, record);
}

/** Replaces `experiment.json`. */
export async function writeTrainingRecord(directory: string, record: TrainingRecord): Promise<void> {
  await writeAtomically(join(directory, TRAINING_FILES.record), `${JSON.stringify(record, null, 2)}\n`);
}

/** The networks that are measured, with their runs. */
export interface TrainingTables {
  readonly networks: readonly TrainedNetwork[];
  readonly curves: readonly Experiments['curves']['row'][];
  readonly noise: readonly Experiments['noise']['row'][];
  /** Whether noise is measured at all. */
  readonly hasNoise: boolean;
}

/** Replaces `networks.csv`, `curves.csv` and, where noise is measured, `noise.csv`. */
export async function writeTrainingTables(
  directory: string,
  { networks, curves, noise, hasNoise }: TrainingTables,
): Promise<void> {
  const write = (name: keyof typeof TRAINING_FILES, text: string): Promise<void> =>
    writeAtomically(join(directory, TRAINING_FILES[name]), text);
  await write('networks', networksCsv(networks));
  await write('curves', experimentCsv({ name: 'curves', rows: curves }));
  if (hasNoise) await write('noise', experimentCsv({ name: 'noise', rows: noise }));
}

/** `networks.csv`: a line a network; what is not known is empty. */
export function networksCsv(networks: readonly TrainedNetwork[]): string {
  const measures = [...new Set(networks.flatMap((network) => Object.keys(network.measures)))];
  const lines = networks.map((network) => [
    ...COLUMNS.map((name) => field(network[name])),
    ...measures.map((name) => field(network.measures[name] ?? null)),
  ]);
  return `${[[...COLUMNS, ...measures], ...lines].map((fields) => fields.join(',')).join('\n')}\n`;
}

function field(value: string | number | boolean | null): string {
  return value === null ? '' : csvField(String(value));
}

/** The rows of a run of curves or noise, under the name of its network. */
export function namedRows<E extends Exclude<ExperimentName, 'pairs'>>(
  run: StoredRun | null,
  kind: E,
  network: string,
): Experiments[E]['row'][] {
  const stored = run?.experiment;
  if (stored?.name !== kind) return [];
  return (stored.rows as readonly Experiments[E]['row'][]).map((row) => ({ ...row, model: network }));
}
