import { mul, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import type { Substitution } from '../network/program';

/**
 * Clamps units to zero: multiplies the last axis by 0 at these units and by 1 elsewhere, which leaves every
 * other value exactly as it is.
 * @param units size of the last axis
 */
export function zeroUnits(units: number, deleted: Iterable<number>): Substitution {
  const keep = new Float32Array(units).fill(1);
  for (const unit of deleted) keep[unit] = 0;
  return (output: Tensor) => mul(output, tensor1d(keep));
}
