import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';
import { findModel } from './findModel';

/** A model saved during training. */
export interface CheckpointFile {
  readonly file: string;
  /** The last number in the name of its file or folder; its place among the others where a name has none. */
  readonly step: number;
}

/** Entries of a folder that are looked into. */
const MOST_ENTRIES = 1000;

/**
 * The models in a folder, each a file or a folder of its own, by step.
 * @throws Failure if there are fewer than two
 */
export async function findCheckpoints(folder: string): Promise<CheckpointFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw readingFailure(folder, cause);
  });
  const sorted = names
    .filter((name) => !name.startsWith('.'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const files = new Map<string, string>();
  for (const name of sorted.slice(0, MOST_ENTRIES)) {
    const file = await modelAt(path.join(folder, name));
    if (file !== null) files.set(file, name);
  }
  if (files.size < 2) {
    throw new Failure(
      `${folder} is a folder with fewer than two models in it: give models, or a folder of checkpoints.`,
      {
        file: folder,
      },
    );
  }
  const steps = [...files.values()].map(stepOf);
  const numbered = steps.every((step) => step !== null) && new Set(steps).size === steps.length;
  return [...files.keys()]
    .map((file, place) => ({ file, step: numbered ? steps[place]! : place }))
    .sort((a, b) => a.step - b.step);
}

async function modelAt(entry: string): Promise<string | null> {
  try {
    return (await findModel(entry)).file;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

function stepOf(name: string): number | null {
  const number = /(\d+)\D*$/.exec(name.replace(/\.(keras|h5|hdf5|json)$/i, ''))?.[1];
  return number === undefined ? null : Number(number);
}
