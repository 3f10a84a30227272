import { consumersOf, type Network, type Operation } from '../network/network';
import { ancestorsOf, type Site } from '../network/sites';

/** A value that depends on a site, each channel on one unit alone. */
interface Reached {
  readonly id: string;
  /** `[channels]`: the unit whose value this channel carries, −1 where weights of 0 have cut it off. */
  readonly unitOf: Int32Array;
  /** The channels are spread over one axis with the positions. */
  readonly flat: boolean;
}

/**
 * Which units anything on the way to the class scores listens to: 0 for a unit whose outgoing weights are all
 * exactly 0 in every operation that mixes channels, reached from the site through channel-wise operations; 1 for
 * every other, and wherever the algebra does not tell. A recurrent unit feeds itself: always 1.
 * @returns one entry a unit
 */
export function hasOutgoing(network: Network, site: Site): Uint8Array {
  const heard = new Uint8Array(site.units);
  if (site.maker.makes === 'recurrent') return heard.fill(1);
  const consumers = consumersOf(network.operations);
  const leading = ancestorsOf(network, network.head.scores);
  const open: Reached[] = [{ id: site.id, unitOf: Int32Array.from(heard, (_, unit) => unit), flat: false }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.id === network.head.scores) hear(heard, at.unitOf);
    for (const consumer of consumers.get(at.id) ?? []) {
      if (!leading.has(consumer.id)) continue;
      const next = through(consumer, at, heard);
      if (next !== null) open.push(next);
    }
  }
  return heard;
}

function hear(heard: Uint8Array, units: Iterable<number>): void {
  for (const unit of units) if (unit >= 0) heard[unit] = 1;
}

/** Marks the units an operation listens to, or gives its output where that still keeps channels apart. */
function through(operation: Operation, at: Reached, heard: Uint8Array): Reached | null {
  const { algebra, id } = operation;
  const { unitOf, flat } = at;
  const channels = unitOf.length;
  const opaque = (): null => {
    hear(heard, unitOf);
    return null;
  };
  if (operation.inputs.length !== 1) return opaque();
  switch (algebra.kind) {
    case 'identity':
    case 'pointwise':
      return { ...at, id };
    case 'pooling':
      return flat ? opaque() : { ...at, id };
    case 'reshape':
      if (flat || algebra.moves === 'any') return opaque();
      return { id, unitOf, flat: algebra.moves === 'flatten' };
    case 'affine': {
      const { scale } = algebra;
      if (flat || (scale !== null && scale.length !== channels)) return opaque();
      return { ...at, id, unitOf: unitOf.map((unit, c) => (scale?.[c] === 0 ? -1 : unit)) };
    }
    case 'depthwise': {
      const [inputs, multiplier] = algebra.kernel.shape.slice(-2);
      if (flat || inputs !== channels || multiplier === undefined) return opaque();
      const weights = algebra.kernel.dataSync<'float32'>();
      const next = new Int32Array(channels * multiplier).fill(-1);
      weights.forEach((weight, i) => {
        const channel = i % next.length;
        if (weight !== 0) next[channel] = unitOf[Math.floor(channel / multiplier)]!;
      });
      return { id, unitOf: next, flat };
    }
    case 'dense':
    case 'convolution': {
      const [inputs, outputs] = algebra.kernel.shape.slice(-2);
      if (inputs === undefined || outputs === undefined) return opaque();
      if (flat ? algebra.kind !== 'dense' || inputs % channels !== 0 : inputs !== channels) return opaque();
      const weights = algebra.kernel.dataSync<'float32'>();
      weights.forEach((weight, i) => {
        const unit = unitOf[Math.floor(i / outputs) % channels]!;
        if (weight !== 0 && unit >= 0) heard[unit] = 1;
      });
      return null;
    }
    default:
      return opaque();
  }
}
