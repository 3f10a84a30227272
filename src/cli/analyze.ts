import { readRun } from '../runs/readRun';
import { failWhere } from './failIf';
import { followRun } from './followRun';
import type { AnalyzeOptions } from './program';
import { resultJson, resultText } from './result';
import type { Terminal } from './terminal';

/**
 * `analyze <model>`: deletes every neuron in turn and prints what matters; leaves a run directory.
 *
 * @throws Failure, UsageError for bad input; Ended when interrupted or when the model is near chance
 */
export async function analyze(model: string, options: AnalyzeOptions, terminal: Terminal): Promise<void> {
  const directory = await followRun(
    model,
    options,
    terminal,
    (session, params, on) => session.analyze(params, on, terminal.signal),
    ({ rounds: { done, samples } }, place) =>
      `Cancelled after ${done} of ${samples.length} rounds; what is finished is in ${place}.`,
  );
  const run = await readRun(directory);
  terminal.out(options.json ? `${JSON.stringify(resultJson(run, directory))}\n` : resultText(run, directory));
  failWhere(run, options.failIf);
}
