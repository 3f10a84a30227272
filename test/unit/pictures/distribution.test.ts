import assert from 'node:assert/strict';
import fc from 'fast-check';
import { axisOf } from '../../../src/pictures/axis';
import { binShares, distributionPlot, sharesBelow } from '../../../src/pictures/distribution';
import { paperTheme } from '../../../src/pictures/theme';

const texts = { title: '', xLabel: 'x', yLabel: 'y', share: (share: number) => `${100 * share} %` };

describe('distributions of two runs on one axis', () => {
  it('gives the share of the known values in each bin', () => {
    const values = Float64Array.of(0, 0.1, 0.9, NaN, 1);
    assert.deepEqual([...binShares({ low: 0, high: 1 }, values, 2)], [0.5, 0.5]);
    assert.deepEqual([...binShares({ low: 0, high: 1 }, Float64Array.of(NaN), 2)], [0, 0]);
  });

  it('gives the share that is at most so much, as counting one by one does', () => {
    const numbers = fc.array(fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.constant(NaN)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(numbers, (list) => {
        const known = list.filter((value) => !Number.isNaN(value));
        const shares = sharesBelow({ low: -2, high: 2 }, Float64Array.from(list), 9);
        shares.forEach((share, i) => {
          const below = known.filter((value) => value <= -2 + i / 2).length;
          assert.equal(share, known.length === 0 ? 0 : below / known.length);
        });
      }),
    );
  });

  it('draws bins as high as the root of their share, with marks that say the share', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i < 64 ? 0 : i < 100 ? 1 : 0));
    const axis = axisOf([0, 1], { log: false, factor: 1, ticks: 4 });
    const plot = distributionPlot([{ name: 'a', values }], 'histogram', axis, texts, paperTheme);
    const heights = (plot.curves[0]?.points ?? []).map(([, y]) => y);
    assert.equal(Math.max(...heights), 1);
    assert.ok(heights.some((y) => Math.abs(y - Math.sqrt(0.36 / 0.64)) < 1e-12));
    const half = plot.yTicks.find(({ text }) => text === '50 %');
    assert.ok(half !== undefined && Math.abs(half.at - Math.sqrt(0.5 / 0.64)) < 1e-12);
    assert.ok(plot.curves[0]?.points.every(([x, y]) => x >= 0 && x <= 1 && y >= 0 && y <= 1));
  });

  it('gives each run a colour and a dash of its own, and ends cumulative lines at the top', () => {
    const axis = axisOf([0, 1], { log: false, factor: 1, ticks: 4 });
    const series = ['a', 'b'].map((name) => ({ name, values: Float64Array.of(0.2, 0.4) }));
    const { curves } = distributionPlot(series, 'cumulative', axis, texts, paperTheme);
    assert.deepEqual(curves.map(({ colour, dash, band }) => [colour, dash, band]), [[0, 0, null], [1, 1, null]]); // prettier-ignore
    assert.deepEqual(curves.map(({ points }) => points.at(-1)), [[1, 1], [1, 1]]); // prettier-ignore
  });
});
