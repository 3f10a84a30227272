import fs from 'node:fs';
import path from 'node:path';
import Papa from 'papaparse';
import type { RunRecord } from '../../src/protocol/run';
import { until } from './until';

/** A run directory, read from the files as anybody would. */
export class RunOnDisk {
  constructor(readonly directory: string) {}

  record(): RunRecord {
    return JSON.parse(fs.readFileSync(path.join(this.directory, 'run.json'), 'utf8')) as RunRecord;
  }

  /** The rows of units.csv; `null` where a field is empty. */
  units(): UnitRow[] {
    const text = fs.readFileSync(path.join(this.directory, 'units.csv'), 'utf8');
    const { data } = Papa.parse<Record<string, string>>(text.trim(), { header: true });
    return data.map((row) => ({
      site: row['site'] ?? '',
      unit: Number(row['unit']),
      n: Number(row['n']),
      accuracy_drop: row['accuracy_drop'] ? Number(row['accuracy_drop']) : null,
      selectivity: row['selectivity'] ? Number(row['selectivity']) : null,
      ablated_correct: row['ablated_correct'] ? Number(row['ablated_correct']) : null,
    }));
  }

  /** Waits until run.json says that so many rounds are done. */
  async rounds(done: number): Promise<RunRecord> {
    return until(`round ${done} in run.json`, () => {
      const record = this.record();
      return record.rounds.done === done ? record : null;
    });
  }

  /** Waits until the run has this status. */
  async status(status: RunRecord['status'], timeout = 120_000): Promise<RunRecord> {
    return until(
      `a run that is ${status}`,
      () => {
        const record = this.record();
        return record.status === status ? record : null;
      },
      timeout,
    );
  }
}

/** The columns of units.csv that these tests compare. */
export interface UnitRow {
  readonly site: string;
  readonly unit: number;
  readonly n: number;
  readonly accuracy_drop: number | null;
  readonly selectivity: number | null;
  readonly ablated_correct: number | null;
}

/** The run directories of a workspace, the oldest first. */
export function runsIn(workspace: string): RunOnDisk[] {
  const folder = path.join(workspace, '.neuron-deletion/runs');
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name))
    .filter((directory) => fs.existsSync(path.join(directory, 'run.json')))
    .map((directory) => new RunOnDisk(directory));
}

/** Waits for a run that is not among `before`. */
export async function newRun(workspace: string, before: readonly RunOnDisk[]): Promise<RunOnDisk> {
  const known = new Set(before.map(({ directory }) => directory));
  return until(
    'a new run directory',
    () => runsIn(workspace).find(({ directory }) => !known.has(directory)),
    60_000,
  );
}
