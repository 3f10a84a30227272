import assert from 'node:assert/strict';
import { fallsFrom, verdictOf } from '../../../../src/core/measures/verdict';
import { welchInterval } from '../../../../src/core/measures/welch';
import type { ComparedRobustness } from '../../../../src/protocol/compare';

function model(name: string, orderings: readonly number[], half = 0.3): ComparedRobustness {
  const mean = orderings.reduce((sum, value) => sum + value, 0) / orderings.length;
  return {
    model: name,
    baseline_accuracy: 0.99,
    auc: 0.1 + 0.89 * mean,
    auc_sd: 0.02,
    auc_relative: orderings.length === 0 ? NaN : mean,
    half_fraction: half,
    worst_unit_drop: 0.01,
    dead_units: 0,
    orderings,
  };
}

const STRONG = [0.8, 0.82, 0.78, 0.81, 0.79];
const WEAK = [0.3, 0.33, 0.28, 0.31, 0.29];

describe('Welch’s interval', () => {
  it('is that of a worked example', () => {
    // Its ends by integrating Student's density numerically, 27.893 degrees of freedom.
    const a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
    const b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.6];
    const interval = welchInterval(a, b);
    assert.ok(interval !== null);
    assert.ok(Math.abs(interval.low - -4.88299) < 1e-4, String(interval.low));
    assert.ok(Math.abs(interval.high - -0.81035) < 1e-4, String(interval.high));
  });

  it('is a point where nothing varies, and unknown for one value', () => {
    assert.deepEqual(welchInterval([1, 1], [0, 0]), { low: 1, high: 1 });
    assert.equal(welchInterval([1], [0, 0]), null);
  });
});

describe('the verdict of a comparison', () => {
  it('names which leans on single directions, with its evidence and its limits', () => {
    const { kind, text, fragile, robust, difference } = verdictOf([
      model('memorizes', WEAK, 0.09),
      model('generalizes', STRONG, 0.48),
    ]);
    assert.deepEqual([kind, fragile, robust], ['difference', 'memorizes', 'generalizes']);
    assert.match(
      text,
      /^`memorizes` is half way down to chance after 9 % of its units, `generalizes` is half way down to chance after 48 % of its units/,
    );
    assert.match(text, /0\.30 ± 0\.02 against 0\.80 ± 0\.02, difference 0\.50, 95 % 0\.47 to 0\.52/);
    assert.match(text, /not a proof/);
    assert.ok(difference !== null && difference.low > 0.4 && difference.high < 0.6);
  });

  it('is the same whatever the order, but for nothing', () => {
    const three = [model('a', WEAK), model('b', STRONG), model('c', [0.5, 0.52, 0.48])];
    const [first] = [verdictOf(three)];
    for (const order of [
      [2, 1, 0],
      [1, 0, 2],
      [0, 2, 1],
    ]) {
      assert.deepEqual(verdictOf(order.map((k) => three[k]!)), first);
    }
    assert.match(first.text, /Between them, the weaker first: `c`\./);
  });

  it('finds no difference between copies, between what overlaps, and where it is too small to matter', () => {
    assert.match(
      verdictOf([model('a', STRONG), model('b', STRONG)]).text,
      /^No difference: `a` and `b` withstand deletion alike/,
    );
    assert.equal(verdictOf([model('a', [0.5, 0.7, 0.6]), model('b', [0.55, 0.75, 0.62])]).kind, 'none');
    const close = verdictOf([model('a', [0.5, 0.5001, 0.4999]), model('b', [0.51, 0.5101, 0.5099])]);
    assert.equal(close.kind, 'none');
  });

  it('does not judge a model at chance', () => {
    const { kind, text } = verdictOf([model('lost', []), model('fine', STRONG)]);
    assert.equal(kind, 'unknown');
    assert.match(text, /^`lost` is no better than chance/);
  });
});

describe('robustness over checkpoints', () => {
  const at = (step: number, mean: number): ComparedRobustness & { step: number } => ({
    ...model(String(step), [mean - 0.01, mean, mean + 0.01]),
    step,
  });

  it('falls from its highest step on, where the last is surely less', () => {
    assert.equal(fallsFrom([at(1, 0.4), at(2, 0.7), at(3, 0.6), at(4, 0.5)])?.step, 2);
  });

  it('does not fall where the last is the best, or hardly less', () => {
    assert.equal(fallsFrom([at(1, 0.4), at(2, 0.6), at(3, 0.7)]), null);
    assert.equal(fallsFrom([at(1, 0.4), at(2, 0.7), at(3, 0.695)]), null);
  });
});
