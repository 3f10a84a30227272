import { dispose, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../../control';
import type { Substitution } from '../../network/program';
import type { Site } from '../../network/sites';
import type { CachedForward } from '../cachedForward';
import { clampUnits, constantTensor, drawsOf, isZero, type Clamp } from '../clamp';
import type { Batch, PlainForward } from '../plainForward';

/** Sites whose units are deleted together, and what they are clamped to. */
export interface CurveSites {
  readonly sites: readonly Site[];
  /** One a site. */
  readonly clamps: readonly Clamp[];
}

/** The network with the first units of an order deleted. */
export interface CurveMeasure {
  readonly units_ablated: number;
  /** Mean over the draws, where the operator has several. */
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
}

/**
 * Measures one curve. Outcomes are those of the plain forward pass with the same units deleted.
 * @param plain for donors' activations
 * @param order all units of the sites, rows counted over the sites
 * @param points how many of them are deleted at each point
 * @param labels by sample index
 * @param progress called with the share done, 0 … 1
 * @throws Cancelled
 */
export async function measureCurve(
  forward: CachedForward,
  plain: PlainForward,
  { sites, clamps }: CurveSites,
  order: Int32Array,
  points: readonly number[],
  labels: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<CurveMeasure[]> {
  const masks = points.map((count) => masksOf(sites, order.subarray(0, count)));
  const constants = clamps.map((clamp) =>
    clamp.kind === 'constant' && !isZero(clamp) ? constantTensor(clamp) : null,
  );
  const draws = Math.max(...clamps.map(drawsOf));
  const correct = new Float64Array(points.length);
  const loss = new Float64Array(points.length);
  let done = 0;
  try {
    await forward.each(control, async (batch, run) => {
      for (let draw = 0; draw < draws; draw++) {
        const replacements = await replacementsOf(sites, clamps, constants, plain, batch, draw);
        try {
          for (const [point, pointMasks] of masks.entries()) {
            const outcome = run(substitutionsOf(sites, pointMasks, replacements));
            for (let n = 0; n < batch.rows; n++) {
              if (outcome.predicted[n] === labels[batch.samples[n]!]) correct[point]! += 1;
              loss[point]! += outcome.loss[n]!;
            }
            await control.breathe();
          }
        } finally {
          dispose(replacements.flatMap((each) => (constants.includes(each) ? [] : (each ?? []))));
        }
      }
      done += 1;
      progress(done / forward.batches);
    });
  } finally {
    dispose([...masks.flat(), ...constants].filter((each) => each !== null));
  }
  const trials = draws * forward.indices.length;
  return points.map((units_ablated, point) => ({
    units_ablated,
    accuracy: correct[point]! / trials,
    loss: loss[point]! / trials,
  }));
}

/** A mask a site, `[1, units]`; null where none of its units is deleted. */
function masksOf(sites: readonly Site[], rows: Int32Array): (Tensor | null)[] {
  let first = 0;
  return sites.map(({ units }) => {
    const mask = new Float32Array(units);
    for (const row of rows) if (row >= first && row < first + units) mask[row - first] = 1;
    first += units;
    return mask.some((one) => one === 1) ? tensor2d(mask, [1, units]) : null;
  });
}

async function replacementsOf(
  sites: readonly Site[],
  clamps: readonly Clamp[],
  constants: readonly (Tensor | null)[],
  plain: PlainForward,
  { samples }: Batch,
  draw: number,
): Promise<(Tensor | null)[]> {
  const replacements = [...constants];
  for (const [index, clamp] of clamps.entries()) {
    if (clamp.kind !== 'donors') continue;
    replacements[index] = await plain.valueOf(sites[index]!.id, clamp.donors(samples, draw));
  }
  return replacements;
}

function substitutionsOf(
  sites: readonly Site[],
  masks: readonly (Tensor | null)[],
  replacements: readonly (Tensor | null)[],
): Map<string, Substitution> {
  const map = new Map<string, Substitution>();
  for (const [index, { id }] of sites.entries()) {
    const mask = masks[index];
    if (mask !== null && mask !== undefined) map.set(id, clampUnits(mask, replacements[index]!));
  }
  return map;
}
