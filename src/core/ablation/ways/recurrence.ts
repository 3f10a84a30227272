import { add, mul, reshape, sub, tensor2d, tile, type Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../../network/network';
import { part } from './siteChange';

/**
 * `[units, of]`: 0 at the unit clamped, 1 elsewhere.
 * @param clamped the unit of each row
 */
export function keepMask(clamped: Int32Array, of: number): Tensor {
  const keep = new Float32Array(clamped.length * of).fill(1);
  clamped.forEach((unit, row) => {
    keep[row * of + unit] = 0;
  });
  return tensor2d(keep, [clamped.length, of]);
}

/**
 * Puts the replacement at one unit of each row of pairs, exactly.
 * @param x `[units · samples, …positions, channels]`
 * @param replacement `[1 or samples, …]`, broadcastable
 * @param keep `[units, channels]`, see {@link keepMask}. Call in a tidy.
 */
export function clamped(x: Tensor, replacement: Tensor, keep: Tensor): Tensor {
  const units = keep.shape[0];
  const mask = reshape(keep, [units, ...x.shape.slice(1).map(() => 1), -1]);
  const given = reshape(replacement, [1, ...replacement.shape]);
  const own = mul(reshape(x, [units, -1, ...x.shape.slice(1)]), mask);
  return reshape(add(own, mul(given, sub(1, mask))), x.shape);
}

/** Samples repeated for so many units, pair = unit · samples + sample. Call in a tidy. */
export function stackUnits(x: Tensor, units: number): Tensor {
  return tile(x, [units, ...x.shape.slice(1).map(() => 1)]);
}

/**
 * Runs a recurrent operation with one unit clamped at every step, for each of some units.
 * @param inputs of some samples
 * @param replacement `[1 or samples, 1 or time, 1 or units]`
 * @param units the unit of each row of pairs
 * @returns the states of all steps, `[units · samples, time, units of the operation]`. Call in a tidy.
 */
export function clampedLoop(
  operation: Operation,
  inputs: readonly Tensor[],
  replacement: Tensor,
  units: Int32Array,
): Tensor {
  const width = operation.shape.at(-1);
  if (operation.loop === undefined || typeof width !== 'number') {
    throw new Error(`${operation.id} is not recurrent`);
  }
  const keep = keepMask(units, width);
  const [samples, , channels] = replacement.shape as [number, number, number];
  return operation.loop(
    inputs.map((input) => stackUnits(input, units.length)),
    (state, step) => clamped(state, reshape(part(replacement, 1, step, 1), [samples, channels]), keep),
  );
}
