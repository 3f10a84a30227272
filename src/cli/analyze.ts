import path from 'node:path';
import type { AnalyzeEvent } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import { readRun } from '../runs/readRun';
import { newRunDirectory } from '../runs/runDirectory';
import { openSession } from './openSession';
import type { AnalyzeOptions } from './program';
import { progressView } from './progress';
import { readStudySpec } from './readStudySpec';
import { resultJson, resultText } from './result';
import { Ended, type Terminal } from './terminal';

/**
 * `analyze <model>`: deletes every neuron in turn and prints what matters; leaves a run directory.
 *
 * @throws Failure, UsageError for bad input; Ended when interrupted or when the model is near chance
 */
export async function analyze(model: string, options: AnalyzeOptions, terminal: Terminal): Promise<void> {
  const spec = await readStudySpec(model, options, terminal);
  const directory =
    options.out === undefined
      ? newRunDirectory(terminal.cwd, spec.model)
      : path.resolve(terminal.cwd, options.out);

  const session = openSession(options, terminal);
  const view = progressView(options, terminal);
  let record: RunRecord | null = null;
  const on = (event: AnalyzeEvent) => {
    if (event.event === 'record') record = event.record;
    view.show(event);
  };
  const params = { spec, directory, accept_chance: options.acceptChance };
  const result = await session
    .analyze(params, on, terminal.signal)
    .catch((error: unknown) => {
      throw record === null ? error : withRun(error, directory);
    })
    .finally(() => view.stop());

  if (result.kind === 'near_chance') {
    throw new Ended(`${result.question} To go on all the same, add --accept-chance.`, 1);
  }
  if (result.kind === 'cancelled') {
    throw new Ended(cancelledText(result.record, directory), 130);
  }
  const run = await readRun(directory);
  terminal.out(options.json ? `${JSON.stringify(resultJson(run, directory))}\n` : resultText(run, directory));
}

/** Says of an error in the middle of a run that what is finished is kept. */
export function withRun(error: unknown, directory: string): unknown {
  if (!(error instanceof Failure)) return error;
  const message = `${error.message.replace(/\.$/, '')}; what was finished is in ${directory}.`;
  return new Failure(message, { cause: error });
}

function cancelledText(record: RunRecord | null, directory: string): string {
  if (record === null) return 'Cancelled before anything was measured; nothing was written.';
  const { done, samples } = record.rounds;
  return (
    `Cancelled after ${done} of ${samples.length} rounds; what is finished is in ${directory}. ` +
    `The same command with --out ${directory} goes on from there.`
  );
}
