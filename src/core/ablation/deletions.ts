import { dispose, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import type { Substitution } from '../network/program';
import type { Site } from '../network/sites';
import { clampUnits, constantTensor, isZero, type Clamp } from './clamp';
import type { Batch, BatchSubstitution, PlainForward } from './plainForward';

/** Units of one site that are clamped together. */
export interface SiteDeletion {
  readonly site: Site;
  readonly clamp: Clamp;
  /** `[units]` for all samples, or `[samples, units]` in the order of the run: 1 where clamped, else 0. */
  readonly mask: Float32Array;
}

/** A mask of some units of a site. */
export function maskOf(site: Site, units: Iterable<number>): Float32Array {
  const mask = new Float32Array(site.units);
  for (const unit of units) mask[unit] = 1;
  return mask;
}

/**
 * Units of several sites deleted together, for {@link PlainForward.run}. Donors' activations are those of the
 * unablated network, by the same plain forward pass.
 * @param draw which donors; 0 where the operator has one draw
 */
export function deletionsOf(
  forward: PlainForward,
  deletions: readonly SiteDeletion[],
  draw = 0,
): BatchSubstitution {
  return async (batch) => {
    const own: Tensor[] = [];
    const map = new Map<string, Substitution>();
    try {
      for (const { site, clamp, mask } of deletions) {
        const spread = maskRows(mask, site.units, batch);
        own.push(spread);
        let replacement: Tensor | null = null;
        if (clamp.kind === 'donors') {
          replacement = await forward.valueOf(site.id, clamp.donors(batch.samples, draw));
        } else if (!isZero(clamp)) {
          replacement = constantTensor(clamp);
        }
        if (replacement !== null) own.push(replacement);
        map.set(site.id, clampUnits(spread, replacement));
      }
    } catch (error) {
      dispose(own);
      throw error;
    }
    return {
      map,
      dispose: () => {
        dispose(own);
      },
    };
  };
}

/** `[1, units]`, or the batch's rows of the mask, the padding at its end being clamped nowhere. */
function maskRows(mask: Float32Array, units: number, { from, rows, samples }: Batch): Tensor {
  if (mask.length === units) return tensor2d(mask.slice(), [1, units]);
  const part = new Float32Array(samples.length * units);
  part.set(mask.subarray(from * units, (from + rows) * units));
  return tensor2d(part, [samples.length, units]);
}
