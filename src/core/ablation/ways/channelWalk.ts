import { broadcastTo, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { Program } from '../../network/program';
import type { SitePlan } from './plan';
import type { SiteContext } from './way';

/**
 * How the entry of a plan changes when all units of the site are clamped, clamped − plain: as what lies between
 * works on each channel by itself, a unit's own elements hold what clamping it alone changes.
 * @returns `[samples, …entry shape]`; the caller disposes it
 */
export async function entryChange(
  context: SiteContext,
  plan: SitePlan,
  samples: Int32Array,
  draw: number,
): Promise<Tensor> {
  const replacement = await context.replacement(samples, draw);
  try {
    const [site, entry] = await context.tensors([context.site.id, plan.entry], samples);
    const walk = new Program(context.network, [context.site.id], [plan.entry]);
    return tidy(() => {
      // One sample stands for all where they are clamped alike.
      const shape = [replacement.shape[0], ...site!.shape.slice(1)];
      const [clamped] = walk.run([broadcastTo(replacement, shape)]);
      return sub(clamped!, entry!);
    });
  } finally {
    replacement.dispose();
  }
}
