import path from 'node:path';
import type { Session } from '../engine/session';
import type { AnalyzeEvent, AnalyzeResult } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import type { StudySpec } from '../protocol/study';
import { newRunDirectory } from '../runs/runDirectory';
import { openSession } from './openSession';
import type { ExperimentOptions } from './experimentProgram';
import { progressView } from './progress';
import { readStudySpec } from './readStudySpec';
import { Ended, type Terminal } from './terminal';

/** What every command that leaves a run directory is carried out with. */
export interface RunParams {
  readonly spec: StudySpec;
  readonly directory: string;
  readonly accept_chance: boolean;
}

/**
 * Carries out a command that leaves a run directory: its study, its progress on stderr, and how it may end.
 * @param start the session's method
 * @param cancelled what to say of a run that was interrupted
 * @returns the run directory
 * @throws Failure, UsageError for bad input; Ended when interrupted or when the model is near chance
 */
export async function followRun(
  model: string,
  options: ExperimentOptions,
  terminal: Terminal,
  start: (session: Session, params: RunParams, on: (event: AnalyzeEvent) => void) => Promise<AnalyzeResult>,
  cancelled: (record: RunRecord, directory: string) => string,
): Promise<string> {
  const spec = await readStudySpec(model, options, terminal);
  const directory =
    options.out === undefined
      ? newRunDirectory(terminal.cwd, spec.model)
      : path.resolve(terminal.cwd, options.out);
  const session = openSession(options, terminal);
  const view = progressView(options, terminal);
  let record: RunRecord | null = null;
  const on = (event: AnalyzeEvent): void => {
    if (event.event === 'record') record = event.record;
    view.show(event);
  };
  const result = await start(session, { spec, directory, accept_chance: options.acceptChance }, on)
    .catch((error: unknown) => {
      throw record === null ? error : withRun(error, directory);
    })
    .finally(() => view.stop());
  if (result.kind === 'near_chance') {
    throw new Ended(`${result.question} To go on all the same, add --accept-chance.`, 1);
  }
  if (result.kind === 'cancelled') {
    const text =
      result.record === null
        ? 'Cancelled before anything was measured; nothing was written.'
        : `${cancelled(result.record, directory)} The same command with --out ${directory} goes on from there.`;
    throw new Ended(text, 130);
  }
  return directory;
}

/** Says of an error in the middle of a run that what is finished is kept. */
function withRun(error: unknown, directory: string): unknown {
  if (!(error instanceof Failure)) return error;
  const message = `${error.message.replace(/\.$/, '')}; what was finished is in ${directory}.`;
  return new Failure(message, { cause: error });
}
