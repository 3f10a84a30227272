import { consumersOf, operationOf, type Network, type Operation } from '../../network/network';
import { cutAfter } from '../../network/program';

/**
 * A change that has stayed in its channels: all units of a task are in one tensor `[samples, …positions, channels]`,
 * site channel u making the channels from offset + u · multiplier.
 */
export interface ChannelState {
  readonly kind: 'channel';
  readonly offset: number;
  readonly multiplier: number;
  /** The value is flat by now; its change is kept as it was before. */
  readonly flat: boolean;
}

/** How far a unit's change has spread in a value; what does not depend on the site has none. */
export type Spread = ChannelState | { readonly kind: 'full' };

/** One operation that changes, or a convolution or dense one with the channel-wise scale after it. */
export interface DeltaNode {
  /** Id of the value it makes. */
  readonly id: string;
  readonly operation: Operation;
  /** `[channels of the output]`, folded into the kernel; null: 1. */
  readonly scale: Float32Array | null;
  /** Ids of values nothing needs after this node. */
  readonly release: readonly string[];
}

/** How the change of a site goes on through the network. */
export interface DeltaPlan {
  /** Nodes that keep the change in its channels: run once for all units. */
  readonly channelwise: readonly DeltaNode[];
  /** Nodes run for every pair of unit and sample. */
  readonly mixed: readonly DeltaNode[];
  readonly spread: ReadonlyMap<string, Spread>;
  /** Values that stay in their channels and are read by the mixed nodes, or are the class scores. */
  readonly exits: readonly string[];
  /** Ids whose unablated values are needed, the class scores among them. */
  readonly baselines: readonly string[];
}

/** Reads from the algebra how the change of a site spreads. */
export function planDelta(network: Network, site: string): DeltaPlan {
  const { scores } = network.head;
  const loops = operationOf(network, site).loop !== undefined;
  const spread = new Map<string, Spread>([
    [site, loops ? { kind: 'full' } : { kind: 'channel', offset: 0, multiplier: 1, flat: false }],
  ]);
  const baselines = new Set([scores]);
  const nodes: Omit<DeltaNode, 'release'>[] = [];
  const folded = new Map<string, string>();
  const consumers = consumersOf(network.operations);

  for (const operation of cutAfter(network, site).suffix.operations) {
    if (folded.has(operation.id) || !operation.inputs.some((id) => spread.has(id))) continue;
    const fold = foldScales(operation, consumers, scores);
    for (const id of fold.ids) folded.set(id, fold.id);
    nodes.push({ id: fold.id, operation, scale: fold.scale });
    spread.set(fold.id, spreadAfter(operation, spread, network));
    for (const id of baselinesOf(operation, network)) baselines.add(id);
  }
  const isChannelwise = ({ id }: { readonly id: string }): boolean => spread.get(id)?.kind === 'channel';
  const mixed = nodes.filter((node) => !isChannelwise(node));
  const channelwise = nodes.filter(isChannelwise);
  const read = new Set([scores, ...mixed.flatMap(({ operation }) => operation.inputs)]);
  const exits = [...read].filter((id) => spread.get(id)?.kind === 'channel');
  return {
    channelwise: withReleases(channelwise, new Set([...exits, site])),
    mixed: withReleases(mixed, new Set([scores, ...exits])),
    spread,
    exits,
    baselines: [...baselines],
  };
}

/** Takes the scales that alone read a linear operation into it. */
function foldScales(
  operation: Operation,
  consumers: ReadonlyMap<string, readonly Operation[]>,
  scores: string,
): { id: string; scale: Float32Array | null; ids: string[] } {
  const { kind } = operation.algebra;
  const ids: string[] = [];
  let { id } = operation;
  let scale: Float32Array | null = null;
  while ((kind === 'dense' || kind === 'convolution' || kind === 'depthwise') && id !== scores) {
    const readers: readonly Operation[] = consumers.get(id) ?? [];
    const next = readers[0];
    if (readers.length !== 1 || next?.algebra.kind !== 'affine') break;
    const own: Float32Array | null = next.algebra.scale;
    const before: Float32Array | null = scale;
    scale = own === null || before === null ? (own ?? before) : own.map((value, c) => value * before[c]!);
    ids.push(next.id);
    id = next.id;
  }
  return { id, scale, ids };
}

function spreadAfter(
  { algebra, inputs, shape }: Operation,
  spread: ReadonlyMap<string, Spread>,
  network: Network,
): Spread {
  const full: Spread = { kind: 'full' };
  const changing = inputs.filter((id) => spread.has(id));
  const state = spread.get(changing[0]!)!;
  if (state.kind === 'full' || changing.some((id) => !alike(spread.get(id)!, state))) return full;
  if (algebra.kind === 'identity') return state;
  if (state.flat) return full;
  const shapes = inputs.map((id) => operationOf(network, id).shape);
  const sameShapes = shapes.every((each) => each.join() === shape.join());
  switch (algebra.kind) {
    case 'affine':
    case 'pointwise':
    case 'pooling':
      return state;
    case 'reshape':
      if (algebra.moves === 'any') return full;
      return { ...state, flat: algebra.moves === 'flatten' && shapes[0]!.length > 2 };
    case 'depthwise': {
      const times = algebra.kernel.shape[3] ?? 1;
      return { ...state, offset: state.offset * times, multiplier: state.multiplier * times };
    }
    case 'add':
      return sameShapes ? state : full;
    case 'multiply':
      return sameShapes && inputs.length === 2 && changing.length === 1 ? state : full;
    case 'concatenate': {
      const widths = shapes.map((each) => each.at(-1) ?? NaN);
      const alongChannels = widths.reduce((sum, width) => sum + width, 0) === shape.at(-1);
      if (changing.length !== 1 || !alongChannels) return full;
      const before = widths.slice(0, inputs.indexOf(changing[0]!)).reduce((sum, width) => sum + width, 0);
      return { ...state, offset: state.offset + before };
    }
    default:
      return full;
  }
}

function alike(a: Spread, b: ChannelState): boolean {
  return a.kind === 'channel' && a.offset === b.offset && a.multiplier === b.multiplier && a.flat === b.flat;
}

/** Values that a node needs besides its inputs' changes: none where the change alone tells the output's. */
function baselinesOf(operation: Operation, network: Network): readonly string[] {
  const shapes = operation.inputs.map((id) => operationOf(network, id).shape);
  const all = [...operation.inputs, operation.id];
  const { algebra } = operation;
  switch (algebra.kind) {
    case 'dense':
    case 'depthwise':
    case 'affine':
    case 'identity':
      return [];
    case 'convolution':
      return algebra.kernel.shape.at(-2) === shapes[0]!.at(-1) ? [] : all;
    case 'add':
      return shapes.every((shape) => shape.join() === operation.shape.join()) ? [] : all;
    case 'pooling':
      return algebra.how === 'average' ? [] : all;
    case 'reshape':
      return algebra.moves === 'flatten' ? [] : all;
    default:
      return all;
  }
}

function withReleases(nodes: readonly Omit<DeltaNode, 'release'>[], kept: ReadonlySet<string>): DeltaNode[] {
  const lastUse = new Map<string, number>();
  nodes.forEach(({ id, operation }, index) => {
    for (const read of [id, ...operation.inputs]) lastUse.set(read, index);
  });
  return nodes.map((node, index) => ({
    ...node,
    release: [...lastUse].filter(([id, last]) => last === index && !kept.has(id)).map(([id]) => id),
  }));
}
