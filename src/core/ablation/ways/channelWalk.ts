import { broadcastTo, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { Program } from '../../network/program';
import type { SitePlan } from './plan';
import type { SiteContext } from './way';

/** How the entry of a plan changes when all units of the site are clamped. */
export interface EntryChange {
  /** `[samples, elements]`: clamped − plain, or the plain values where all are clamped to one value. */
  readonly values: Float32Array;
  readonly clampedTo: number | null;
}

/**
 * How the entry of a plan changes when all units of the site are clamped: as what lies between works on each channel
 * by itself, a unit's own elements hold what clamping it alone changes.
 */
export async function entryChange(
  context: SiteContext,
  plan: SitePlan,
  samples: Int32Array,
  draw: number,
): Promise<EntryChange> {
  const replacement = await context.replacement(samples, draw);
  if (plan.walk.length === 0 && replacement.size === 1) {
    const clampedTo = replacement.dataSync()[0]!;
    replacement.dispose();
    return { values: await context.rows(plan.entry, samples), clampedTo };
  }
  const change = await walkedChange(context, plan, samples, replacement);
  const values = change.dataSync<'float32'>();
  change.dispose();
  return { values, clampedTo: null };
}

/** The same through what lies between, by running it; disposes the replacement. */
async function walkedChange(
  context: SiteContext,
  plan: SitePlan,
  samples: Int32Array,
  replacement: Tensor,
): Promise<Tensor> {
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
