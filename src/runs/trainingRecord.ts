import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../protocol/failure';
import type { TrainingRecord } from '../protocol/training';
import { isMissing, readFailure } from './fileErrors';
import { TRAINING_RECORD } from './runDirectory';

/** Reads `experiment.json`. Throws {@link Failure} where it is missing, damaged or of another version. */
export async function readTrainingRecord(directory: string): Promise<TrainingRecord> {
  const file = join(directory, TRAINING_RECORD);
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
