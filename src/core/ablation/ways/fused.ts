import { FusedKernel } from '../../kernels/fusedKernel';
import { rowWidth } from '../../kernels/scoringTask';
import { tapsOf } from '../../kernels/taps';
import { operationOf } from '../../network/network';
import { kernelsFor, kernelWay } from './kernelWay';
import { linearMap } from './linearMap';
import type { SitePlan } from './plan';
import type { SiteContext, Way } from './way';

/** Beyond so many class scores large products in TensorFlow are quicker. */
export const MOST_SCORES = 64;

/**
 * Units that one dense or convolution layer with a rectifier follows, then only linear operations: a unit's change
 * goes through the layer and the rectifier, and what comes out through the linear map of the rest, all at once in a
 * kernel (performance.md, cases 2 and 3). Null where that does not apply.
 */
export function fusedWay(context: SiteContext, plan: SitePlan): Way | null {
  const { network, workspace } = context;
  const kernels = kernelsFor(context);
  const { rest, elements, channels, multiplier } = plan;
  if (kernels === null || elements === null || rest.kind !== 'hidden') return null;
  const shape = operationOf(network, plan.entry).shape.slice(1) as number[];
  const taps = tapsOf(rest.mixing, shape, channels);
  const weights = scaledWeights(plan);
  const hidden = rest.mixing.shape.at(-1);
  const scores = operationOf(network, network.head.scores).shape[1];
  if (taps === null || weights === null || typeof hidden !== 'number' || typeof scores !== 'number') {
    return null;
  }
  const bytes = taps.positions * hidden * rowWidth(scores) * 4;
  if (scores > MOST_SCORES || bytes > workspace) return null;
  const map = linearMap(network, rest.activation);
  if (map === null) return null;
  const { rectifier } = rest;
  const kernel = new FusedKernel(kernels, { taps, weights, hidden, rectifier, map, multiplier });
  return kernelWay(context, plan, {
    name: 'fused',
    kernels,
    sampleBlock: kernel.sampleBlock,
    sampleBytes: kernel.sampleBytes,
    run: async ({ scoring, task, samples, deltas, control, progress }) => {
      const preactivations = await context.rows(rest.preactivation, samples);
      const { units, first_unit: firstUnit } = task;
      await kernel.run({ scoring, units, firstUnit, deltas, elements, preactivations }, control, progress);
    },
    dispose: () => {
      kernel.dispose();
    },
  });
}

/** The weights of the layer times the scale after it, `[rows, hidden]`. */
export function scaledWeights({ rest }: SitePlan): Float32Array | null {
  if (rest.kind !== 'hidden') return null;
  const { algebra } = rest.mixing;
  if (algebra.kind !== 'dense' && algebra.kind !== 'convolution') return null;
  const weights = algebra.kernel.dataSync<'float32'>();
  const { scale } = rest;
  return scale === null ? weights : weights.map((value, i) => value * scale[i % scale.length]!);
}
