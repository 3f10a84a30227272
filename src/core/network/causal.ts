import { pad, type Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Zeros before the first step, so that a `valid` convolution over time sees nothing of what comes after.
 * @param x `[batch, time, channels]`; given back as it is where nothing is to be added
 * @param window steps of the kernel
 */
export function padCausally(x: Tensor3D, window: number, dilation: number): Tensor3D {
  const before = (window - 1) * dilation;
  if (before === 0) return x;
  return pad(x, [
    [0, 0],
    [before, 0],
    [0, 0],
  ]);
}
