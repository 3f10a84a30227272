import {
  add,
  mul,
  reshape,
  slice,
  sub,
  tensor,
  tidy,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import type { Substitution } from '../network/program';
import type { Site } from '../network/sites';

/** What a site's units are clamped to, fixed for a run by pass 0 (science.md, "Operators"). */
export type Clamp =
  | {
      readonly kind: 'constant';
      /** `[1, …site.shape]`, with axes of 1 where all along them is alike. */
      readonly shape: readonly number[];
      readonly values: Float32Array;
    }
  | {
      readonly kind: 'donors';
      readonly draws: number;
      /** For each sample the one whose activation it gets. */
      donors(samples: Int32Array, draw: number): Int32Array;
    };

/** The clamp of the operator `zero`. */
export function zeroClamp(site: Site): Clamp {
  const shape = [1, ...site.shape.map(() => 1)];
  return { kind: 'constant', shape, values: new Float32Array(1) };
}

/** How many times each sample is ablated. */
export function drawsOf(clamp: Clamp): number {
  return clamp.kind === 'donors' ? clamp.draws : 1;
}

/** Is every unit clamped to 0? */
export function isZero(clamp: Clamp): boolean {
  return clamp.kind === 'constant' && clamp.values.every((value) => value === 0);
}

/** A constant clamp as a tensor; the caller disposes it. */
export function constantTensor(clamp: Clamp & { kind: 'constant' }): Tensor {
  return tensor(clamp.values, [...clamp.shape]);
}

/**
 * Clamps units: x · (1 − mask) + replacement · mask, which leaves what is not clamped exactly as it is.
 * Where the site is recurrent the substitution is called at every step with the state of that step.
 * @param mask `[1 or rows, units]`: 1 where clamped, else 0; belongs to the caller, as `replacement` does
 * @param replacement `[1 or rows, …site.shape]`, axes of 1 where all along them is alike; null: 0
 */
export function clampUnits(mask: Tensor, replacement: Tensor | null): Substitution {
  return (output, step) =>
    tidy(() => {
      const spread = reshape(mask, [
        mask.shape[0],
        ...output.shape.slice(1, -1).map(() => 1),
        mask.shape[1]!,
      ]);
      const kept = mul(output, sub(1, spread));
      if (replacement === null) return kept;
      const at = step === undefined ? replacement : stepOf(replacement, step);
      return add(kept, mul(at, spread));
    });
}

/** `[rows, time, units]` → `[rows, units]` at one step; an axis of 1 is alike at all steps. */
function stepOf(replacement: Tensor, step: number): Tensor {
  const [rows, steps, units] = (replacement as Tensor3D).shape;
  return reshape(slice(replacement, [0, steps === 1 ? 0 : step, 0], [rows, 1, units]), [rows, units]);
}
