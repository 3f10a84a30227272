import { planSite } from '../src/core/ablation/ways/plan';
import { elementsOf, multiplyAdds } from '../src/core/network/cost';
import type { Network, Operation } from '../src/core/network/network';
import type { Site } from '../src/core/network/sites';

/**
 * Shares of a hidden layer's units that the Jacobian way touches for a (sample, unit), measured on a trained
 * MLP 784-512-512-10: those that differ from their cluster's pattern, those near enough to zero to be looked at,
 * those whose sign flips.
 */
const DIFFERING = 49 / 512;
const LOOKED_AT = 80 / 512;
const FLIPPING = 3.6 / 512;
/** Patterns of active units that have a table each. */
const CLUSTERS = 64;

/**
 * Winograd's F(4×4, 3×3): a tile of 4 × 4 outputs takes 36 multiply-adds a pair of channels instead of 144; with
 * stride 2, 81.
 */
const TILE = 4;
const TILE_PRODUCTS: Readonly<Record<number, number>> = { 1: 36, 2: 81 };
/** Operations of its transforms, a tile and channel (Lavin and Gray 2016), taken for stride 2 too: of the data, of the result. */
const DATA_TRANSFORM = 156;
const RESULT_TRANSFORM = 90;

/** How often the units of a sweep are not zero. Where a unit is, taking it to zero changes nothing. */
export interface SweepActivity {
  readonly samples: number;
  /** `[units]` of the site: share of the samples on which the unit is active anywhere. */
  readonly site: readonly number[];
  /** Mean share of the units of the next layer that are active, where it is known; else 1. */
  readonly next: number;
}

/**
 * Operations (a multiply-add is two) that the exact algorithm needs to take each unit of a site to zero by itself,
 * on each sample on which it is active; a map that is active anywhere is counted whole.
 *
 * P pairs of unit and sample with the unit active, C classes:
 * - closed form: P · e · 2·C to take the unit's e elements off the scores
 * - Jacobian, H hidden units: 2·CLUSTERS·U·H·C once, for the tables of all U units; for each pair 2·C for each
 *   differing hidden unit, 2·C for the change, 2 for each one looked at, 2 + 2·C for each that flips
 * - fused: P times 2·H·taps for the change of the next layer, H for the rectifier, 2·C for each of the H that is
 *   active, H the next layer's elements (its border counted like its middle)
 * - delta: P times what follows, as long as only the unit's own channel changes that channel alone (a convolution
 *   then takes 1 of its input channels), afterwards all; 3×3 convolutions of stride 1 or 2 by Winograd
 * - stacked: P times all that follows, plainly
 *
 * @param way as the run's record names it; anything else counts nothing
 */
export function siteOperations(network: Network, site: Site, way: string, activity: SweepActivity): number {
  const pairs = activity.samples * activity.site.reduce((sum, share) => sum + share, 0);
  const { classes } = network.head;
  const { rest, elements, multiplier, channels } = planSite(network, site);
  switch (way) {
    case 'closed-form':
      return pairs * ((elements ?? 0) / site.units) * 2 * classes;
    case 'jacobian': {
      if (rest.kind !== 'hidden') return NaN;
      const hidden = elementsOf(rest.mixing);
      const touched = hidden * (2 * LOOKED_AT + FLIPPING * (2 + 2 * classes));
      const each = 2 * classes * (hidden * DIFFERING + 1) + touched;
      return 2 * CLUSTERS * site.units * hidden * classes + pairs * each;
    }
    case 'fused': {
      if (rest.kind !== 'hidden') return NaN;
      const hidden = elementsOf(rest.mixing);
      const taps = (multiplyAdds(rest.mixing) / hidden / channels) * multiplier;
      return pairs * hidden * (2 * taps + 1 + 2 * classes * activity.next);
    }
    case 'delta':
      return pairs * deltaOperations(site, dependents(network, site.id));
    case 'stacked':
      return pairs * dependents(network, site.id).reduce((sum, each) => sum + plainOperations(each), 0);
    default:
      return 0;
  }
}

/** Operations of one plain forward pass, a sample. */
export function forwardOperations(network: Network): number {
  return network.operations.reduce((sum, operation) => sum + plainOperations(operation), 0);
}

/** A multiply-add is two operations, elementwise work one an element. */
function plainOperations(operation: Operation): number {
  const { kind } = operation.algebra;
  const isProduct = kind === 'dense' || kind === 'convolution' || kind === 'depthwise';
  return multiplyAdds(operation) * (isProduct ? 2 : 1);
}

/** What has to be computed again when a value changes, in order, as far as the class scores. */
function dependents(network: Network, id: string): Operation[] {
  const changed = new Set([id]);
  const found: Operation[] = [];
  for (const operation of network.operations) {
    if (changed.has(network.head.scores)) break;
    if (!operation.inputs.some((input) => changed.has(input))) continue;
    changed.add(operation.id);
    found.push(operation);
  }
  return found;
}

function deltaOperations(site: Site, suffix: readonly Operation[]): number {
  /** Share of the channels that change: those of one unit, or all. */
  const share = new Map([[site.id, 1 / site.units]]);
  let total = 0;
  for (const operation of suffix) {
    const own = Math.max(...operation.inputs.map((input) => share.get(input) ?? 0));
    const { kind } = operation.algebra;
    const isMixing = kind === 'dense' || kind === 'convolution';
    total += own === 1 && isMixing ? mixingOperations(operation) : plainOperations(operation) * own;
    share.set(operation.id, isMixing ? 1 : own);
  }
  return total;
}

/** A dense or convolution layer on a change in all channels. */
function mixingOperations(operation: Operation): number {
  const { algebra, shape } = operation;
  const plain = plainOperations(operation);
  if (algebra.kind !== 'convolution' || algebra.kernel.rank !== 4) return plain;
  const [rows = 0, columns = 0, inputs = 0, units = 0] = algebra.kernel.shape;
  const [stride = 1] = algebra.strides;
  const needed = TILE_PRODUCTS[stride];
  const isRegular =
    algebra.strides.every((step) => step === stride) && algebra.dilations.every((step) => step === 1);
  if (rows !== 3 || columns !== 3 || needed === undefined || !isRegular) return plain;
  const tiles = Math.ceil((shape[1] ?? 0) / TILE) * Math.ceil((shape[2] ?? 0) / TILE);
  const transforms = tiles * (DATA_TRANSFORM * inputs + RESULT_TRANSFORM * units);
  return Math.min(plain, tiles * needed * inputs * units * 2 + transforms);
}
