import assert from 'node:assert/strict';
import { Evaluator } from '../../../src/host/evaluator';
import { Study } from '../../../src/host/study';
import { Failure } from '../../../src/protocol/failure';
import type { Evaluation } from '../../../src/protocol/run';
import type { UnitRef } from '../../../src/protocol/study';
import { emptyUnitTable } from '../../../src/protocol/units';
import { exampleRecord } from '../../support/exampleRun';
import { FakeEngine } from './fakeEngine';

const record = exampleRecord();
const unit = (at: number): UnitRef => ({ site: 'conv_1', unit: at });
const outcome = (correct: number): Evaluation => ({ correct, confusion: null }) as unknown as Evaluation;

describe('the evaluator of a study', () => {
  let engine: FakeEngine;
  let study: Study;

  beforeEach(() => {
    engine = new FakeEngine();
    study = new Study('/runs/one', 'one');
    new Evaluator(study, engine.questions);
  });
  afterEach(() => study.dispose());

  const load = (): void => {
    study.load({ record, table: emptyUnitTable(17, 3) });
    study.end(null, null);
  };
  const correct = (): number | undefined => study.state.deletion.evaluation?.correct;
  const asked = (): readonly (readonly UnitRef[])[] =>
    engine.questionsOf('evaluate').map(({ params }) => params.deleted);

  it('measures the network as it is once it is open, with examples', async () => {
    load();
    const [question, ...others] = engine.questionsOf('evaluate');
    assert.deepEqual([question?.params.deleted, question?.params.examples, others.length], [[], 12, 0]);
    await question?.answer(outcome(10));
    assert.equal(correct(), 10);
  });

  it('withdraws the question when another set takes the place, and shows the latest answer only', async () => {
    load();
    study.setDeletion([unit(1), unit(2)]);
    study.setDeletion([unit(3), unit(4)]);
    const [first, second, third] = engine.questionsOf('evaluate');
    assert.deepEqual([first?.withdrawn, second?.withdrawn, third?.withdrawn], [true, true, false]);
    await second?.answer(outcome(2));
    assert.equal(correct(), undefined);
    await third?.answer(outcome(3));
    assert.equal(correct(), 3);
  });

  it('answers undo and redo from what it knows, at once, whatever the order of the units', async () => {
    load();
    await engine.questionsOf('evaluate')[0]?.answer(outcome(10));
    study.setDeletion([unit(1), unit(2)]);
    await engine.questionsOf('evaluate')[1]?.answer(outcome(2));
    study.setDeletion([unit(1), unit(2), unit(3)]);
    await engine.questionsOf('evaluate')[2]?.answer(outcome(3));
    study.undo();
    assert.equal(correct(), 2);
    study.undo();
    assert.equal(correct(), 10);
    study.redo();
    study.redo();
    assert.equal(correct(), 3);
    study.setDeletion([unit(2), unit(1)]);
    assert.equal(correct(), 2);
    assert.equal(asked().length, 3);
  });

  it('leaves the engine to an analysis, and asks when that is over', () => {
    engine.analysing = true;
    load();
    assert.deepEqual(asked(), []);
    engine.analysing = false;
    assert.deepEqual(asked(), [[]]);
    engine.analysing = true;
    assert.equal(engine.questionsOf('evaluate')[0]?.withdrawn, true);
  });

  it('does ask for units that were deleted while an analysis goes on', () => {
    load();
    engine.analysing = true;
    study.setDeletion([unit(1), unit(2)]);
    assert.deepEqual(asked().at(-1), [unit(1), unit(2)]);
    engine.analysing = false;
    assert.equal(engine.questionsOf('evaluate').at(-1)?.withdrawn, false);
  });

  it('says why a set cannot be measured, and keeps what the table told', async () => {
    load();
    await engine.questionsOf('evaluate')[0]?.fail(new Failure('The data is gone.'));
    assert.deepEqual([study.state.deletion.problem, engine.problems.length], ['The data is gone.', 1]);
    study.setDeletion([unit(1), unit(2)]);
    await engine.questionsOf('evaluate')[1]?.fail(new Failure('The data is gone.'));
    assert.equal(study.state.deletion.problem, 'The data is gone.');
    const table = emptyUnitTable(17, 3);
    table.columns.n.fill(record.baseline.samples);
    table.columns.ablated_correct.fill(7);
    table.columns.loss_increase.fill(0.5);
    study.load({ record, table });
    study.setDeletion([unit(5)]);
    assert.deepEqual([correct(), study.state.deletion.problem], [7, null]);
    await engine.questionsOf('evaluate').at(-1)?.fail(new Failure('The data is gone.'));
    assert.deepEqual([correct(), study.state.deletion.problem], [7, 'The data is gone.']);
    study.setDeletion([unit(1), unit(2)]);
    assert.equal(correct(), undefined);
  });
});
