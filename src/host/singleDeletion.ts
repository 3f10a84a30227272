import type { Evaluation, RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import type { UnitTable } from '../protocol/units';
import { rowOf } from './unitRows';

/**
 * What deleting exactly one unit does, read from the run's table without asking the engine.
 * Null when the table does not hold the final counts of that unit over all samples.
 */
export function evaluateFromTable(record: RunRecord, table: UnitTable, unit: UnitRef): Evaluation | null {
  const row = rowOf(record, unit);
  if (row === null || record.spec.operator !== 'zero') return null;
  const { columns, class_drop, classes } = table;
  const { baseline } = record;
  const correct = columns.ablated_correct[row] ?? NaN;
  const increase = columns.loss_increase[row] ?? NaN;
  if (columns.n[row] !== baseline.samples || Number.isNaN(correct) || Number.isNaN(increase)) return null;
  return {
    deleted: [unit],
    operator: 'zero',
    correct,
    samples: baseline.samples,
    accuracy: correct / baseline.samples,
    loss: baseline.loss + increase,
    recalls: baseline.per_class.map(({ recall }, index) => {
      const drop = class_drop[row * classes + index] ?? NaN;
      return recall === null || Number.isNaN(drop) ? null : recall - drop;
    }),
    flips_to_wrong: columns.flips_to_wrong[row] ?? NaN,
    flips_to_right: columns.flips_to_right[row] ?? NaN,
    before: {
      correct: baseline.correct,
      accuracy: baseline.accuracy,
      loss: baseline.loss,
      recalls: baseline.per_class.map(({ recall }) => recall),
    },
    confusion: null,
    per_sample: null,
  };
}
