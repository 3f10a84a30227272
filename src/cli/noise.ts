import { NOISE_SCALES } from '../protocol/curves';
import type { StoredRun } from '../protocol/engine';
import { carryOut, headJson, headText, sparkline } from './experiment';
import type { NoiseCommandOptions } from './experimentProgram';
import { decimals, MISSING, percent, wrap } from './figures';
import { textTable } from './table';
import type { Terminal } from './terminal';

/** `noise <model>`: accuracy with noise in all neurons; leaves a run directory with `noise.csv`. */
export async function noise(model: string, options: NoiseCommandOptions, terminal: Terminal): Promise<void> {
  const { run, directory } = await carryOut<'noise'>(
    model,
    options,
    terminal,
    { scales: NOISE_SCALES, repeats: options.repeats },
    (session, params, on) => session.noise(params, on, terminal.signal),
  );
  terminal.out(
    options.json
      ? `${JSON.stringify({ ...headJson(run, directory), noise: run.record.noise })}\n`
      : noiseText(run, directory),
  );
}

/** The curve, for people. */
export function noiseText(run: StoredRun, directory: string): string {
  const { noise: part } = run.record;
  if (part === undefined) return headText(run, directory);
  const right = { align: 'right' } as const;
  const table = textTable(
    [
      { head: 'noise', ...right },
      { head: 'right', ...right },
      { head: 'sd', ...right },
      { head: 'loss', ...right },
    ],
    part.summary.map(({ scale, accuracy, accuracy_sd, loss }) => [
      `${decimals(scale, 3)} σ`,
      percent(accuracy),
      accuracy_sd === null ? MISSING : decimals(accuracy_sd * 100, 2),
      decimals(loss, 4),
    ]),
  );
  return [
    headText(run, directory),
    '',
    `${sparkline(part.summary.map(({ accuracy }) => accuracy))}  (chance ${percent(part.chance)})`,
    '',
    table,
    '',
    wrap(
      `noise: N(0, (s·σ)²) in every element of every neuron at once, σ the neuron’s own standard deviation; sd in points over ${part.options.repeats} repeats.`,
    ),
    '',
  ].join('\n');
}
