import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import { isMissing, readFailure } from './fileErrors';
import { RUN_FILES, runsFolder } from './runDirectory';

/** One folder of a workspace's runs: its record, or in a sentence why it cannot be read. */
export type RunEntry =
  | { readonly directory: string; readonly record: RunRecord; readonly problem: null }
  | { readonly directory: string; readonly record: null; readonly problem: string };

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string',
  created: (value) => typeof value === 'string',
  status: (value) => ['running', 'complete', 'cancelled', 'failed'].includes(String(value)),
  spec: isObject,
  model: isObject,
  data: isObject,
  versions: isObject,
  backend: isObject,
  preprocessing: isObject,
  baseline: (value) => isObject(value) && Array.isArray(value['per_class']),
  classes: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  sites: (value) => Array.isArray(value) && value.every(isSite),
  excluded: (value) => Array.isArray(value),
  rounds: (value) => isObject(value) && Array.isArray(value['samples']) && typeof value['done'] === 'number',
  near_ties: isObject,
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSite(value: unknown): boolean {
  return isObject(value) && typeof value['name'] === 'string' && Number.isInteger(value['units']);
}

/** Reads a `run.json` from its text. Throws {@link Failure} where it is not one of ours, or damaged. */
export function parseRecord(text: string, file: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Failure(`${file} is damaged, it is not JSON: delete this run's folder or restore the file.`, {
      file,
      cause,
    });
  }
  if (!isObject(value) || value['format'] !== 'neuron-deletion-run')
    throw new Failure(`${file} is not the record of a run: choose a run directory.`, { file });
  if (value['version'] !== 1)
    throw new Failure(
      `${file} was written by another version (run format ${String(value['version'])}, this program reads 1): update the program.`,
      { file },
    );
  for (const [key, fits] of Object.entries(KINDS)) {
    if (!fits(value[key]))
      throw new Failure(`${file} is damaged at "${key}": delete this run's folder or restore the file.`, {
        file,
      });
  }
  return value as unknown as RunRecord;
}

/** Reads `run.json` of a run directory. Throws {@link Failure}. */
export async function readRecord(directory: string): Promise<RunRecord> {
  const file = join(directory, RUN_FILES.record);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error))
      throw new Failure(`${directory} holds no run, it has no run.json: choose a run directory.`, {
        file,
        cause: error,
      });
    throw readFailure(error, file);
  }
  return parseRecord(text, file);
}

/** The runs of a workspace, newest first; folders without a readable `run.json` come with their problem. */
export async function listRuns(workspaceRoot: string): Promise<RunEntry[]> {
  const folder = runsFolder(workspaceRoot);
  let names: string[];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw readFailure(error, folder);
  }
  const runs = await Promise.all(
    names.map(async (name): Promise<RunEntry> => {
      const directory = join(folder, name);
      try {
        return { directory, record: await readRecord(directory), problem: null };
      } catch (error) {
        return { directory, record: null, problem: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  const key = (run: RunEntry): string => run.record?.created ?? '';
  return runs.sort((a, b) => key(b).localeCompare(key(a)) || b.directory.localeCompare(a.directory));
}
