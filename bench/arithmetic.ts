import { elementsOf, multiplyAdds } from '../src/core/network/cost';
import type { Network, Operation } from '../src/core/network/network';
import { findSites, type Site } from '../src/core/network/sites';
import { planSite, type SitePlan } from '../src/core/ablation/ways/plan';
import type { WayName } from '../src/core/ablation/ways/way';

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

/** Winograd's F(4×4, 3×3): a tile of 4 × 4 outputs takes 36 multiply-adds a pair of channels instead of 144. */
const TILE = 4;
const TILE_PRODUCTS = 36;
/** Operations of its transforms, a tile and channel (Lavin and Gray 2016): of the data, of the result. */
const DATA_TRANSFORM = 156;
const RESULT_TRANSFORM = 90;

/**
 * Operations (a multiply-add is two) that the exact algorithm needs to ablate each unit of a site on each sample.
 *
 * With U units, E elements and C classes:
 * - closed form: 2·E·C to take every element's share off the scores, E the elements of the entry, and U·C
 * - Jacobian, H hidden units: 2·CLUSTERS·U·H·C once, for the tables; for each (sample, unit) 2·C for each
 *   differing hidden unit, 2·C for the change, 2 for each one looked at, 2 + 2·C for each that flips
 * - fused, for each (sample, unit): 2·H·taps for the change of the next layer, H for the rectifier, 2·H·C for the
 *   head, H the next layer's elements (its border counted like its middle)
 * - delta, for each (sample, unit): as long as only the unit's own channel changes, that channel alone (a
 *   convolution then takes 1 of its input channels), afterwards all; stride-1 3×3 convolutions by Winograd
 * - stacked, for each (sample, unit): all that follows, plainly
 */
export function siteOperations(network: Network, site: Site, way: WayName, samples: number): number {
  const plan = planSite(network, site);
  const { classes } = network.head;
  const pairs = site.units * samples;
  const { rest } = plan;
  if (way === 'closed-form') return samples * classes * (2 * (plan.elements ?? 0) + site.units);
  if (way === 'jacobian' && rest.kind === 'hidden') {
    const hidden = elementsOf(rest.mixing);
    const each =
      2 * classes * (hidden * DIFFERING + 1) + hidden * (2 * LOOKED_AT + FLIPPING * (2 + 2 * classes));
    return 2 * CLUSTERS * site.units * hidden * classes + pairs * each;
  }
  if (way === 'fused' && rest.kind === 'hidden') {
    const hidden = elementsOf(rest.mixing);
    const taps = (multiplyAdds(rest.mixing) / hidden / plan.channels) * plan.multiplier;
    return pairs * hidden * (2 * taps + 1 + 2 * classes);
  }
  const suffix = dependents(network, site.id);
  if (way === 'delta') return pairs * deltaOperations(site, suffix);
  return pairs * suffix.reduce((sum, operation) => sum + plainOperations(operation), 0);
}

/** The way that what follows a site calls for. */
export function expectedWay({ rest }: SitePlan): WayName {
  if (rest.kind === 'linear') return 'closed-form';
  if (rest.kind === 'general') return 'delta';
  const isReLU = rest.rectifier.slope === 0 && rest.rectifier.most === Infinity;
  return rest.mixing.algebra.kind === 'dense' && isReLU ? 'jacobian' : 'fused';
}

/** Operations of one plain forward pass, a sample. */
export function forwardOperations(network: Network): number {
  return network.operations.reduce((sum, operation) => sum + plainOperations(operation), 0);
}

/** The arithmetic of sweeping some sites of a network, by name. */
export function sweepArithmetic(
  network: Network,
  names: readonly string[],
  samples: number,
): { name: string; units: number; way: WayName; flop: number }[] {
  return findSites(network)
    .sites.filter(({ name }) => names.includes(name))
    .map((site) => {
      const way = expectedWay(planSite(network, site));
      const flop = siteOperations(network, site, way, samples);
      return { name: site.name, units: site.units, way, flop };
    });
}

/** A multiply-add is two operations, elementwise work one an element. */
function plainOperations(operation: Operation): number {
  return multiplyAdds(operation) * (isProduct(operation) ? 2 : 1);
}

function isProduct({ algebra }: Operation): boolean {
  return algebra.kind === 'dense' || algebra.kind === 'convolution' || algebra.kind === 'depthwise';
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
    const isWhole = own === 1;
    total += isWhole && isMixing ? mixingOperations(operation) : plainOperations(operation) * own;
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
  const isUnit = (steps: readonly number[]): boolean => steps.every((step) => step === 1);
  if (rows !== 3 || columns !== 3 || !isUnit(algebra.strides) || !isUnit(algebra.dilations)) return plain;
  const tiles = Math.ceil((shape[1] ?? 0) / TILE) * Math.ceil((shape[2] ?? 0) / TILE);
  const transforms = tiles * (DATA_TRANSFORM * inputs + RESULT_TRANSFORM * units);
  return Math.min(plain, tiles * TILE_PRODUCTS * inputs * units * 2 + transforms);
}
