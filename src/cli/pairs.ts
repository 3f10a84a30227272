import type { PairRow } from '../protocol/curves';
import type { StoredRun } from '../protocol/engine';
import { carryOut, headJson, headText } from './experiment';
import type { PairsCommandOptions } from './experimentProgram';
import { count, decimals, points, wrap } from './figures';
import { textTable, type TableColumn } from './table';
import type { Terminal } from './terminal';

/** How many pairs are shown at each end. */
const SHOWN = 5;

/** `pairs <model>`: the most important neurons two at a time; leaves a run directory with `pairs.csv`. */
export async function pairs(model: string, options: PairsCommandOptions, terminal: Terminal): Promise<void> {
  const { run, directory } = await carryOut<'pairs'>(
    model,
    options,
    terminal,
    { top: options.top },
    (session, params, on) => session.pairs(params, on, terminal.signal),
  );
  terminal.out(
    options.json
      ? `${JSON.stringify({ ...headJson(run, directory), pairs: run.record.pairs, rows: rowsOf(run) })}\n`
      : pairsText(run, directory),
  );
}

function rowsOf({ experiment }: StoredRun): readonly PairRow[] {
  return experiment?.name === 'pairs' ? experiment.rows : [];
}

/** The pairs with the largest synergy either way, for people. */
export function pairsText(run: StoredRun, directory: string): string {
  const drops = run.record.pairs?.accuracy_drops ?? [];
  const rows = rowsOf(run).map((row, i) => ({ ...row, drop: drops[i] ?? NaN }));
  const sorted = rows.toSorted((a, b) => b.synergy - a.synergy);
  const backing = sorted.slice(0, SHOWN).filter((row) => row.synergy > 0);
  const overlapping = sorted
    .toReversed()
    .slice(0, SHOWN)
    .filter((row) => row.synergy < 0);
  const block = (title: string, shown: typeof rows): string[] =>
    shown.length === 0 ? [] : ['', title, '', tableOf(shown)];
  return [
    headText(run, directory),
    '',
    wrap(
      `${count(rows.length)} pairs of the ${count(run.record.pairs?.units.length ?? 0)} neurons whose deletion raises the loss most.`,
    ),
    ...block('Back each other up: together worse than the sum', backing),
    ...block('Overlap: together not as bad as the sum', overlapping),
    '',
    wrap('a, b, both: increase of the mean loss, nats; synergy: both − a − b; points: accuracy lost.'),
    '',
  ].join('\n');
}

function tableOf(rows: readonly (PairRow & { readonly drop: number })[]): string {
  const right = (head: string): TableColumn => ({ head, align: 'right' });
  return textTable(
    [
      { head: 'neuron a', align: 'left' },
      { head: 'neuron b', align: 'left' },
      right('a'),
      right('b'),
      right('both'),
      right('synergy'),
      right('points'),
    ],
    rows.map((row) => [
      `${row.site_a} #${row.unit_a}`,
      `${row.site_b} #${row.unit_b}`,
      decimals(row.loss_increase_a, 4),
      decimals(row.loss_increase_b, 4),
      decimals(row.loss_increase_both, 4),
      decimals(row.synergy, 4),
      points(row.drop),
    ]),
  );
}
