import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../../control';
import type { Site } from '../../network/sites';
import type { Clamp } from '../clamp';
import type { SiteStatistics } from '../siteSums';
import type { Way } from '../ways/way';

/** Points of the first, even grid between a unit's smallest and largest activation. */
const GRID = 17;

/** Steps of golden section in the two cells about the best point of the grid: the bracket shrinks to 0.8 %. */
const STEPS = 10;

/** Units whose constants are fitted together. */
const AT_ONCE = 512;

/** The share of a bracket at which golden section puts its points. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A site whose clamp is being fitted: `constants` is what the way clamps its units to at the moment. */
export interface FittedSite {
  readonly site: Site;
  readonly way: Way;
  readonly statistics: SiteStatistics;
  readonly constants: Float32Array;
}

/** Constants of a site's units as a replacement, alike at all positions. */
export function constantsTensor({ shape, units }: Site, constants: Float32Array): Tensor {
  return tensor(constants.slice(), [1, ...shape.slice(0, -1).map(() => 1), units]);
}

/**
 * The operator `optimal` (Li and Janson 2024): one constant a unit that minimises the mean loss on the fitting
 * samples. The best of an even grid between the unit's extremes and its mean, then golden section about it; all units
 * of a site at once, each clamped by itself.
 * @param fitting indices of the samples to fit on
 */
export async function fitConstants(
  fit: FittedSite,
  fitting: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<Clamp> {
  const { site, statistics, constants } = fit;
  const { units, shape } = site;
  const best = new Float32Array(units);
  const least = new Float64Array(units).fill(Infinity);
  let evaluation = 0;
  /** Mean loss of every unit at its own point, and notes what is best so far. */
  const lossAt = async (points: Float32Array): Promise<Float64Array> => {
    constants.set(points);
    const losses = await meanLosses(fit, fitting, evaluation, control);
    evaluation += 1;
    progress(evaluation / (1 + GRID + 2 + STEPS));
    losses.forEach((loss, u) => {
      if (loss < least[u]!) {
        least[u] = loss;
        best[u] = points[u]!;
      }
    });
    return losses;
  };
  const { lowest, highest } = statistics;
  await lossAt(Float32Array.from(statistics.mean));
  const gridLoss: Float64Array[] = [];
  const gridPoint = (u: number, g: number): number =>
    lowest[u]! + ((highest[u]! - lowest[u]!) * g) / (GRID - 1);
  for (let g = 0; g < GRID; g++) gridLoss.push(await lossAt(best.map((_, u) => gridPoint(u, g))));

  const left = new Float64Array(units);
  const right = new Float64Array(units);
  for (let u = 0; u < units; u++) {
    let at = 0;
    for (let g = 1; g < GRID; g++) if (gridLoss[g]![u]! < gridLoss[at]![u]!) at = g;
    left[u] = gridPoint(u, Math.max(0, at - 1));
    right[u] = gridPoint(u, Math.min(GRID - 1, at + 1));
  }
  const inner = (u: number, share: number): number => left[u]! + (right[u]! - left[u]!) * share;
  let low = Float32Array.from(left, (_, u) => inner(u, 1 - GOLDEN));
  let high = Float32Array.from(left, (_, u) => inner(u, GOLDEN));
  let lossLow = await lossAt(low);
  let lossHigh = await lossAt(high);
  for (let step = 0; step < STEPS; step++) {
    const isLeft = Array.from(lossLow, (loss, u) => loss < lossHigh[u]!);
    isLeft.forEach((keepsLeft, u) => {
      if (keepsLeft) right[u] = high[u]!;
      else left[u] = low[u]!;
    });
    const points = low.map((_, u) => inner(u, isLeft[u] ? 1 - GOLDEN : GOLDEN));
    const losses = await lossAt(points);
    const pick = <A extends Float32Array | Float64Array>(a: A, b: A, fresh: A, onLeft: boolean): A =>
      a.map((_, u) => (isLeft[u] === onLeft ? fresh[u]! : b[u]!)) as A;
    [low, high] = [pick(low, high, points, true), pick(high, low, points, false)];
    [lossLow, lossHigh] = [pick(lossLow, lossHigh, losses, true), pick(lossHigh, lossLow, losses, false)];
  }
  return { kind: 'constant', shape: [1, ...shape.slice(0, -1).map(() => 1), units], values: best };
}

async function meanLosses(
  { site, way }: FittedSite,
  fitting: Int32Array,
  evaluation: number,
  control: Control,
): Promise<Float64Array> {
  const { units } = site;
  const losses = new Float64Array(units);
  for (let first = 0; first < units; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, units - first);
    // Every evaluation is a draw of its own: what a way remembers of one does not hold for the next.
    const task = { first_unit: first, units: count, samples: fitting, draw: evaluation };
    const { loss_sum } = await way.measure(task, control, () => undefined);
    loss_sum.forEach((sum, k) => (losses[first + k] = sum / fitting.length));
  }
  return losses;
}
