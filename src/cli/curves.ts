import path from 'node:path';
import { DIRECTIONS, type CurveOptions, type CurveSummary } from '../protocol/curves';
import type { StoredRun } from '../protocol/engine';
import { meanCurves } from '../protocol/meanCurves';
import { carryOut, headJson, headText, sparkline } from './experiment';
import type { CurvesCommandOptions } from './experimentProgram';
import { failWhere } from './failIf';
import { count, decimals, MISSING, wrap } from './figures';
import { textTable, type TableColumn } from './table';
import { UsageError, type Terminal } from './terminal';

/** `curves <model>`: cumulative ablation curves; leaves a run directory with `curves.csv`. */
export async function curves(
  model: string,
  options: CurvesCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { run, directory } = await carryOut<'curves'>(
    model,
    options,
    terminal,
    curveOptions(options, terminal.cwd),
    (session, params, on) => session.curves(params, on, terminal.signal),
  );
  terminal.out(
    options.json
      ? `${JSON.stringify({ ...headJson(run, directory), curves: run.record.curves })}\n`
      : curvesText(run, directory),
  );
  failWhere(run, options.failIf);
}

function curveOptions(options: CurvesCommandOptions, cwd: string): CurveOptions {
  const { trainData, trainLabels } = options;
  if (trainData === undefined && trainLabels !== undefined) {
    throw new UsageError('--train-labels are labels of --train-data: give both.');
  }
  const train =
    trainData === undefined
      ? null
      : {
          data: path.resolve(cwd, trainData),
          ...(trainLabels === undefined ? {} : { labels: path.resolve(cwd, trainLabels) }),
        };
  const { order, direction, orders, points, each } = options;
  const directions = direction === 'both' ? DIRECTIONS : [direction];
  return { orders: order, directions, orderings: orders, points, each, train };
}

const left = (head: string): TableColumn => ({ head, align: 'left' });
const right = (head: string): TableColumn => ({ head, align: 'right' });

/** The curves, for people: a line a kind. */
export function curvesText(run: StoredRun, directory: string): string {
  const { curves: part } = run.record;
  if (part === undefined || run.experiment?.name !== 'curves') return headText(run, directory);
  const means = meanCurves(run.experiment.rows);
  const sites = new Set(part.summary.map((line) => line.sites));
  const blocks = [...sites].flatMap((name) => {
    const lines = part.summary.filter((line) => line.sites === name);
    const table = textTable(
      [
        left('data'),
        left('order'),
        left('deleted: 0 … all'),
        right('AUC'),
        right('sd'),
        right('relative'),
        right('half at'),
      ],
      lines.map((line) => [
        line.data,
        orderName(line),
        sparkline(
          means.find(
            (mean) =>
              mean.data === line.data &&
              mean.sites === name &&
              mean.order === line.order &&
              mean.direction === line.direction,
          )?.accuracy.mean ?? [],
        ),
        decimals(line.auc, 4),
        line.auc_sd === null ? MISSING : decimals(line.auc_sd, 4),
        line.auc_relative === null ? MISSING : decimals(line.auc_relative, 3),
        line.half_fraction === null ? MISSING : decimals(line.half_fraction, 3),
      ]),
    );
    return [wrap(`Sites: ${name.replaceAll('+', ' + ')}`, '  '), '', table, ''];
  });
  const chance = part.summary[0]?.chance ?? NaN;
  return [
    headText(run, directory),
    '',
    ...blocks,
    wrap(
      (part.ranked_on > 0
        ? `Orders were ranked on one half of the samples (${count(part.ranked_on)}), all curves measured on the other (${count(part.measured_on)}). `
        : `Measured on ${count(part.measured_on)} samples. `) +
        `AUC: area under the accuracy; relative: (AUC − chance) / (baseline − chance), chance ${decimals(chance, 3)}; ` +
        'half at: the fraction deleted where the mean curve is half way down to chance; sd over orderings.',
    ),
    '',
  ].join('\n');
}

function orderName({ order, direction, repeats }: CurveSummary): string {
  return order === 'random' ? `random ×${repeats}` : `${order} ${direction === 'ascending' ? '↑' : '↓'}`;
}
