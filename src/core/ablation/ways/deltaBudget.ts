import { elementsOf } from '../../network/cost';
import { operationOf, type Network } from '../../network/network';
import { arithmeticOf, pairsAtOnce } from './cost';
import { winogradCost } from './deltaKernels';
import type { DeltaPlan } from './deltaPlan';

/** How much of a task is run at once, and how. */
export interface DeltaBudget {
  /** Pairs a block. */
  readonly pairs: number;
  /** Samples whose channel-wise part is run at once. */
  readonly samples: number;
  /** Ids of the nodes that use Winograd's algorithm. */
  readonly winograd: ReadonlySet<string>;
}

/**
 * The C library gives larger blocks back to the system at once, so that every page of the next one is a fault:
 * tensors are kept below this.
 */
const LARGEST_TENSOR = 30 * 2 ** 20;

/**
 * Divides the workspace between kernels, the channel-wise part and the blocks.
 * @param workspace bytes
 */
export function deltaBudget(network: Network, site: string, plan: DeltaPlan, workspace: number): DeltaBudget {
  const winograd = new Set<string>();
  const size = (id: string): number => elementsOf(operationOf(network, id));
  let kernels = 0;
  let arithmetic = 1;
  let largest = 1;
  let alive = 1;
  for (const node of plan.mixed) {
    const { operation } = node;
    const input = operation.inputs[0]!;
    const fromChannels = plan.spread.get(input)?.kind === 'channel';
    const mixes = ['dense', 'convolution'].includes(operation.algebra.kind);
    const cost = fromChannels ? null : winogradCost(operation, operationOf(network, input).shape);
    const inputs = operation.inputs.reduce((sum, id) => sum + size(id), 0);
    const output = elementsOf(operation);
    if (cost !== null && 4 * (kernels + cost.kernel) < workspace / 2) {
      winograd.add(node.id);
      kernels += cost.kernel;
      arithmetic += cost.arithmetic;
      largest = Math.max(largest, cost.spread, cost.products);
      alive = Math.max(alive, inputs + output + cost.spread + cost.products);
    } else {
      const perChannel = fromChannels && mixes ? (operationOf(network, input).shape.at(-1) ?? 1) : 1;
      arithmetic += arithmeticOf(operation) / perChannel;
      largest = Math.max(largest, inputs, output);
      alive = Math.max(alive, 2 * (inputs + output));
    }
  }
  const channelwise = plan.channelwise.reduce((sum, { operation }) => sum + 3 * elementsOf(operation), 0);
  const range = 4 * (2 * size(site) + channelwise);
  const left = workspace - 4 * kernels;
  return {
    pairs: Math.min(
      pairsAtOnce(4 * 2 * alive, arithmetic, (left * 3) / 4),
      Math.max(1, Math.floor(LARGEST_TENSOR / (4 * largest))),
    ),
    samples: Math.max(1, Math.floor(left / 4 / range)),
    winograd,
  };
}
