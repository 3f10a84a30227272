import { reshape, sub, transpose, type Tensor } from '@tensorflow/tfjs-core';

/**
 * A change of all pairs of a block, pair = unit · samples + sample.
 * `batch`: `[pairs, …positions, channels]` · `positions`: `[height, width, pairs, channels]`, so that what works
 * along positions (Winograd's transforms) is a matrix product and nothing has to be moved.
 */
export interface Full {
  readonly value: Tensor;
  readonly layout: 'batch' | 'positions';
  /** The value is flat, `[pairs, height · width · channels]`, though it is still laid out by its positions. */
  readonly flat?: boolean;
  /**
   * The change is `value − less`, `[samples, …positions, channels]`, the same for every unit. So rectifiers and linear
   * operations that follow each other take no difference. Only with `batch`.
   */
  readonly less?: Tensor;
}

/** The change itself, the difference taken. Call in a tidy. */
export function settled(x: Full): Full {
  const { value, layout, less } = x;
  if (less === undefined) return x;
  const change = sub(reshape(value, [value.shape[0] / less.shape[0], -1]), reshape(less, [1, -1]));
  return { value: reshape(change, value.shape), layout };
}

/** The value as operations take it, `[pairs, …positions, channels]`. Call in a tidy. */
export function asBatch({ value, layout, flat }: Full): Tensor {
  if (layout === 'batch') return value;
  const [height, width, pairs, channels] = value.shape as [number, number, number, number];
  const moved = transpose(reshape(value, [height * width, pairs, channels]), [1, 0, 2]);
  return reshape(moved, flat === true ? [pairs, -1] : [pairs, height, width, channels]);
}

/** The value with its two axes of positions first. Call in a tidy. */
export function asPositions({ value, layout }: Full): Tensor {
  if (layout === 'positions') return value;
  const [pairs, height, width, channels] = value.shape as [number, number, number, number];
  const moved = transpose(reshape(value, [pairs, height * width, channels]), [1, 0, 2]);
  return reshape(moved, [height, width, pairs, channels]);
}
