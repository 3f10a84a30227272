import assert from 'node:assert/strict';
import { FIGURES, failWhere, parseFailCondition } from '../../../src/cli/failIf';
import { Ended } from '../../../src/cli/terminal';
import { exampleRun } from '../../support/exampleRun';

describe('--fail-if', () => {
  it('reads a figure, a comparison and a number', () => {
    assert.deepEqual(parseFailCondition('max_drop > 0.05'), {
      figure: 'max_drop',
      comparison: '>',
      bound: 0.05,
    });
    assert.deepEqual(parseFailCondition(' dead_units<=3 '), {
      figure: 'dead_units',
      comparison: '<=',
      bound: 3,
    });
  });

  for (const text of ['', 'max_drop', 'max_drop > much', 'speed < 3', 'max_drop == 1', 'toString > 1']) {
    it(`refuses “${text}”`, () => assert.throws(() => parseFailCondition(text), /Give a figure|There is no/));
  }

  it('ends with exit code 1 and the figure, exactly where a condition holds', () => {
    const run = exampleRun();
    const drops = [...run.table.columns.accuracy_drop].filter((drop) => !Number.isNaN(drop));
    const largest = Math.max(...drops);
    const at = (comparison: string, bound: number): (() => void) => {
      const condition = parseFailCondition(`max_drop ${comparison} ${String(bound)}`);
      return () => failWhere(run, [condition]);
    };
    assert.throws(at('>', largest - 1e-6), (error) => {
      assert.ok(error instanceof Ended && error.code === 1);
      assert.match(error.message, /^Failed as --fail-if asks: max_drop is 0\.\d{4}, which is > /);
      return true;
    });
    at('>', largest)();
    assert.throws(at('>=', largest), Ended);
    at('<', largest)();
    assert.throws(at('<=', largest), Ended);
  });

  it('takes every figure from where it stands in the run', () => {
    const { baseline, headline } = exampleRun().record;
    assert.ok(headline !== null);
    const expected: Partial<Record<keyof typeof FIGURES, number>> = {
      accuracy: baseline.accuracy,
      balanced_accuracy: baseline.balanced_accuracy,
      loss: baseline.loss,
      worst_drop: headline.worst?.accuracy_drop ?? 0,
      dead_units: headline.dead,
      dead_fraction: headline.dead / headline.units,
    };
    for (const [figure, value] of Object.entries(expected)) {
      const fails = (bound: number): (() => void) => {
        const condition = parseFailCondition(`${figure} >= ${String(bound)}`);
        return () => failWhere(exampleRun(), [condition]);
      };
      assert.throws(fails(value), Ended, figure);
      fails(value + 1e-9)();
    }
  });

  it('fails where the figure is not known, and says so', () => {
    assert.throws(() => failWhere(exampleRun(), [parseFailCondition('auc < 0')]), /auc is not known/);
  });
});
