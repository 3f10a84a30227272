import type { Network, Operation, Shape } from '../network/network';
import { ancestorsOf, type Site } from '../network/sites';

/** A value that depends on a site, each channel on one unit alone. */
interface Reached {
  /** `[channels]`: the unit whose value this channel carries; −1: none, or weights of 0 have cut it off. */
  readonly unitOf: Int32Array;
  /** The channels are spread over one axis with the positions. */
  readonly flat: boolean;
}

/**
 * Which units anything on the way to the class scores listens to: 0 for a unit whose outgoing weights are all
 * exactly 0 in every operation that mixes channels, reached from the site through operations that keep channels
 * apart; 1 for every other, and wherever the algebra does not tell. A recurrent unit feeds itself: always 1.
 * @returns one entry a unit
 */
export function hasOutgoing(network: Network, site: Site): Uint8Array {
  const heard = new Uint8Array(site.units);
  if (site.maker.makes === 'recurrent') return heard.fill(1);
  const leading = ancestorsOf(network, network.head.scores);
  const shapes = new Map(network.operations.map(({ id, shape }) => [id, shape]));
  const reached = new Map<string, Reached>([
    [site.id, { unitOf: Int32Array.from(heard, (_, unit) => unit), flat: false }],
  ]);
  for (const operation of network.operations) {
    const parts = operation.inputs.map((input) => reached.get(input) ?? null);
    const known = parts.filter((part) => part !== null);
    if (known.length === 0 || !leading.has(operation.id)) continue;
    const sizes = operation.inputs.map((input) => shapes.get(input) ?? []);
    const next = parts.length === 1 ? through(operation, known[0]!, heard) : joined(operation, parts, sizes);
    if (next === null) for (const { unitOf } of known) hear(heard, unitOf);
    else if (next !== 'mixed') reached.set(operation.id, next);
  }
  const scores = reached.get(network.head.scores);
  if (scores !== undefined) hear(heard, scores.unitOf);
  return heard;
}

function hear(heard: Uint8Array, units: Iterable<number>): void {
  for (const unit of units) if (unit >= 0) heard[unit] = 1;
}

/**
 * What an operation of one input makes of it: its output, where channels are kept apart; `mixed` where it mixes
 * them, with the units marked that it listens to; null where that is not known.
 */
function through({ algebra }: Operation, at: Reached, heard: Uint8Array): Reached | 'mixed' | null {
  const { unitOf, flat } = at;
  const channels = unitOf.length;
  switch (algebra.kind) {
    case 'identity':
    case 'pointwise':
      return at;
    case 'pooling':
      return flat ? null : at;
    case 'reshape':
      return flat || algebra.moves === 'any' ? null : { unitOf, flat: algebra.moves === 'flatten' };
    case 'affine': {
      const { scale } = algebra;
      if (flat || (scale !== null && scale.length !== channels)) return null;
      return { unitOf: unitOf.map((unit, c) => (scale?.[c] === 0 ? -1 : unit)), flat };
    }
    case 'depthwise': {
      const [inputs, multiplier] = algebra.kernel.shape.slice(-2);
      if (flat || inputs !== channels || multiplier === undefined) return null;
      const next = new Int32Array(channels * multiplier).fill(-1);
      algebra.kernel.dataSync<'float32'>().forEach((weight, i) => {
        const channel = i % next.length;
        if (weight !== 0) next[channel] = unitOf[Math.floor(channel / multiplier)]!;
      });
      return { unitOf: next, flat };
    }
    case 'dense':
    case 'convolution':
    case 'recurrent': {
      const [inputs, outputs] = algebra.kernel.shape.slice(-2);
      if (inputs === undefined || outputs === undefined) return null;
      if (flat ? algebra.kind !== 'dense' || inputs % channels !== 0 : inputs !== channels) return null;
      algebra.kernel.dataSync<'float32'>().forEach((weight, i) => {
        const unit = unitOf[Math.floor(i / outputs) % channels]!;
        if (weight !== 0 && unit >= 0) heard[unit] = 1;
      });
      return 'mixed';
    }
    default:
      return null;
  }
}

/** What an operation of several inputs makes of them, where channels are kept apart; null where not. */
function joined(
  { algebra, shape }: Operation,
  parts: readonly (Reached | null)[],
  sizes: readonly Shape[],
): Reached | null {
  const known = parts.filter((part) => part !== null);
  const flat = known[0]!.flat;
  if (algebra.kind === 'concatenate') {
    if (flat || known.some((part) => part.flat) || algebra.axis !== shape.length - 1) return null;
    const units = parts.map((part, k) => part?.unitOf ?? new Array<number>(sizes[k]!.at(-1) ?? 0).fill(-1));
    return { unitOf: Int32Array.from(units.flatMap((part) => [...part])), flat };
  }
  if (algebra.kind !== 'add' && algebra.kind !== 'multiply') return null;
  const channels = known[0]!.unitOf.length;
  const alike =
    sizes.every((size) => size.join() === shape.join()) &&
    known.every((part) => part.flat === flat && part.unitOf.length === channels);
  if (!alike) return null;
  const unitOf = new Int32Array(channels).fill(-1);
  for (const part of known) {
    for (const [c, unit] of part.unitOf.entries()) {
      if (unit < 0) continue;
      if (unitOf[c]! >= 0 && unitOf[c] !== unit) return null;
      unitOf[c] = unit;
    }
  }
  return { unitOf, flat };
}
