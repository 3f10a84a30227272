import { JacobianKernel } from '../../kernels/jacobianKernel';
import { rowWidth } from '../../kernels/scoringTask';
import { operationOf } from '../../network/network';
import { MOST_SCORES, scaledWeights } from './fused';
import { kernelsFor, kernelWay } from './kernelWay';
import { linearMap } from './linearMap';
import type { SitePlan } from './plan';
import type { SiteContext, Way } from './way';

/** Patterns of activity that the kernel keeps a table for. */
const TABLES = 64;

/**
 * Units without positions that one dense layer with a ReLU follows, then only linear operations: on each sample the
 * class scores are piecewise linear in the change (performance.md, case 2). Null where that does not apply.
 */
export function jacobianWay(context: SiteContext, plan: SitePlan): Way | null {
  const { network, site, workspace } = context;
  const kernels = kernelsFor(context);
  const { rest, elements } = plan;
  if (kernels === null || rest.kind !== 'hidden' || elements !== site.units) return null;
  const { mixing, rectifier } = rest;
  if (mixing.algebra.kind !== 'dense' || rectifier.slope !== 0 || rectifier.most !== Infinity) return null;
  const weights = scaledWeights(plan);
  const hidden = mixing.shape.at(-1);
  const scores = operationOf(network, network.head.scores).shape[1];
  if (weights === null || typeof hidden !== 'number' || typeof scores !== 'number') return null;
  if (weights.length !== elements * hidden) return null;
  const bytes = TABLES * elements * rowWidth(scores) * 4;
  if (scores > MOST_SCORES || bytes > workspace) return null;
  const map = linearMap(network, rest.activation);
  if (map === null) return null;
  const kernel = new JacobianKernel(kernels, { weights, hidden, map });
  return kernelWay(context, plan, {
    name: 'jacobian',
    kernels,
    sampleBlock: kernel.sampleBlock,
    sampleBytes: kernel.sampleBytes,
    run: async ({ scoring, task, samples, deltas, control, progress }) => {
      if (!kernel.hasLearned) {
        await kernel.learn(await context.rows(rest.preactivation, context.representative), control);
      }
      const preactivations = await context.rows(rest.preactivation, samples);
      const { units, first_unit: firstUnit } = task;
      await kernel.run({ scoring, units, firstUnit, deltas, preactivations }, control, progress);
    },
    dispose: () => {
      kernel.dispose();
    },
  });
}
