import path from 'node:path';
import type { RankCorrelation } from '../core/measures/rankCorrelation';
import { agreementOf } from '../runs/operatorRuns';
import { readRun } from '../runs/readRun';
import { decimals, wrap } from './figures';
import type { CommonOptions, Terminal } from './terminal';
import { textTable } from './table';

/** `agreement <run> <run> …`: how far operators agree on which neurons matter, site by site. */
export async function agreement(
  runs: readonly string[],
  options: CommonOptions,
  terminal: Terminal,
): Promise<void> {
  const stored = await Promise.all(runs.map((run) => readRun(path.resolve(terminal.cwd, run))));
  const found = agreementOf(stored);
  if (options.json) {
    terminal.out(`${JSON.stringify({ agreement: found })}\n`);
    return;
  }
  const figure = ({ rho, low, high }: RankCorrelation): string =>
    `${decimals(rho, 2)}  ${decimals(low, 2)} … ${decimals(high, 2)}`;
  const right = (head: string) => ({ head, align: 'right' }) as const;
  const table = textTable(
    [
      { head: 'site', align: 'left' },
      { head: 'operators', align: 'left' },
      right('importance'),
      right('loss increase'),
    ],
    found.map(({ site, operators, accuracy_drop, loss_increase }) => [
      site,
      operators.join(', '),
      figure(accuracy_drop),
      figure(loss_increase),
    ]),
  );
  const legend = wrap('Spearman’s ρ over the neurons of a site, with a 95 % bootstrap interval.');
  terminal.out(`${table}\n\n${legend}\n`);
}
