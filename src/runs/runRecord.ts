import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import { isMissing, readFailure } from './fileErrors';
import { RUN_FILES, runsFolder, TRAINING_RECORD } from './runDirectory';

/** One folder of a workspace's runs: its record, or in a sentence why it cannot be read. */
export type RunEntry =
  | { readonly directory: string; readonly record: RunRecord; readonly problem: null }
  | { readonly directory: string; readonly record: null; readonly problem: string };

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number';
/** Not finite ones are null in JSON. */
const measured: Check = (value) => value === null || number(value);
const orNull =
  (fits: Check): Check =>
  (value) =>
    value === null || fits(value);
const list =
  (fits: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(fits);
/** Its other fields may be anything: versions to come may add some. */
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([key, fits]) => fits(value[key]));

const site = object({
  name: text,
  units: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_UNITS,
  shape: list(number),
});

/** More units than any run has: a table of them is made when it is read. */
const MOST_UNITS = 2 ** 24;

const KINDS: Readonly<Record<string, Check>> = {
  id: text,
  created: text,
  status: (value) => ['running', 'complete', 'cancelled', 'failed'].includes(String(value)),
  spec: object({ model: text, data: text, operator: text }),
  model: object({ path: text, sha256: text, format: text }),
  data: object({ path: text, sha256: text, labels_path: orNull(text), shape: list(number), samples: number }),
  versions: isObject,
  backend: object({ name: text }),
  preprocessing: object({
    chosen: text,
    candidates: list(
      object({ scale: text, correct: number, samples: number, accuracy: measured, loss: measured }),
    ),
  }),
  baseline: object({
    correct: number,
    samples: number,
    accuracy: measured,
    loss: measured,
    per_class: list(
      object({ class: text, samples: number, correct: number, recall: measured, precision: measured }),
    ),
  }),
  classes: list(text),
  sites: list(site),
  excluded: list(object({ name: text, reason: text })),
  rounds: object({ samples: list(number), done: number }),
  near_ties: object({ bound: number, batch: number, pairs: number }),
  headline: (value) => value === undefined || orNull(object({ text }))(value),
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
      `${file} was written by another version (run format ${number(value['version']) ? String(value['version']) : 'unknown'}, this program reads 1): update the program.`,
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

/**
 * The runs of a workspace, newest first; folders without a readable `run.json` come with their problem. Experiments,
 * which are kept among them, are passed over.
 */
export async function listRuns(workspaceRoot: string): Promise<RunEntry[]> {
  const folder = runsFolder(workspaceRoot);
  let names: string[];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    names = names.filter((name) => !existsSync(join(folder, name, TRAINING_RECORD)));
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
