import type { Operation } from '../network/network';
import { widthOf, type ValueShapes } from './channels';
import { runOnConstants, type Constants } from './constants';

/** What an operation that mixes channels does without those of its input that are constant. */
export interface Folding {
  /** `[input channels]`: 1 where the rows of the kernel can be 0, or gone. */
  readonly rows: Uint8Array;
  /** `[units]`: the bias that makes up for it; null: as it was. */
  readonly bias: Float32Array | null;
}

/** How much of the largest value two positions may differ by, the order of adding up being another. */
const ROUNDING = 1e-6;

/**
 * Folds constants into the bias of a dense layer or a convolution. What is 0 throughout needs none; the others can be
 * folded where they give the same at every position, which they do not beside padding.
 */
export function foldingOf(
  operation: Operation,
  constants: ReadonlyMap<string, Constants>,
  shapes: ValueShapes,
): Folding {
  const input = operation.inputs[0]!;
  const known = constants.get(input);
  const channels = widthOf(shapes, input);
  if (known === undefined) return { rows: new Uint8Array(channels), bias: null };
  const zero = known.mask.map((one, channel) => (one === 1 && isZero(known, channel) ? 1 : 0));
  if (zero.every((one, channel) => one === known.mask[channel])) return { rows: zero, bias: null };
  if (operation.algebra.kind === 'recurrent') return { rows: zero, bias: null };
  const made = runOnConstants(operation, constants, shapes);
  const bias = sameEverywhere(made, widthOf(shapes, operation.id));
  return bias === null ? { rows: zero, bias: null } : { rows: known.mask, bias };
}

function isZero({ values, mask }: Constants, channel: number): boolean {
  for (let at = channel; at < values.length; at += mask.length) if (values[at] !== 0) return false;
  return true;
}

/**
 * The one value of each channel; null where it is another at some position.
 * @param rounding share of the largest value that two may differ by
 */
export function sameEverywhere(
  values: Float32Array,
  width: number,
  rounding = ROUNDING,
): Float32Array | null {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const first = values.slice(0, width);
  const differs = values.some((value, at) => Math.abs(value - first[at % width]!) > rounding * largest);
  return differs ? null : first;
}
