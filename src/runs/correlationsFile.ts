import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunCorrelations } from '../protocol/correlations';
import { Failure } from '../protocol/failure';
import { writeAtomically } from './atomicFile';
import { isMissing, readFailure } from './fileErrors';
import { RUN_FILES } from './runDirectory';

/** Writes how a run's measures relate into its directory. Throws {@link Failure} where it cannot. */
export async function writeCorrelations(directory: string, correlations: RunCorrelations): Promise<void> {
  const file = join(directory, RUN_FILES.correlations);
  await writeAtomically(file, `${JSON.stringify(correlations, null, 2)}\n`);
}

/** Reads them back; null where the run has none. Throws {@link Failure} where the file is damaged. */
export async function readCorrelations(directory: string): Promise<RunCorrelations | null> {
  const file = join(directory, RUN_FILES.correlations);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw readFailure(error, file);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, cause);
  }
  if (!isCorrelations(value)) throw damaged(file);
  return value;
}

function isCorrelations(value: unknown): value is RunCorrelations {
  if (typeof value !== 'object' || value === null) return false;
  const parts: Partial<Record<keyof RunCorrelations, unknown>> = value;
  return parts.format === 'neuron-deletion-correlations' && parts.version === 1 && Array.isArray(parts.sites);
}

function damaged(file: string, cause?: unknown): Failure {
  return new Failure(
    `${file} is damaged or was written by another version: delete the file, the run itself does not need it.`,
    { file, cause },
  );
}
