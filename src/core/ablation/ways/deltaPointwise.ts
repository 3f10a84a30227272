import { add, clipByValue, maximum, neg, relu, relu6, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Rectifier } from '../../network/network';

/**
 * The change of a rectifier's output: clip(z + d, 0, most) − clip(z, 0, most). Exactly 0 where d is.
 * @param z before the rectifier, unablated; broadcast over d
 * @returns null for a rectifier with a slope. Call in a tidy.
 */
export function rectifiedChange(rectifier: Rectifier, z: Tensor, d: Tensor): Tensor | null {
  if (rectifier.slope !== 0) return null;
  return rectifier.most === Infinity ? reluChange(z, d) : clippedChange(rectifier.most, z, d);
}

/** With r = relu(z), relu(z + d) − r = max(d + (z − r), −r): two passes over the large d in place of three. */
function reluChange(z: Tensor, d: Tensor): Tensor {
  const rectified = relu(z);
  return tidy(() => maximum(add(d, sub(z, rectified)), neg(rectified)));
}

/** Between 0 and a number. */
export function clipped(most: number, x: Tensor): Tensor {
  return most === 6 ? relu6(x) : clipByValue(x, 0, most);
}

/** Three passes; minima and maxima of two tensors are slower than a clip between numbers. */
function clippedChange(most: number, z: Tensor, d: Tensor): Tensor {
  const before = clipped(most, z);
  const after = tidy(() => clipped(most, add(d, z)));
  return tidy(() => sub(after, before));
}
