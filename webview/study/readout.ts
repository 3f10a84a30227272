import type { RunRecord } from '../../src/protocol/run';
import type { UnitTable } from '../../src/protocol/units';
import { className, count, fixed, interval, nats, NONE, points, samples, unitName } from '../shared/format';
import type { UnitRow } from '../shared/store';
import { isProvisional } from './progress';

/** A unit's figures as words, for the tooltip (pairs) and the spoken readout (text). */
export interface Readout {
  readonly name: string;
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** What must be known beside the figures: dead, within noise, deleted, provisional. */
  readonly marks: readonly string[];
  readonly text: string;
}

/** Puts one unit's measures into words. */
export function readOut(
  record: RunRecord,
  table: UnitTable,
  unit: UnitRow,
  deleted: ReadonlySet<number>,
): Readout {
  const { columns } = table;
  const at = (name: keyof typeof columns): number => columns[name][unit.row] ?? NaN;
  const drop = at('accuracy_drop');
  const pairs: [string, string][] = [
    ['Importance', Number.isFinite(drop) ? `${points(drop)} points` : 'not measured yet'],
    ['95 % interval', interval(at('drop_low'), at('drop_high'))],
    ['Flips', `${samples(at('flips_to_wrong'))} to wrong, ${samples(at('flips_to_right'))} to right`],
    [
      'Loss increase',
      Number.isFinite(at('loss_increase')) ? `${nats(at('loss_increase'), true)} nats` : NONE,
    ],
    ['Selectivity', fixed(at('selectivity'), 3)],
    ['Preferred class', className(record.classes, at('preferred_class'))],
  ];
  const marks = [
    at('dead') === 1 ? 'never fires' : null,
    at('within_noise') === 1 ? 'importance within noise' : null,
    at('selectivity_valid') === 0 ? 'selectivity not meaningful: activations below 0' : null,
    isProvisional(record)
      ? `provisional: ${count(at('n'))} of ${count(record.baseline.samples)} samples`
      : null,
    deleted.has(unit.row) ? 'deleted' : null,
  ].filter((mark) => mark !== null);
  const name = unitName(unit);
  const said = pairs.map(([key, value]) => `${key} ${value === NONE ? 'not known' : value}`);
  return { name, pairs, marks, text: [name, ...said, ...marks].join('; ') };
}
