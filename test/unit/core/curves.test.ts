import assert from 'node:assert/strict';
import fc from 'fast-check';
import { areaUnder, halfFraction, relativeArea } from '../../../src/core/ablation/curves/area';
import { percentilesWithin, randomOrder, rankedOrder } from '../../../src/core/ablation/curves/orders';
import { curvePoints } from '../../../src/core/ablation/curves/points';
import { summarize } from '../../../src/core/ablation/curves/summary';
import { halvesOf } from '../../../src/core/ablation/halves';
import { pairsOf, synergy, topRows } from '../../../src/core/ablation/pairs';
import { stratifiedOrder } from '../../../src/core/ablation/rounds';
import { fillGaussian } from '../../../src/core/gaussian';
import { NOISE_SCALES, type CurvePoint, type NoisePoint } from '../../../src/protocol/curves';
import { meanAndDeviation, meanCurves, meanNoise } from '../../../src/protocol/meanCurves';

describe('the points of a curve', () => {
  it('are round(i · units / points), both ends', () => {
    assert.deepEqual(curvePoints(1024, 4), [0, 256, 512, 768, 1024]);
    assert.deepEqual(curvePoints(10, 4), [0, 3, 5, 8, 10]);
  });

  it('are each number once where there are fewer units than points', () => {
    assert.deepEqual(curvePoints(3, 20), [0, 1, 2, 3]);
  });
});

describe('orders', () => {
  it('at random: every unit once, another order for every repeat and seed, the same for the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(20), (units, seed, repeat) => {
        const order = randomOrder(units, seed, repeat);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          [...order.keys()],
        );
        assert.deepEqual(randomOrder(units, seed, repeat), order);
      }),
    );
    assert.notDeepEqual(randomOrder(50, 1, 0), randomOrder(50, 1, 1));
    assert.notDeepEqual(randomOrder(50, 1, 0), randomOrder(50, 2, 0));
  });

  it('by a measure: ties by row in both directions, units without a value last in both', () => {
    const values = [0.2, NaN, 0.5, 0.2, -1];
    assert.deepEqual([...rankedOrder(values, 'ascending')], [4, 0, 3, 2, 1]);
    assert.deepEqual([...rankedOrder(values, 'descending')], [2, 0, 3, 4, 1]);
  });

  it('by percentile: within each site, equal values alike', () => {
    // Site one: 10, 30, 10, – of which three count; site two: 7, 5.
    const percentiles = percentilesWithin([10, 30, 10, NaN, 7, 5], [4, 2]);
    assert.deepEqual([...percentiles], [1 / 3, 5 / 6, 1 / 3, NaN, 0.75, 0.25]);
  });
});

describe('the area under a curve', () => {
  it('is by trapezoids', () => {
    assert.equal(areaUnder([0, 0.25, 1], [1, 0.6, 0.2]), 0.25 * 0.8 + 0.75 * 0.4);
  });

  it('is 1 relative to a curve that never falls, 0 for one at chance, and unknown at chance', () => {
    assert.equal(relativeArea(0.9, 0.9, 0.1), 1);
    assert.equal(relativeArea(0.1, 0.9, 0.1), 0);
    assert.equal(relativeArea(0.1, 0.1, 0.1), null);
  });

  it('finds where the curve is half way to chance, between points', () => {
    // Half way from 0.9 to 0.1 is 0.5, half way between the second and the third point.
    assert.ok(Math.abs(halfFraction([0, 0.2, 0.6, 1], [0.9, 0.8, 0.2, 0.1], 0.1)! - 0.4) < 1e-12);
    assert.equal(halfFraction([0, 1], [0.9, 0.8], 0.1), null);
    assert.equal(halfFraction([0, 1], [0.1, 0.1], 0.1), null);
  });

  it('has a standard deviation with n − 1, and none for one repeat', () => {
    assert.deepEqual(meanAndDeviation([1, 3]), { mean: 2, deviation: Math.SQRT2 });
    assert.deepEqual(meanAndDeviation([5]), { mean: 5, deviation: null });
  });

  it('is the mean over the repeats, with their spread', () => {
    const point = (repeat: number, fraction: number, accuracy: number): CurvePoint => ({
      model: 'm',
      data: 'test',
      sites: 'a+b',
      operator: 'zero',
      order: 'random',
      direction: '',
      repeat,
      units_ablated: 10 * fraction,
      fraction,
      accuracy,
      loss: 1,
    });
    const rows = [
      point(0, 0, 1),
      point(0, 0.5, 0.5),
      point(0, 1, 0.1),
      point(1, 0, 1),
      point(1, 0.5, 0.9),
      point(1, 1, 0.1),
    ];
    const [line, ...others] = summarize(rows, { test: 0.1, train: 0.5 });
    assert.equal(others.length, 0);
    // Areas 0.525 and 0.725.
    assert.ok(Math.abs(line!.auc - 0.625) < 1e-12);
    assert.ok(Math.abs(line!.auc_sd! - 0.2 / Math.SQRT2) < 1e-12);
    assert.ok(Math.abs(line!.auc_relative! - 0.525 / 0.9) < 1e-12);
    assert.deepEqual(
      meanCurves(rows).map(({ accuracy }) => accuracy.mean),
      [[1, 0.7, 0.1]],
    );
    assert.deepEqual(meanCurves(rows)[0]!.accuracy.repeats, [
      [1, 0.5, 0.1],
      [1, 0.9, 0.1],
    ]);
    assert.deepEqual(meanCurves(rows)[0]!.loss, {
      mean: [1, 1, 1],
      deviation: [0, 0, 0],
      repeats: [
        [1, 1, 1],
        [1, 1, 1],
      ],
    });
    // From 0.7 at 0.5 down to 0.1 at 1: 0.55 is a quarter of the way.
    assert.ok(Math.abs(line!.half_fraction! - 0.625) < 1e-12);
  });
});

describe('the half that orders are ranked on', () => {
  it('and the other share nothing, hold all samples, and have every class alike', () => {
    const labels = Int32Array.from({ length: 601 }, (_, i) => i % 10);
    const [first, second] = halvesOf(stratifiedOrder(labels, 3));
    assert.equal(new Set([...first, ...second]).size, 601);
    assert.deepEqual([first.length, second.length], [301, 300]);
    for (let label = 0; label < 10; label++) {
      const count = (half: Int32Array): number => half.filter((index) => labels[index] === label).length;
      assert.ok(Math.abs(count(first) - count(second)) <= 2, `class ${label}`);
    }
  });
});

describe('noise', () => {
  it('has 15 scales from 10^−1.5 to 10, evenly on a logarithmic axis', () => {
    assert.equal(NOISE_SCALES.length, 15);
    assert.ok(Math.abs(NOISE_SCALES[0]! - 10 ** -1.5) < 1e-12);
    assert.ok(Math.abs(NOISE_SCALES[14]! - 10) < 1e-12);
    const ratios = NOISE_SCALES.slice(1).map((scale, i) => scale / NOISE_SCALES[i]!);
    for (const ratio of ratios) assert.ok(Math.abs(ratio - ratios[0]!) < 1e-12);
  });

  it('is averaged over the repeats, also where the last one is not finished', () => {
    const row = (repeat: number, scale: number, accuracy: number): NoisePoint => ({
      model: 'm',
      sites: 'a',
      scale,
      repeat,
      accuracy,
      loss: 2 * accuracy,
    });
    const mean = meanNoise([row(0, 0.1, 0.75), row(0, 1, 0.5), row(1, 0.1, 0.25)]);
    assert.deepEqual(mean.scales, [0.1, 1]);
    assert.deepEqual(mean.accuracy.mean, [0.5, 0.5]);
    assert.deepEqual(mean.accuracy.deviation, [Math.SQRT1_2 / 2, null]);
    assert.deepEqual(mean.accuracy.repeats, [[0.75, 0.5], [0.25]]);
    assert.deepEqual(mean.loss.mean, [1, 1]);
    assert.deepEqual(meanNoise([]).scales, []);
  });

  it('is standard normal: moments, tails and neighbours', () => {
    const n = 400_000;
    const values = new Float32Array(n);
    fillGaussian(values, 12);
    const mean = (f: (x: number, i: number) => number): number =>
      values.reduce((sum, x, i) => sum + f(x, i), 0) / n;
    assert.ok(Math.abs(mean((x) => x)) < 0.006);
    assert.ok(Math.abs(mean((x) => x * x) - 1) < 0.01);
    assert.ok(Math.abs(mean((x) => x ** 3)) < 0.03);
    assert.ok(Math.abs(mean((x) => x ** 4) - 3) < 0.08);
    assert.ok(Math.abs(mean((x, i) => x * values[(i + 1) % n]!)) < 0.006);
    // Shares beyond 0.5, 1, 2, 3 and 3.6 standard deviations; the last is in the tail of the ziggurat.
    for (const [beyond, share] of [
      [0.5, 0.617075],
      [1, 0.317311],
      [2, 0.0455],
      [3, 0.0027],
      [3.6, 0.000318],
    ] as const) {
      const seen = mean((x) => Number(Math.abs(x) > beyond));
      assert.ok(Math.abs(seen - share) < 5 * Math.sqrt(share / n), `${seen} beyond ${beyond}`);
    }
  });

  it('belongs to its seed alone', () => {
    const [a, b, c] = [new Float32Array(100), new Float32Array(100), new Float32Array(100)];
    fillGaussian(a, 5);
    fillGaussian(c, 6);
    fillGaussian(b, 5);
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
  });
});

describe('pairs', () => {
  it('are of the units that raise the loss most, ties by row, unknown ones left out', () => {
    assert.deepEqual(topRows(Float64Array.of(0.1, NaN, 0.5, 0.5, 0.2), 3), [2, 3, 4]);
  });

  it('come each once', () => {
    assert.deepEqual(pairsOf(['a', 'b', 'c']), [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
  });

  it('back each other up where both do more harm than each alone', () => {
    assert.equal(synergy(1, 0.25, 0.25), 0.5);
    assert.equal(synergy(0.25, 0.25, 0.25), -0.25);
  });
});
