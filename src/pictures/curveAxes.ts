import type { Curve, Tick } from './curves';
import type { Point } from './surface';

/** Values from `low` to `high`, which an axis shows from 0 to 1. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Where a value lies on an axis, 0 … 1 within its span. */
export function placeOn({ low, high }: Span, value: number): number {
  return high > low ? (value - low) / (high - low) : 0;
}

/** The step of 1, 2 or 5 times a power of ten with which a span has at most so many ticks. */
function stepOf({ low, high }: Span, most: number): number {
  const least = (high - low) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** A span widened to whole steps, so that it begins and ends at a tick. */
export function wholeSteps(span: Span, most: number): Span {
  if (!(span.high > span.low)) return { low: span.low, high: span.low + 1 };
  const step = stepOf(span, most);
  return {
    low: Math.floor(span.low / step + 1e-9) * step,
    high: Math.ceil(span.high / step - 1e-9) * step,
  };
}

/** Round values within a span, at most so many, with their texts. */
export function ticksOn(span: Span, most: number, text: (value: number, step: number) => string): Tick[] {
  const step = stepOf(span, most);
  const first = Math.ceil(span.low / step - 1e-9);
  const last = Math.floor(span.high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { at: placeOn(span, value), text: text(value, step) };
  });
}

/** Where any of some curves was measured, left to right, each place once. */
export function measuredPlaces(curves: readonly Pick<Curve, 'points'>[]): number[] {
  const places = curves.flatMap(({ points }) => points.map(([x]) => x)).sort((a, b) => a - b);
  return places.filter((x, i) => i === 0 || x - places[i - 1]! > 1e-9);
}

/** Index of the place next to `x`, −1 where there is none; places go up. */
export function nearestPlace(places: readonly number[], x: number): number {
  let best = -1;
  for (const [i, place] of places.entries()) {
    if (best < 0 || Math.abs(place - x) < Math.abs(places[best]! - x)) best = i;
  }
  return best;
}

/** Height of a curve at `x`, as it is drawn between its points; null beside its ends. */
export function readAt(points: readonly Point[], x: number): number | null {
  const after = points.findIndex(([at]) => at >= x - 1e-9);
  const right = points[after];
  if (right === undefined) return null;
  if (Math.abs(right[0] - x) <= 1e-9) return right[1];
  const left = points[after - 1];
  if (left === undefined) return null;
  return left[1] + ((x - left[0]) / (right[0] - left[0])) * (right[1] - left[1]);
}
