import { t } from '@vscode/l10n';
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
    [t('Importance'), Number.isFinite(drop) ? t('{0} points', points(drop)) : t('not measured yet')],
    [t('95 % interval'), interval(at('drop_low'), at('drop_high'))],
    [
      t('Flips'),
      t('{0} to wrong, {1} to right', samples(at('flips_to_wrong')), samples(at('flips_to_right'))),
    ],
    [
      t('Loss increase'),
      Number.isFinite(at('loss_increase')) ? t('{0} nats', nats(at('loss_increase'), true)) : NONE,
    ],
    [t('Selectivity'), fixed(at('selectivity'), 3)],
    [t('Preferred class'), className(record.classes, at('preferred_class'))],
  ];
  const marks = [
    at('dead') === 1 ? t('never fires') : null,
    at('within_noise') === 1 ? t('importance within noise') : null,
    at('selectivity_valid') === 0 ? t('selectivity not meaningful: activations below 0') : null,
    isProvisional(record)
      ? t('provisional: {0} of {1} samples', count(at('n')), count(record.baseline.samples))
      : null,
    deleted.has(unit.row) ? t('deleted') : null,
  ].filter((mark) => mark !== null);
  const name = unitName(unit);
  const said = pairs.map(([key, value]) => `${key} ${value === NONE ? t('not known') : value}`);
  return { name, pairs, marks, text: [name, ...said, ...marks].join('; ') };
}
