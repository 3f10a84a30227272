import type { Direction } from '../../../protocol/curves';
import type { Network } from '../../network/network';
import { withoutUnits } from '../../network/withoutUnits';
import { maskOf } from '../deletions';
import { rankedOrder } from './orders';
import type { CurveSites } from './measureCurve';

/**
 * An order found step by step: at each point the importance of every unit is measured anew in the network with all
 * units deleted so far, and the least (ascending) or most (descending) important ones are deleted; ties by site, then
 * unit.
 * @param points numbers of units deleted at each point, from 0 to all
 * @param importance measures all units of the sites of a network alone, one value a unit
 * @param progress called with the share done, 0 … 1
 * @throws Error for an operator without a constant
 */
export async function greedyOrder(
  network: Network,
  { sites, clamps }: CurveSites,
  points: readonly number[],
  direction: Direction,
  importance: (network: Network, progress: (share: number) => void) => Promise<ArrayLike<number>>,
  progress: (share: number) => void,
): Promise<Int32Array> {
  const owners = sites.flatMap((site, index) =>
    Array.from({ length: site.units }, (_, unit) => ({ index, unit })),
  );
  const order: number[] = [];
  const steps = points.length - 1;
  for (let step = 0; step < steps; step++) {
    const lost = sites.flatMap((site, index) => {
      const clamp = clamps[index]!;
      if (clamp.kind !== 'constant') throw new Error(`A greedy order needs a constant for ${site.name}`);
      const units = order.flatMap((row) => (owners[row]!.index === index ? [owners[row]!.unit] : []));
      if (units.length === 0) return [];
      return [{ id: site.id, mask: maskOf(site, units), shape: clamp.shape, values: clamp.values }];
    });
    const values = await importance(lost.length === 0 ? network : withoutUnits(network, lost), (share) => {
      progress((step + share) / steps);
    });
    const gone = new Set(order);
    const left = rankedOrder(values, direction).filter((row) => !gone.has(row));
    order.push(...left.subarray(0, points[step + 1]! - order.length));
  }
  return Int32Array.from(order);
}
