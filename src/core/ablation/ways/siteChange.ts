import { abs, greater, max, slice, sub, tidy, transpose, type Tensor } from '@tensorflow/tfjs-core';

/** Part of an axis; an axis of size 1 stands for all and stays. */
export function part(x: Tensor, axis: number, first: number, size: number): Tensor {
  const whole = x.shape[axis] ?? 1;
  if (whole === 1 || (first === 0 && size === whole)) return x;
  const begin = x.shape.map((_, a) => (a === axis ? first : 0));
  return slice(
    x,
    begin,
    x.shape.map((length, a) => (a === axis ? size : length)),
  );
}

/**
 * By how much clamping changes each unit: replacement − value.
 * @param value the site's value `[samples, …positions, channels]`
 * @param replacement broadcastable to it
 * @returns `[samples, …positions, units]`, new
 */
export function changeAt(value: Tensor, replacement: Tensor, first: number, units: number): Tensor {
  const last = value.shape.length - 1;
  return tidy(() => sub(part(replacement, last, first, units), part(value, last, first, units)));
}

/**
 * Which pairs change at all.
 * @param change `[samples, …positions, units]`
 * @returns `[units, samples]`: 1 or 0
 */
export function changingPairs(change: Tensor): Uint8Array {
  const mask = tidy(() => {
    const positions = change.shape.slice(1, -1).map((_, axis) => axis + 1);
    const largest = positions.length === 0 ? abs(change) : max(abs(change), positions);
    return transpose(greater(largest, 0), [1, 0]);
  });
  const values = Uint8Array.from(mask.dataSync());
  mask.dispose();
  return values;
}
