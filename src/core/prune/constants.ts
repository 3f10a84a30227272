import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Network, Operation } from '../network/network';
import type { LostUnits } from '../network/withoutUnits';
import { channelMaps, widthOf, type ValueShapes } from './channels';

/** What of an operation's value is the same for every sample. */
export interface Constants {
  /** `[channels]`: 1 where the channel is. */
  readonly mask: Uint8Array;
  /** `[…positions, channels]` in row-major order; 0 in the other channels. */
  readonly values: Float32Array;
}

/**
 * What is constant in a network some of whose units are clamped for good, followed from the clamps through all that
 * works on each channel by itself, by running it. Of an operation whose units are clamped: after clamping.
 * @returns by operation id; those without a constant are not in it
 */
export function constantValues(
  network: Network,
  lost: ReadonlyMap<string, LostUnits>,
  shapes: ValueShapes,
): ReadonlyMap<string, Constants> {
  const found = new Map<string, Constants>();
  for (const operation of network.operations) {
    const carried = carriedConstants(operation, found, shapes);
    const clamp = lost.get(operation.id);
    const constants = clamp === undefined ? carried : clamped(carried, clamp, shapes.get(operation.id)!);
    if (constants !== null) found.set(operation.id, constants);
  }
  return found;
}

/** What an operation makes of constants alone, 0 standing in all other channels. */
export function runOnConstants(
  operation: Operation,
  constants: ReadonlyMap<string, Constants>,
  shapes: ValueShapes,
): Float32Array {
  return tidy(() => {
    const inputs = operation.inputs.map((id): Tensor => {
      const shape = shapes.get(id)!;
      const size = shape.reduce((product, axis) => product * axis, 1);
      return tensor(constants.get(id)?.values.slice() ?? new Float32Array(size), [...shape]);
    });
    return operation.run(inputs).dataSync<'float32'>().slice();
  });
}

function carriedConstants(
  operation: Operation,
  constants: ReadonlyMap<string, Constants>,
  shapes: ValueShapes,
): Constants | null {
  if (!shapes.has(operation.id) || !operation.inputs.some((id) => constants.has(id))) return null;
  const maps = channelMaps(operation, shapes);
  if (maps === null) return null;
  const mask = new Uint8Array(widthOf(shapes, operation.id)).map((_, channel) =>
    maps.every(({ input, from }) => {
      const at = from[channel]!;
      return at < 0 || constants.get(input)?.mask[at] === 1;
    })
      ? 1
      : 0,
  );
  if (!mask.includes(1)) return null;
  return only(mask, runOnConstants(operation, constants, shapes));
}

function clamped(carried: Constants | null, lost: LostUnits, shape: readonly number[]): Constants {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const spread = spreadOver(lost, shape);
  const width = lost.mask.length;
  const mask = new Uint8Array(width).map((_, c) => (lost.mask[c] === 1 || carried?.mask[c] === 1 ? 1 : 0));
  const values = new Float32Array(size).map((_, at) =>
    lost.mask[at % width] === 1 ? spread[at]! : (carried?.values[at] ?? 0),
  );
  return only(mask, values);
}

/** What units are clamped to, at every position: `[…shape]`. */
export function spreadOver({ shape: own, values }: LostUnits, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, axis) => product * axis, 1);
  return new Float32Array(size).map((_, at) => {
    let left = at;
    let place = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = left % shape[axis]!;
      left = Math.floor(left / shape[axis]!);
      place += own[axis] === 1 ? 0 : index * step;
      step *= own[axis]!;
    }
    return values[place]!;
  });
}

function only(mask: Uint8Array, values: Float32Array): Constants {
  return { mask, values: values.map((value, at) => (mask[at % mask.length] === 1 ? value : 0)) };
}
