import {
  consumersOf,
  operationOf,
  type Network,
  type Operation,
  type Rectifier,
} from '../../network/network';
import type { Site } from '../../network/sites';

/**
 * What follows a site, as far as the algebra tells. A unit's change first stays in its own channel (`walk`), as far
 * as `entry`: element e of the entry belongs to unit ⌊(e mod channels) / multiplier⌋.
 */
export interface SitePlan {
  /** Channel-wise operations after the site, in order; each is the only reader of the one before. */
  readonly walk: readonly Operation[];
  /** Id of the value after the walk: of the site itself where the walk is empty. */
  readonly entry: string;
  /** Elements of the entry a sample; null where a size is free. */
  readonly elements: number | null;
  /** Channels of the entry (last axis, before a flatten): site.units · multiplier. */
  readonly channels: number;
  readonly multiplier: number;
  readonly rest: SuffixRest;
}

/** What comes after the entry. */
export type SuffixRest =
  /** Only linear operations, as far as the class scores. */
  | { readonly kind: 'linear' }
  /**
   * One dense or convolution operation, channel-wise scaling, a rectifier, then only linear operations.
   * z = affine(mixing(entry)) at `preactivation`, h = rectifier(z) at `activation`.
   */
  | {
      readonly kind: 'hidden';
      readonly mixing: Operation;
      /** Product over the affine operations, `[channels of the mixing]`; null: 1. */
      readonly scale: Float32Array | null;
      readonly preactivation: string;
      readonly activation: string;
      readonly rectifier: Rectifier;
    }
  | { readonly kind: 'general' };

/**
 * Reads from the algebra what follows a site. At a recurrent site a clamp changes the other units of later steps too:
 * nothing is taken into the walk, and the rest is general.
 */
export function planSite(network: Network, site: Site): SitePlan {
  const consumers = consumersOf(network.operations);
  const only = (id: string): Operation | null => {
    const readers = consumers.get(id) ?? [];
    return readers.length === 1 && id !== network.head.scores ? readers[0]! : null;
  };
  const walk: Operation[] = [];
  let multiplier = 1;
  let at = operationOf(network, site.id);
  let flat = false;
  const isRecurrent = at.loop !== undefined;
  for (let next = only(at.id); next !== null; next = only(at.id)) {
    if (isRecurrent || !isChannelwise(next, flat)) break;
    if (next.algebra.kind === 'depthwise') multiplier *= next.algebra.kernel.shape[3] ?? 1;
    flat ||= next.algebra.kind === 'reshape' && next.algebra.moves === 'flatten';
    walk.push(next);
    at = next;
  }
  const shape = at.shape.slice(1);
  return {
    walk,
    entry: at.id,
    elements: shape.some((size) => size === null) ? null : shape.reduce<number>((n, size) => n * size!, 1),
    channels: site.units * multiplier,
    multiplier,
    rest: isRecurrent ? { kind: 'general' } : restAfter(network, at.id, only),
  };
}

/** Does a change in one channel stay in that channel? After a flatten only what works on single elements does. */
function isChannelwise({ algebra, inputs }: Operation, flat: boolean): boolean {
  if (inputs.length !== 1) return false;
  switch (algebra.kind) {
    case 'identity':
    case 'pointwise':
      return true;
    case 'affine':
    case 'pooling':
    case 'depthwise':
      return !flat;
    case 'reshape':
      return !flat && algebra.moves !== 'any';
    default:
      return false;
  }
}

function restAfter(network: Network, entry: string, only: (id: string) => Operation | null): SuffixRest {
  if (isLinear(network, entry)) return { kind: 'linear' };
  const mixing = only(entry);
  if (mixing === null || (mixing.algebra.kind !== 'dense' && mixing.algebra.kind !== 'convolution')) {
    return { kind: 'general' };
  }
  let at = mixing;
  let scale: Float32Array | null = null;
  for (;;) {
    const next = only(at.id);
    if (next?.algebra.kind === 'affine') {
      const own: Float32Array | null = next.algebra.scale;
      if (own !== null) scale = scale === null ? own : scale.map((value, c) => value * own[c]!);
    } else if (next?.algebra.kind === 'pointwise' && next.algebra.rectifier !== null) {
      if (!isLinear(network, next.id)) return { kind: 'general' };
      const { rectifier } = next.algebra;
      return {
        kind: 'hidden',
        mixing,
        scale,
        preactivation: at.id,
        activation: next.id,
        rectifier,
      };
    } else if (next?.algebra.kind !== 'identity') {
      return { kind: 'general' };
    }
    at = next;
  }
}

/** Are the class scores an affine function of this value, all else being as it is? */
function isLinear(network: Network, id: string): boolean {
  const depends = new Set([id]);
  for (const operation of network.operations) {
    const changing = operation.inputs.filter((input) => depends.has(input));
    if (changing.length === 0) continue;
    if (depends.has(network.head.scores)) break;
    if (!keepsLinear(operation)) {
      if (leadsToScores(network, operation.id)) return false;
      continue;
    }
    depends.add(operation.id);
  }
  return depends.has(network.head.scores);
}

function keepsLinear({ algebra }: Operation): boolean {
  switch (algebra.kind) {
    case 'dense':
    case 'convolution':
    case 'depthwise':
    case 'affine':
    case 'identity':
    case 'reshape':
    case 'add':
    case 'concatenate':
      return true;
    case 'pooling':
      return algebra.how === 'average';
    default:
      return false;
  }
}

function leadsToScores(network: Network, id: string): boolean {
  const from = new Set([id]);
  for (const operation of network.operations) {
    if (operation.inputs.some((input) => from.has(input))) from.add(operation.id);
  }
  return from.has(network.head.scores);
}
