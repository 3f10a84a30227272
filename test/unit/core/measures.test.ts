import assert from 'node:assert/strict';
import fc from 'fast-check';
import { baselineOf, isNearChance, skewText } from '../../../src/core/measures/baseline';
import {
  benjaminiHochberg,
  drawnInterval,
  drawnTest,
  mcnemarExact,
  pairedInterval,
} from '../../../src/core/measures/pairedInterval';
import { NEAR_TIE_BOUND, score } from '../../../src/core/measures/scoring';
import { classSelectivity } from '../../../src/core/measures/selectivity';
import type { Head } from '../../../src/core/network/network';

const close = (actual: number, expected: number, within = 1e-9): void => {
  assert.ok(Math.abs(actual - expected) <= within, `${String(actual)} is not ${String(expected)}`);
};

describe('paired interval', () => {
  it('is Bonett and Price’s, worked by hand for 10 and 2 changes among 100', () => {
    const { low, high } = pairedInterval(10, 2, 100);
    close(low, 0.0081638, 1e-6);
    close(high, 0.148699, 1e-6);
  });

  it('is symmetric in the direction of the change and holds zero when nothing changed', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.nat(5000), (b, c, more) => {
        const n = b + c + more + 1;
        const one = pairedInterval(b, c, n);
        const other = pairedInterval(c, b, n);
        close(one.low, -other.high);
        close(one.high, -other.low);
        assert.ok(one.low >= -1 && one.high <= 1 && one.low < one.high);
      }),
    );
    const still = pairedInterval(0, 0, 1000);
    assert.ok(still.low < 0 && still.high > 0);
  });
});

describe('a mean over draws', () => {
  it('is tested as its interval is made', () => {
    // Ten samples, of which k differ by 1: worked out with the normal distribution's tables.
    const n = 10;
    close(drawnTest(4, 4, n), 0.014306, 2e-6);
    assert.equal(drawnTest(0, 0, n), 1);
    close(drawnTest(0, 6, n), 1, 1e-6);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 40 }), (nets) => {
        const sum = nets.reduce((total, net) => total + net / 5, 0);
        const squares = nets.reduce((total, net) => total + (net / 5) ** 2, 0);
        const p = drawnTest(sum, squares, nets.length);
        if (squares === 0 || Math.abs(p - 0.05) < 1e-6) return;
        const { low, high } = drawnInterval(sum, squares, nets.length);
        assert.equal(p < 0.05, low > 0 || high < 0);
      }),
    );
  });
});

describe('exact McNemar test', () => {
  it('equals twice the binomial tail', () => {
    close(mcnemarExact(10, 2), 158 / 4096);
    close(mcnemarExact(2, 10), 158 / 4096);
    close(mcnemarExact(5, 0), 2 / 32);
    assert.equal(mcnemarExact(0, 0), 1);
    assert.equal(mcnemarExact(7, 7), 1);
  });

  it('equals the sum of all tail terms for any counts', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), (b, c) => {
        let term = 1;
        let tail = 0;
        for (let k = 0; k <= Math.min(b, c); k++) {
          tail += term;
          term = (term * (b + c - k)) / (k + 1);
        }
        close(mcnemarExact(b, c), Math.min(1, (2 * tail) / 2 ** (b + c)), 1e-12);
      }),
    );
  });

  it('neither overflows nor loses the small tail of large counts', () => {
    const p = mcnemarExact(60000, 55000);
    assert.ok(p > 0 && p < 1e-40);
  });
});

describe('Benjamini and Hochberg', () => {
  it('rejects every hypothesis up to the last one under its line', () => {
    assert.deepEqual(benjaminiHochberg([0.5, 0.01, 0.04, 0.03, 0.02], 0.05), [false, true, true, true, true]);
    assert.deepEqual(benjaminiHochberg([0.03, 0.04], 0.05), [true, true]);
    assert.deepEqual(benjaminiHochberg([0.03, 0.6], 0.05), [false, false]);
    assert.deepEqual(benjaminiHochberg([], 0.05), []);
  });
});

describe('class selectivity index', () => {
  it('compares the largest class mean with the mean of the others', () => {
    const { index, preferred } = classSelectivity([1, 4, 2]);
    close(index, (4 - 1.5) / (4 + 1.5));
    assert.equal(preferred, 1);
  });

  it('is 1 for a unit of one class, 0 for a silent one, undefined where sums are not positive', () => {
    assert.equal(classSelectivity([0, 3, 0]).index, 1);
    assert.deepEqual(classSelectivity([0, 0]), { index: 0, preferred: -1 });
    assert.ok(Number.isNaN(classSelectivity([-3, 1]).index));
  });

  it('leaves out classes without samples', () => {
    const { index, preferred } = classSelectivity([NaN, 1, 3]);
    close(index, 0.5);
    assert.equal(preferred, 2);
    assert.ok(Number.isNaN(classSelectivity([NaN, 1]).index));
  });
});

describe('scoring', () => {
  const head = (kind: Head['kind'], classes: number): Head => ({ kind, classes, scores: 's', output: 'o' });

  it('takes the lowest index on a tie and the loss from the logits', () => {
    const { predicted, loss, nearTies } = score(
      head('softmax', 3),
      Float32Array.of(2, 2, 0, 1000, 0, -1000),
      Int32Array.of(1, 1),
    );
    assert.deepEqual([...predicted], [0, 0]);
    close(loss[0]!, Math.log(2 * Math.exp(2) + 1) - 2);
    close(loss[1]!, 1000);
    assert.deepEqual(nearTies, [0]);
  });

  it('reads one sigmoid output as two classes', () => {
    const { predicted, loss, nearTies } = score(
      head('sigmoid', 2),
      Float32Array.of(0, 3, -200, 200),
      Int32Array.of(1, 0, 0, 0),
    );
    assert.deepEqual([...predicted], [0, 1, 0, 1]);
    close(loss[0]!, Math.LN2);
    close(loss[1]!, Math.log1p(Math.exp(3)));
    close(loss[2]!, 0);
    close(loss[3]!, 200);
    assert.deepEqual(nearTies, [0]);
  });

  it('clips probabilities', () => {
    const { loss } = score(head('probabilities', 2), Float32Array.of(1, 0), Int32Array.of(1));
    close(loss[0]!, -Math.log(1e-7));
  });

  it('calls a tie near in proportion to the scores', () => {
    const gap = NEAR_TIE_BOUND * 50;
    const near = (top: number): number[] =>
      score(head('logits', 2), Float32Array.of(top, top - gap), Int32Array.of(0)).nearTies;
    assert.deepEqual(near(1), []);
    assert.deepEqual(near(100), [0]);
  });
});

describe('baseline', () => {
  const indices = Int32Array.of(0, 1, 2, 3);
  const labels = Int32Array.of(0, 0, 0, 1);

  it('counts per class and leaves empty what has no samples', () => {
    const baseline = baselineOf(indices, labels, Int32Array.of(0, 0, 1, 1), Float64Array.of(1, 2, 3, 4), [
      'a',
      'b',
      'c',
    ]);
    assert.equal(baseline.correct, 3);
    close(baseline.loss, 2.5);
    close(baseline.balanced_accuracy, (2 / 3 + 1) / 2);
    assert.deepEqual(baseline.per_class[2], {
      class: 'c',
      samples: 0,
      correct: 0,
      recall: null,
      precision: null,
    });
    assert.deepEqual(baseline.per_class[1], {
      class: 'b',
      samples: 1,
      correct: 1,
      recall: 1,
      precision: 0.5,
    });
  });

  it('says where classes are skewed, and what the largest one alone would give', () => {
    const skew = (counts: readonly number[]): string | null => {
      const labels = Int32Array.from(counts.flatMap((count, c) => new Array<number>(count).fill(c)));
      const indices = labels.map((_, n) => n);
      // Right on the first class only.
      const predicted = new Int32Array(labels.length);
      const names = ['cat', 'dog', 'bird'];
      return skewText(baselineOf(indices, labels, predicted, new Float64Array(labels.length), names));
    };
    assert.equal(skew([30, 10, 10]), null);
    assert.equal(skew([9, 1, 1]), null, 'too few to tell');
    assert.equal(skew([30, 30, 0]), null, 'a class without samples is left out');
    assert.equal(
      skew([80, 15, 5]),
      'The classes are skewed: 80 of 100 samples are cat, 5 are bird. Always naming cat would be right on 80.0 %; ' +
        'balanced accuracy, 33.3 % beside an accuracy of 80.0 %, counts every class alike.',
    );
  });

  it('sees that naming the largest class is no skill', () => {
    const many = Int32Array.from({ length: 1000 }, (_, i) => i);
    const skewed = many.map((i) => (i % 10 === 0 ? 1 : 0));
    const of = (predicted: Int32Array): boolean =>
      isNearChance(baselineOf(many, skewed, predicted, new Float64Array(1000), ['a', 'b']));
    assert.equal(of(new Int32Array(1000)), true);
    assert.equal(of(skewed), false);
  });
});
