import {
  conv1d,
  conv2d,
  conv3d,
  depthwiseConv2d,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
} from '@tensorflow/tfjs-core';
import { padCausally } from '../../network/causal';
import type { Algebra } from '../../network/network';

export type Convolution = Extract<Algebra, { kind: 'convolution' }>;
export type Depthwise = Extract<Algebra, { kind: 'depthwise' }>;

/** One size a spatial axis, whether given once or for each. */
export function alongAxes(sizes: readonly number[], axes: number): number[] {
  return Array.from({ length: axes }, (_, axis) => sizes[axis] ?? sizes[0] ?? 1);
}

/** The depthwise convolution without its bias; `[samples, height, width, channels]`. */
export function depthwise(x: Tensor, kernel: Tensor, { strides, dilations, padding }: Depthwise): Tensor {
  const [down, across] = alongAxes(strides, 2) as [number, number];
  const [tall, wide] = alongAxes(dilations, 2) as [number, number];
  return depthwiseConv2d(
    x as Tensor4D,
    kernel as Tensor4D,
    [down, across],
    padding === 'same' ? 'same' : 'valid',
    'NHWC',
    [tall, wide],
  );
}

/**
 * The convolution without its bias.
 * @param x `[samples, …positions, channels]`, one to three axes of positions
 */
export function convolve(x: Tensor, kernel: Tensor, { strides, dilations, padding }: Convolution): Tensor {
  const axes = x.shape.length - 2;
  const step = alongAxes(strides, axes) as [number, number, number];
  const spacing = alongAxes(dilations, axes) as [number, number, number];
  const how = padding === 'same' ? 'same' : 'valid';
  if (axes === 3) return conv3d(x as Tensor5D, kernel as Tensor5D, step, how, 'NDHWC', spacing);
  if (axes === 2) {
    return conv2d(x as Tensor4D, kernel as Tensor4D, [step[0], step[1]], how, 'NHWC', [
      spacing[0],
      spacing[1],
    ]);
  }
  const padded = padding === 'causal' ? padCausally(x as Tensor3D, kernel.shape[0], spacing[0]) : x;
  return conv1d(padded as Tensor3D, kernel as Tensor3D, step[0], how, 'NWC', spacing[0]);
}
