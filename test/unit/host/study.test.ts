import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { inspectorState } from '../../../src/host/inspectorState';
import { Study } from '../../../src/host/study';
import type { Evaluation } from '../../../src/protocol/run';
import { emptyUnitTable, mergeUnitRows, type UnitTable } from '../../../src/protocol/units';
import { NOTHING_DELETED, type StudyState, type ToStudy } from '../../../src/protocol/webview';
import { exampleRecord } from '../../support/exampleRun';

const record = exampleRecord({ status: 'running', rounds: { samples: [10, 10], done: 1 } });
const unit = { site: 'conv_1', unit: 2 };

/** Rows whose every value is `value`. */
function rows(count: number, value: number): UnitTable {
  const table = emptyUnitTable(count, 3);
  for (const column of Object.values(table.columns)) column.fill(value);
  table.class_drop.fill(value);
  return table;
}

/** What a view shows that got the posts and nothing else. */
class View {
  state: StudyState | null = null;
  posts = 0;

  receive(message: ToStudy): void {
    this.posts++;
    // A view gets a copy, as over a channel.
    const { ...copy } = structuredClone(message);
    if (copy.type === 'snapshot') this.state = copy.state;
    else if (this.state === null) assert.fail('a change came before the first snapshot');
    else if (copy.type === 'change') this.state = { ...this.state, ...copy.change };
    else if (copy.type === 'units' && this.state.table !== null)
      mergeUnitRows(this.state.table, copy.from, copy.rows);
  }
}

describe('a study', () => {
  let study: Study;
  let view: View;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    study = new Study('/runs/one', 'generalizes · test.npz');
    view = new View();
    view.state = study.state;
    study.onDidPost((message) => view.receive(message));
  });
  afterEach(() => {
    study.dispose();
    mock.timers.reset();
  });

  it('brings views that follow its posts to the very same state', () => {
    study.begin(null);
    study.apply({ event: 'record', record });
    study.apply({ event: 'units', from: 3, rows: rows(2, 0.5) });
    mock.timers.tick(1000);
    study.apply({ event: 'units', from: 9, rows: rows(4, 0.25) });
    study.apply({ event: 'units', from: 1, rows: rows(1, 2) });
    study.select(unit);
    study.setDeleted(unit, true);
    mock.timers.tick(1000);
    assert.deepEqual(view.state, study.state);
    assert.equal(view.state.table?.columns.n[9], 0.25);
    assert.equal(view.state.table.class_drop[3 * 3], 0.5);
  });

  it('posts at most ten times a second, and always the last change', () => {
    study.apply({ event: 'record', record });
    mock.timers.tick(1000);
    view.posts = 0;
    for (let ms = 0; ms < 1000; ms += 2) {
      const progress = { phase: 'sweep', fraction: ms / 1000, round: 0, rounds: 2, seconds_left: 1 } as const;
      study.apply({ event: 'progress', progress });
      mock.timers.tick(2);
    }
    assert.ok(view.posts <= 11, `${view.posts} posts`);
    mock.timers.tick(1000);
    assert.equal(view.state?.progress?.fraction, 0.998);
  });

  it('keeps what was measured and what is selected when an analysis goes on', () => {
    study.apply({ event: 'record', record });
    study.apply({ event: 'units', from: 0, rows: rows(17, 1) });
    study.select(unit);
    study.end({ ...record, status: 'cancelled' }, { severity: 'info', text: 'Cancelled.' });
    assert.equal(study.running, false);
    assert.equal(view.state?.record?.status, 'cancelled');
    study.begin(null);
    study.apply({ event: 'record', record });
    assert.equal(study.state.table?.columns.n[16], 1);
    assert.deepEqual(study.state.selection, unit);
  });

  it('asks for an evaluation whenever the deleted units change, and forgets the old one', () => {
    let asked = 0;
    study.onDidChangeDeletion(() => asked++);
    study.setDeleted(unit, true);
    assert.deepEqual(study.state.deletion.deleted, [], 'there is nothing to delete before the run exists');
    study.apply({ event: 'record', record });
    study.setDeleted(unit, true);
    study.setDeleted(unit, true);
    assert.deepEqual(study.state.deletion.deleted, [unit]);
    const evaluation = { deleted: [unit], correct: 1 } as unknown as Evaluation;
    study.setEvaluation(evaluation, null);
    assert.equal(study.state.deletion.evaluation, evaluation);
    study.setDeleted({ site: 'conv_1', unit: 99 }, true);
    assert.deepEqual(study.state.deletion.deleted, [unit], 'unit 99 does not exist');
    study.setDeleted({ ...unit, unit: 3 }, true);
    assert.equal(study.state.deletion.evaluation, null);
    study.setDeletion([]);
    assert.deepEqual(study.state.deletion, { ...NOTHING_DELETED, canUndo: true });
    assert.equal(asked, 4);
  });

  it('shows the selected unit in the inspector, provisional until all rounds are done', () => {
    study.apply({ event: 'record', record });
    assert.equal(inspectorState(study.state), null);
    study.apply({ event: 'units', from: 2, rows: rows(1, 0.125) });
    study.select(unit);
    study.setDeleted(unit, true);
    const shown = inspectorState(study.state);
    assert.equal(shown?.values.accuracy_drop, 0.125);
    assert.deepEqual(shown.class_drop, [0.125, 0.125, 0.125]);
    assert.deepEqual([shown.provisional, shown.deleted], [true, true]);
    study.apply({ event: 'record', record: { ...record, rounds: { samples: [10, 10], done: 2 } } });
    assert.equal(inspectorState(study.state)?.provisional, false);
  });

  it('copies a loaded table, so that the message it came in may go', () => {
    const table = rows(17, 3);
    study.load({ record, table });
    table.columns.n.fill(0);
    assert.equal(study.state.table?.columns.n[4], 3);
  });
});
