import { join } from 'node:path';
import type { RunRecord } from '../protocol/run';
import { writeAtomically } from './atomicFile';
import { RUN_FILES } from './runDirectory';
import { readRecord } from './runRecord';

/** The longest name of a run, in characters. */
const LONGEST = 100;
/** Ends of lines and what else is not seen. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** What a user typed as a run's name, as it is kept: one line, trimmed, of bounded length; undefined: no name. */
export function plainName(typed: string): string | undefined {
  const line = typed.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  const short = [...line].slice(0, LONGEST).join('').trimEnd();
  return short === '' ? undefined : short;
}

/**
 * Gives a run a name, or takes it away where nothing but blanks was typed; returns the record as it is now. Nothing
 * may be computing the run. Throws {@link Failure} where `run.json` cannot be read or written.
 */
export async function renameRun(directory: string, typed: string): Promise<RunRecord> {
  const { name: _, ...record } = await readRecord(directory);
  const name = plainName(typed);
  const renamed: RunRecord = name === undefined ? record : { ...record, name };
  await writeAtomically(join(directory, RUN_FILES.record), `${JSON.stringify(renamed, null, 2)}\n`);
  return renamed;
}
