import type { Tensor } from '@tensorflow/tfjs-core';
import type { Algebra } from '../network/network';
import type { Site } from '../network/sites';

/**
 * L1 norm of every unit's incoming kernel weights, summed in float64: the bias does not count, nor does a batch norm
 * that follows. Of a recurrent unit both kernels count, their gates summed. NaN where the algebra of the site's maker tells of no kernel (an add, an opaque operation).
 * @returns one entry a unit
 */
export function l1Norms({ maker, units }: Site): Float64Array {
  const kernels = kernelsOf(maker.algebra);
  if (kernels.length === 0) return new Float64Array(units).fill(NaN);
  const norms = new Float64Array(units);
  for (const kernel of kernels) {
    // Every kernel counts its units fastest (a depthwise one as in · multiplier + m), gates in whole blocks of units.
    const weights = kernel.dataSync<'float32'>();
    for (let i = 0; i < weights.length; i++) norms[i % units]! += Math.abs(weights[i]!);
  }
  return norms;
}

/** The kernels a unit's value comes from, units along their last axis or axes; none where they are not known. */
function kernelsOf(algebra: Algebra): readonly Tensor[] {
  switch (algebra.kind) {
    case 'dense':
    case 'convolution':
    case 'depthwise':
      return [algebra.kernel];
    case 'embedding':
      return [algebra.table];
    case 'recurrent':
      return [algebra.kernel, algebra.recurrentKernel];
    default:
      return [];
  }
}
