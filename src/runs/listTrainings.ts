import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingRecord } from '../protocol/training';
import { isMissing, readFailure } from './fileErrors';
import { runsFolder, TRAINING_RECORD } from './runDirectory';
import { readTrainingRecord } from './trainingRecord';

/** An experiment's directory among the runs of a workspace: its record, or in a sentence why it cannot be read. */
export type TrainingEntry =
  | { readonly directory: string; readonly record: TrainingRecord; readonly problem: null }
  | { readonly directory: string; readonly record: null; readonly problem: string };

/** Is it the directory of an experiment? */
export function isTrainingDirectory(directory: string): boolean {
  return existsSync(join(directory, TRAINING_RECORD));
}

/** The experiments of a workspace, newest first. */
export async function listTrainings(workspaceRoot: string): Promise<TrainingEntry[]> {
  const folder = runsFolder(workspaceRoot);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw readFailure(error, folder);
  }
  const directories = names.map((name) => join(folder, name)).filter(isTrainingDirectory);
  const entries = await Promise.all(directories.map(readEntry));
  // Their names begin with the time.
  return entries.sort((a, b) => b.directory.localeCompare(a.directory));
}

async function readEntry(directory: string): Promise<TrainingEntry> {
  try {
    return { directory, record: await readTrainingRecord(directory), problem: null };
  } catch (error) {
    return { directory, record: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
