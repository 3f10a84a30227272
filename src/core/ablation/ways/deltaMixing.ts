import {
  gather,
  matMul,
  pad,
  reshape,
  stack,
  stridedSlice,
  tensor1d,
  tensor3d,
  transpose,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { alongAxes, type Convolution } from './deltaLinear';
import { part } from './siteChange';

/** The channels of a block's units: `[units · multiplier, samples, …positions]`. */
export interface ChannelBlock {
  readonly change: Tensor;
  readonly units: number;
  readonly samples: number;
  /** Channel of the whole value that each row of `change` is. */
  readonly channels: Int32Array;
}

/** Rows of a tensor by their number, without moving anything where they are neighbours. Call in a tidy. */
export function pick(x: Tensor, axis: number, rows: Int32Array): Tensor {
  const first = rows[0]!;
  const neighbours = rows.every((row, index) => row === first + index);
  return neighbours ? part(x, axis, first, rows.length) : gather(x, tensor1d(rows, 'int32'), axis);
}

/**
 * A dense operation over the last axis of a change in one channel a unit: an outer product.
 * @param rows the kernel as `[channels, 1, units of the operation]`
 * @returns `[pairs, …positions, units of the operation]`. Call in a tidy.
 */
export function mixDense(block: ChannelBlock, rows: Tensor): Tensor {
  const positions = block.change.shape.slice(2);
  const columns = reshape(block.change, [block.change.shape[0], 1, -1]);
  return product(block, columns, rows, positions);
}

/**
 * A dense operation on the flattened value.
 * @param rows the kernel as `[channels, positions, units of the operation]`
 * @returns `[pairs, units of the operation]`. Call in a tidy.
 */
export function mixFlat(block: ChannelBlock, rows: Tensor): Tensor {
  const [channels, samples] = block.change.shape as [number, number];
  const columns = transpose(reshape(block.change, [channels, samples, -1]), [0, 2, 1]);
  return product(block, columns, rows, []);
}

/**
 * A convolution of one channel a unit: a product of patches and window.
 * @param rows the kernel as `[channels, window, units of the operation]`
 * @param window sizes of the window
 * @returns `[pairs, …positions, units of the operation]`. Call in a tidy.
 */
export function mixConvolution(
  block: ChannelBlock,
  rows: Tensor,
  window: readonly number[],
  { strides, dilations, padding }: Convolution,
): Tensor {
  const axes = window.length;
  const step = alongAxes(strides, axes);
  const spacing = alongAxes(dilations, axes);
  const sizes = block.change.shape.slice(2);
  const reach = window.map((size, axis) => (size - 1) * spacing[axis]!);
  const margins = sizes.map((size, axis): [number, number] => {
    if (padding === 'causal') return [reach[axis]!, 0];
    if (padding === 'valid') return [0, 0];
    const total = Math.max((Math.ceil(size / step[axis]!) - 1) * step[axis]! + reach[axis]! + 1 - size, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  const padded = pad(block.change, [[0, 0], [0, 0], ...margins]);
  const room = sizes.map((size, axis) => size + margins[axis]![0] + margins[axis]![1] - reach[axis]!);
  const positions = room.map((size, axis) => Math.ceil(size / step[axis]!));
  const channels = block.change.shape[0];
  const taps = offsets(window).map((tap) => {
    const begin = tap.map((at, axis) => at * spacing[axis]!);
    const shifted = stridedSlice(
      padded,
      [0, 0, ...begin],
      [channels, block.samples, ...begin.map((from, axis) => from + room[axis]!)],
      [1, 1, ...step],
    );
    return reshape(shifted, [channels, -1]);
  });
  return product(block, stack(taps, 1), rows, positions);
}

/**
 * The change as a value of its own for every pair, 0 outside its channels.
 * @param channels channels of the whole value
 * @returns `[pairs, …positions, channels]`. Call in a tidy.
 */
export function spreadOut(block: ChannelBlock, channels: number): Tensor {
  const ones = new Float32Array(block.channels.length * channels);
  block.channels.forEach((channel, row) => (ones[row * channels + channel] = 1));
  const columns = reshape(block.change, [block.change.shape[0], 1, -1]);
  // Not oneHot: on WebAssembly it writes whole numbers, whatever type it is asked for.
  const places = tensor3d(ones, [block.units, block.channels.length / block.units, channels]);
  return placed(block, columns, places, block.change.shape.slice(2));
}

/** @param columns `[units · multiplier, taps, samples · positions]` */
function product(block: ChannelBlock, columns: Tensor, rows: Tensor, positions: readonly number[]): Tensor {
  const own = pick(rows, 0, block.channels);
  return placed(block, columns, reshape(own, [block.units, -1, rows.shape[2]!]), positions);
}

/** @param rows `[units, multiplier · taps, units of the operation]` */
function placed(block: ChannelBlock, columns: Tensor, rows: Tensor, positions: readonly number[]): Tensor {
  const left = reshape(columns, [block.units, rows.shape[1]!, columns.shape[2]!]);
  const mixed = matMul(left, rows, true);
  return reshape(mixed, [block.units * block.samples, ...positions, rows.shape[2]!]);
}

/** All places of a window, the last axis quickest. */
function offsets(window: readonly number[]): number[][] {
  let all: number[][] = [[]];
  for (const size of window) {
    all = all.flatMap((begun) => Array.from({ length: size }, (_, at) => [...begun, at]));
  }
  return all;
}
