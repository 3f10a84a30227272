import type { StoredRun } from '../protocol/engine';
import { decimals } from './figures';
import { Ended } from './terminal';

/** A figure of a run that must not be, for scripts: `max_drop > 0.05`. */
export interface FailCondition {
  readonly figure: FigureName;
  readonly comparison: '<' | '>' | '<=' | '>=';
  readonly bound: number;
}

/** What `--fail-if` knows, and what each is of. Shares are fractions of one. */
export const FIGURES = {
  accuracy: 'accuracy with nothing deleted',
  balanced_accuracy: 'its mean over classes',
  loss: 'mean cross-entropy, nats',
  max_drop: 'the largest accuracy drop of a neuron, on all samples',
  worst_drop: 'that of the worst neuron, chosen on one half and measured on the other',
  dead_units: 'how many neurons never fire',
  dead_fraction: 'their share of all',
  auc: 'area under the first curve (curves)',
  auc_relative: 'the same relative to chance and baseline (curves)',
  half_fraction: 'the share of neurons after which that curve is half way down to chance (curves)',
} as const;

type FigureName = keyof typeof FIGURES;

/**
 * Reads one condition.
 * @throws Error with a sentence where it is none
 */
export function parseFailCondition(text: string): FailCondition {
  const [, name = '', comparison, number = ''] = /^\s*(\w+)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(text) ?? [];
  const bound = Number(number);
  if (comparison === undefined || number === '' || Number.isNaN(bound)) {
    throw new Error('Give a figure, a comparison and a number: "max_drop > 0.05".');
  }
  if (!Object.hasOwn(FIGURES, name)) {
    throw new Error(`There is no figure ${name}; there are ${Object.keys(FIGURES).join(', ')}.`);
  }
  return { figure: name as FigureName, comparison: comparison as FailCondition['comparison'], bound };
}

/**
 * Ends the command with exit code 1 where a condition holds, after all else is said.
 * @throws Ended
 */
export function failWhere(run: StoredRun, conditions: readonly FailCondition[]): void {
  const met = conditions.flatMap(({ figure, comparison, bound }) => {
    const value = figureOf(run, figure);
    if (Number.isNaN(value)) return [`${figure} is not known`];
    return holds(value, comparison, bound)
      ? [`${figure} is ${decimals(value, 4)}, which is ${comparison} ${String(bound)}`]
      : [];
  });
  if (met.length > 0) throw new Ended(`Failed as --fail-if asks: ${met.join('; ')}.`, 1);
}

function holds(value: number, comparison: FailCondition['comparison'], bound: number): boolean {
  switch (comparison) {
    case '<':
      return value < bound;
    case '>':
      return value > bound;
    case '<=':
      return value <= bound;
    case '>=':
      return value >= bound;
  }
}

/** NaN where no value is known. */
function largest(values: Float64Array): number {
  let most = NaN;
  for (const value of values) if (!(value <= most) && !Number.isNaN(value)) most = value;
  return most;
}

function figureOf({ record, table }: StoredRun, figure: FigureName): number {
  const { baseline, headline } = record;
  const [curve] = record.curves?.summary ?? [];
  switch (figure) {
    case 'accuracy':
    case 'balanced_accuracy':
    case 'loss':
      return baseline[figure];
    case 'max_drop':
      return largest(table.columns.accuracy_drop);
    case 'worst_drop':
      return headline === null ? NaN : (headline.worst?.accuracy_drop ?? 0);
    case 'dead_units':
      return headline?.dead ?? NaN;
    case 'dead_fraction':
      return headline === null ? NaN : headline.dead / headline.units;
    case 'auc':
      return curve?.auc ?? NaN;
    case 'auc_relative':
      return curve?.auc_relative ?? NaN;
    case 'half_fraction':
      // A curve that never falls so far has all its units left.
      return curve === undefined ? NaN : (curve.half_fraction ?? 1);
  }
}
