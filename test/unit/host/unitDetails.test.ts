import assert from 'node:assert/strict';
import { Study } from '../../../src/host/study';
import { UnitDetailsFinder } from '../../../src/host/unitDetails';
import type { UnitDetails } from '../../../src/protocol/details';
import { Failure } from '../../../src/protocol/failure';
import type { UnitRef } from '../../../src/protocol/study';
import { emptyUnitTable } from '../../../src/protocol/units';
import { exampleRecord } from '../../support/exampleRun';
import { FakeEngine } from './fakeEngine';

const unit = (at: number): UnitRef => ({ site: 'conv_1', unit: at });

function details(at: number): UnitDetails {
  return {
    unit: unit(at),
    samples: 10,
    class_means: new Float64Array(3),
    histogram: { edges: new Float64Array(2), counts: new Float64Array(3) },
    most: [],
    least: [],
    incoming: [],
    outgoing: [],
    to_classes: null,
  };
}

describe('the details of the selected unit', () => {
  let engine: FakeEngine;
  let study: Study;

  beforeEach(() => {
    engine = new FakeEngine();
    study = new Study('/runs/one', 'one');
    new UnitDetailsFinder(study, engine.questions);
    study.load({ record: exampleRecord(), table: emptyUnitTable(17, 3) });
  });
  afterEach(() => study.dispose());

  const asked = (): readonly number[] =>
    engine.questionsOf('describeUnit').map(({ params }) => params.unit.unit);

  it('come with the selection; the latest wins', async () => {
    study.select(unit(1));
    study.select(unit(2));
    const [first, second] = engine.questionsOf('describeUnit');
    assert.deepEqual([first?.withdrawn, second?.withdrawn], [true, false]);
    await first?.answer(details(1));
    assert.equal(study.state.unit?.details, null);
    await second?.answer(details(2));
    assert.deepEqual(study.state.unit, { unit: unit(2), details: details(2), problem: null });
  });

  it('are known at once for a unit seen before', async () => {
    study.select(unit(1));
    await engine.questionsOf('describeUnit')[0]?.answer(details(1));
    study.select(unit(2));
    study.select(unit(1));
    assert.deepEqual(study.state.unit?.details, details(1));
    assert.equal(engine.questionsOf('describeUnit')[1]?.withdrawn, true);
    assert.deepEqual(asked(), [1, 2]);
  });

  it('wait for an analysis, and say so', () => {
    engine.analysing = true;
    study.select(unit(1));
    assert.deepEqual([asked(), study.state.unit?.problem], [[], 'busy']);
    engine.analysing = false;
    assert.deepEqual([asked(), study.state.unit?.problem], [[1], null]);
  });

  it('say why they are not known', async () => {
    study.select(unit(1));
    await engine.questionsOf('describeUnit')[0]?.fail(new Failure('The model has changed.'));
    assert.deepEqual(study.state.unit, { unit: unit(1), details: null, problem: 'The model has changed.' });
    study.select(null);
    assert.equal(study.state.unit, null);
  });
});
