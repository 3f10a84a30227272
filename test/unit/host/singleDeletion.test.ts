import assert from 'node:assert/strict';
import { evaluateFromTable } from '../../../src/host/singleDeletion';
import type { RunRecord } from '../../../src/protocol/run';
import { emptyUnitTable, type UnitTable } from '../../../src/protocol/units';
import { exampleRecord } from '../../support/exampleRun';

const unit = { site: 'odd, "name" <b>&', unit: 3 };
/** The first site has 12 units. */
const row = 12 + 3;

function example(n: (record: RunRecord) => number): { record: RunRecord; table: UnitTable } {
  const record = exampleRecord();
  const table = emptyUnitTable(17, 3);
  table.columns.n[row] = n(record);
  table.columns.ablated_correct[row] = 7;
  table.columns.loss_increase[row] = 0.25;
  table.columns.flips_to_wrong[row] = 4;
  table.columns.flips_to_right[row] = 1;
  table.class_drop.set([0.125, -0.5, 0], row * 3);
  return { record, table };
}

describe('deleting one unit, from the table', () => {
  it('gives what the engine would, once the counts are final', () => {
    const { record, table } = example(({ baseline }) => baseline.samples);
    const evaluation = evaluateFromTable(record, table, unit);
    assert.ok(evaluation);
    assert.deepEqual(evaluation.deleted, [unit]);
    assert.equal(evaluation.correct, 7);
    assert.equal(evaluation.samples, record.baseline.samples);
    assert.equal(evaluation.accuracy, 7 / record.baseline.samples);
    assert.equal(evaluation.loss, record.baseline.loss + 0.25);
    assert.deepEqual([evaluation.flips_to_wrong, evaluation.flips_to_right], [4, 1]);
    const { correct, accuracy, loss, per_class } = record.baseline;
    const recalls = per_class.map(({ recall }) => recall);
    assert.deepEqual(evaluation.before, { correct, accuracy, loss, recalls });
    assert.deepEqual([evaluation.confusion, evaluation.per_sample], [null, null]);
    const drops = [0.125, -0.5, 0];
    assert.deepEqual(
      evaluation.recalls,
      recalls.map((recall, index) => (recall === null ? null : recall - (drops[index] ?? NaN))),
    );
  });

  it('leaves it to the engine while samples are missing', () => {
    const { record, table } = example(({ baseline }) => baseline.samples - 1);
    assert.equal(evaluateFromTable(record, table, unit), null);
  });

  it('leaves units that were never measured, or do not exist, to the engine', () => {
    const { record, table } = example(({ baseline }) => baseline.samples);
    assert.equal(evaluateFromTable(record, table, { ...unit, unit: 2 }), null);
    assert.equal(evaluateFromTable(record, table, { ...unit, unit: 5 }), null);
    assert.equal(evaluateFromTable(record, table, { site: 'none', unit: 0 }), null);
  });

  it('does not answer for another operator', () => {
    const { record, table } = example(({ baseline }) => baseline.samples);
    const other = { ...record, spec: { ...record.spec, operator: 'mean' as const } };
    assert.equal(evaluateFromTable(other, table, unit), null);
  });
});
