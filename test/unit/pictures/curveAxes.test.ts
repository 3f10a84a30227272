import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  measuredPlaces,
  nearestPlace,
  placeOn,
  readAt,
  ticksOn,
  wholeSteps,
} from '../../../src/pictures/curveAxes';
import type { Point } from '../../../src/pictures/surface';

const text = (value: number): string => value.toFixed(2);

describe('the axes of curves', () => {
  it('have round ticks, at most so many, each at its value', () => {
    const span = { low: 0.1, high: 1 };
    assert.deepEqual(
      ticksOn(span, 6, text).map((tick) => tick.text),
      ['0.20', '0.40', '0.60', '0.80', '1.00'],
    );
    assert.ok(Math.abs(ticksOn(span, 6, text)[0]!.at - 0.1 / 0.9) < 1e-12);
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: 2, max: 9 }),
        (high, most) => {
          const ticks = ticksOn({ low: 0, high }, most, text);
          assert.ok(ticks.length >= 1 && ticks.length <= most, `${ticks.length} of ${most}`);
          for (const { at } of ticks) assert.ok(at >= -1e-9 && at <= 1 + 1e-9);
        },
      ),
    );
  });

  it('are widened to whole steps, and never empty', () => {
    const { low, high } = wholeSteps({ low: 0.113, high: 0.98 }, 6);
    assert.deepEqual([low, high], [0, 1]);
    assert.deepEqual(wholeSteps({ low: 0, high: 2.31 }, 6), { low: 0, high: 2.5 });
    assert.deepEqual(wholeSteps({ low: 3, high: 3 }, 6), { low: 3, high: 4 });
    assert.equal(placeOn({ low: 0.5, high: 1 }, 0.75), 0.5);
  });
});

describe('reading curves at a cursor', () => {
  const first: readonly Point[] = [
    [0, 1],
    [0.5, 0.5],
    [1, 0.25],
  ];
  const second: readonly Point[] = [
    [0.25, 0.8],
    [0.75, 0.4],
  ];

  it('goes to the places where any was measured', () => {
    const places = measuredPlaces([{ points: first }, { points: second }, { points: first }]);
    assert.deepEqual(places, [0, 0.25, 0.5, 0.75, 1]);
    assert.equal(nearestPlace(places, 0.63), 3);
    assert.equal(nearestPlace(places, 7), 4);
    assert.equal(nearestPlace([], 0.5), -1);
  });

  it('gives what was measured there, between points what is drawn, and nothing beside the ends', () => {
    assert.equal(readAt(first, 0.5), 0.5);
    assert.equal(readAt(first, 0.25), 0.75);
    assert.ok(Math.abs(readAt(second, 0.5)! - 0.6) < 1e-12);
    assert.equal(readAt(second, 0), null);
    assert.equal(readAt(second, 1), null);
    assert.equal(readAt([], 0), null);
  });
});
