import { add, maximum, minimum, neg, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Rectifier } from '../../network/network';

/**
 * The change of a rectifier's output: clip(z + d, 0, most) − clip(z, 0, most), in two passes (three where there
 * is a most) over the large d: with r = clip(z), it is clip(d + (z − r), −r, most − r). Exactly 0 where d is.
 * @param z before the rectifier, unablated; broadcast over d
 * @returns null for a rectifier with a slope. Call in a tidy.
 */
export function rectifiedChange(rectifier: Rectifier, z: Tensor, d: Tensor): Tensor | null {
  if (rectifier.slope !== 0) return null;
  const positive = maximum(z, 0);
  const rectified = rectifier.most === Infinity ? positive : minimum(positive, rectifier.most);
  const shifted = add(d, sub(z, rectified));
  const least = maximum(shifted, neg(rectified));
  shifted.dispose();
  if (rectifier.most === Infinity) return least;
  return minimum(least, sub(rectifier.most, rectified));
}
