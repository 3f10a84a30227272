import { Failure } from '../../protocol/failure';
import type { Operator, SiteInfo } from '../../protocol/study';
import type { UnitTable } from '../../protocol/units';
import { seedFrom } from '../random';
import { rankCorrelation, type RankCorrelation } from './rankCorrelation';

/** The units of one model on one data set under one operator. */
export interface OperatorRun {
  readonly operator: Operator;
  readonly sites: readonly SiteInfo[];
  readonly table: UnitTable;
}

/** How well two operators agree on which units of a site are important. */
export interface OperatorAgreement {
  readonly site: string;
  readonly operators: readonly [Operator, Operator];
  readonly accuracy_drop: RankCorrelation;
  readonly loss_increase: RankCorrelation;
}

/**
 * Agreement of operators: per site and pair of runs Spearman's ρ over the units, of accuracy drop and of loss
 * increase, with bootstrap intervals.
 * @returns by site in order, then by pair in the order of the runs
 * @throws Failure if the runs are not of the same sites
 */
export function operatorAgreement(runs: readonly OperatorRun[], seed: number): OperatorAgreement[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  for (const other of others) requireSameSites(first, other);
  let to = 0;
  return first.sites.flatMap(({ name, units }) => {
    const from = to;
    to += units;
    const end = to;
    return runs.flatMap((a, index) =>
      runs.slice(index + 1).map((b): OperatorAgreement => {
        const between = (measure: 'accuracy_drop' | 'loss_increase'): RankCorrelation =>
          rankCorrelation(
            a.table.columns[measure].slice(from, end),
            b.table.columns[measure].slice(from, end),
            seedFrom(seed, 'agreement', name),
          );
        return {
          site: name,
          operators: [a.operator, b.operator],
          accuracy_drop: between('accuracy_drop'),
          loss_increase: between('loss_increase'),
        };
      }),
    );
  });
}

function requireSameSites(a: OperatorRun, b: OperatorRun): void {
  const listed = ({ sites }: OperatorRun): string =>
    sites.map(({ name, units }) => `${name} (${String(units)})`).join(', ');
  if (listed(a) === listed(b)) return;
  throw new Failure(
    `The runs to be compared are not of the same units: one has ${listed(a)}, another ${listed(b)}; choose runs of the same model and sites.`,
  );
}
