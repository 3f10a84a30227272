import type { AnalyzeEvent, AnalyzeResult, StoredRun } from '../protocol/engine';
import type { ExperimentName, ExperimentParams, Experiments } from '../protocol/curves';
import type { Session } from '../engine/session';
import { readRun } from '../runs/readRun';
import { backendText, count, decimals, percent, scaleText, wrap } from './figures';
import type { ExperimentOptions } from './experimentProgram';
import { followRun } from './followRun';
import type { Terminal } from './terminal';

/**
 * Carries out an experiment from the command line: its run directory, progress, and how it may end.
 * @param start the session's method
 * @throws Failure, UsageError for bad input; Ended when interrupted or when the model is near chance
 */
export async function carryOut<E extends ExperimentName>(
  model: string,
  options: ExperimentOptions,
  terminal: Terminal,
  experiment: Experiments[E]['options'],
  start: (
    session: Session,
    params: ExperimentParams<E>,
    on: (event: AnalyzeEvent) => void,
  ) => Promise<AnalyzeResult>,
): Promise<{ readonly run: StoredRun; readonly directory: string }> {
  const directory = await followRun(
    model,
    options,
    terminal,
    (session, params, on) => start(session, { ...params, options: experiment }, on),
    (_, place) => `Cancelled; what is finished is in ${place}.`,
  );
  return { run: await readRun(directory), directory };
}

/** Model, data, backend, run, baseline and preprocessing, for people. */
export function headText({ record }: StoredRun, directory: string): string {
  const { spec, baseline, preprocessing } = record;
  return [
    `Model     ${spec.model}`,
    `Data      ${spec.data}${spec.labels === undefined ? '' : `\nLabels    ${spec.labels}`}`,
    wrap(`Backend   ${backendText(record.backend)}`, '          '),
    `Run       ${directory}`,
    '',
    wrap(
      `Baseline: ${percent(baseline.accuracy)} right (${count(baseline.correct)} of ${count(baseline.samples)}), ` +
        `loss ${decimals(baseline.loss, 4)} nats; preprocessing ${scaleText(preprocessing.chosen)}.`,
    ),
  ].join('\n');
}

/** The same for programs. */
export function headJson({ record }: StoredRun, directory: string): Readonly<Record<string, unknown>> {
  const { status, backend, baseline, preprocessing, seconds } = record;
  return { directory, status, backend, baseline, preprocessing, seconds };
}

/** The most characters of a {@link sparkline}. */
const LONGEST = 21;

/** A curve in a line of text: eight heights, from 0 to 1; of many points some. */
export function sparkline(shares: readonly number[]): string {
  return sampled(shares)
    .map((share) => '▁▂▃▄▅▆▇█'[Math.max(0, Math.min(7, Math.floor(share * 8)))] ?? ' ')
    .join('');
}

function sampled(values: readonly number[]): readonly number[] {
  if (values.length <= LONGEST) return values;
  const step = (values.length - 1) / (LONGEST - 1);
  return Array.from({ length: LONGEST }, (_, i) => values[Math.round(i * step)]!);
}
