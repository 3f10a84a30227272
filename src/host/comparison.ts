import type { StoredRun } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import { COMPARED_COLUMNS, type ComparedColumn, type ComparedRun } from '../protocol/webview';
import { runTitle } from './names';
import { curvesBelong } from './runFigures';

/** What a comparison needs to read runs. */
export interface RunReader {
  /** Says why a run of curves, noise or pairs is refused. */
  readonly refusal: (directory: string) => string;
  /** @throws Failure if there is no run in the directory */
  readonly read: (directory: string) => Promise<StoredRun>;
  /** Runs that may hold curves, the newest first. */
  readonly others: () => Promise<
    readonly { readonly directory: string; readonly record: RunRecord | null }[]
  >;
}

/**
 * One of the runs of a comparison, with the newest curves of the same study.
 * @throws Failure where it is no analysis of neurons, or cannot be read
 */
export async function comparedRun(directory: string, reader: RunReader): Promise<ComparedRun> {
  const { record, table, experiment } = await reader.read(directory);
  if (experiment !== undefined) {
    throw new Failure(reader.refusal(directory));
  }
  const columns = {} as Record<ComparedColumn, Float64Array>;
  // Copies: a whole backing buffer would travel to the page otherwise.
  for (const name of COMPARED_COLUMNS) columns[name] = table.columns[name].slice();
  return { directory, title: runTitle(record), record, columns, curves: await curvesOf(record, reader) };
}

async function curvesOf(record: RunRecord, { read, others }: RunReader): Promise<ComparedRun['curves']> {
  for (const { directory, record: other } of await others()) {
    if (other?.status !== 'complete' || !curvesBelong(other, record)) continue;
    const { experiment } = await read(directory);
    if (experiment?.name === 'curves') {
      return { directory, title: runTitle(record), record: other, experiment, own: true };
    }
  }
  return null;
}
