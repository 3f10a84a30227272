import { placeRows } from '../../kernels/panels';
import { rowWidth } from '../../kernels/scoringTask';
import { kernelsFor, kernelWay } from './kernelWay';
import { linearMap } from './linearMap';
import type { SitePlan } from './plan';
import type { SiteContext, Way } from './way';

/** Samples and units of a chunk. */
const SAMPLES = 64;
const UNITS = 64;

/**
 * Units that only linear operations follow: a unit's change, times the linear map of its elements to the class
 * scores, is added to these (performance.md, case 1). Null where that does not apply.
 */
export function closedFormWay(context: SiteContext, plan: SitePlan): Way | null {
  const { network } = context;
  const kernels = kernelsFor(context);
  const { elements, channels, multiplier } = plan;
  if (kernels === null || elements === null || plan.rest.kind !== 'linear') {
    return null;
  }
  const map = linearMap(network, plan.entry);
  if (map === null) return null;
  const { arena } = kernels;
  const count = map.length / elements;
  const width = rowWidth(count);
  const mapAt = placeRows(arena, (bytes) => arena.allocate(bytes), map, count, width);
  return kernelWay(context, plan, {
    name: 'closed-form',
    kernels,
    sampleBlock: SAMPLES,
    sampleBytes: 0,
    run: ({ scoring, task, deltas, control, progress }) =>
      kernels.run(
        {
          kernel: 'closedForm',
          args: [
            ...[scoring.address, deltas, mapAt, elements, channels, multiplier],
            ...[task.first_unit, SAMPLES, UNITS],
          ],
          chunks: scoring.blocks * Math.ceil(task.units / UNITS),
          scratch: 16 + width * 4 + (SAMPLES + 1) * 4,
        },
        control,
        progress,
      ),
    dispose: () => {
      arena.release(mapAt);
    },
  });
}
