import type { Connection } from '../../protocol/details';
import { firstInOrder } from '../largest';
import { carriedThrough, carriedValues, siteItself, type Carried } from './carried';
import { consumersOf, operationOf, type Network, type Operation } from './network';
import { findSites, type Site } from './sites';
import { channelWise, mixing, type EachWeight, type Only } from './unitWeights';

/** What makes units, or class scores, from the values before it. */
interface Target {
  readonly maker: Operation;
  /** `[units]`: what the channel-wise layers after the maker multiply by. */
  readonly scale: Float64Array;
}

/** Sums over the weights between one unit and those of a site. */
interface Sums {
  /** `[units]` */
  readonly weight: Float64Array;
  readonly strength: Float64Array;
}

/**
 * What is between the units of neighbouring sites, read from the network's algebra: weights summed over windows and
 * positions, with the scales of normalisations on the way, nonlinearities counting as 1. Only what a layer weighs is
 * read, so that large kernels stay where they are. Connections that are not known are missing.
 */
export class Connections {
  private readonly sites: readonly Site[];
  private readonly targets: readonly Target[];
  private readonly classes: Target | null;
  private readonly carried: ReadonlyMap<string, readonly Carried[]>;

  constructor(private readonly network: Network) {
    this.sites = findSites(network).sites;
    const consumers = consumersOf(network.operations);
    this.targets = this.sites.map(({ maker, id, units }) => ({
      maker,
      scale: scaleAfter(maker, id, units, consumers),
    }));
    this.classes = classTarget(network);
    this.carried = carriedValues(network, this.sites);
  }

  /** The units that a unit listens to, the strongest first. */
  incoming({ id }: Pick<Site, 'id'>, unit: number, count: number): Connection[] {
    const number = this.sites.findIndex((site) => site.id === id);
    const target = this.targets[number];
    const sums = new Map<number, Sums>();
    if (target === undefined) return [];
    const scale = target.scale[unit]!;
    this.arriving(target.maker, number, { to: unit }, (site, from, _to, weight, size) => {
      this.add(sums, site, from, weight * scale, size * Math.abs(scale));
    });
    return this.strongest(sums, count);
  }

  /** The units that listen to a unit, the strongest first. */
  outgoing({ id }: Pick<Site, 'id'>, unit: number, count: number): Connection[] {
    const number = this.sites.findIndex((site) => site.id === id);
    const sums = new Map<number, Sums>();
    this.targets.forEach(({ maker, scale }, target) => {
      this.arriving(maker, target, { from: { site: number, unit } }, (_site, _from, to, weight, size) => {
        this.add(sums, target, to, weight * scale[to]!, size * Math.abs(scale[to]!));
      });
    });
    return this.strongest(sums, count);
  }

  /**
   * Weights from a unit to the classes; of a single logit less and plus its weight. Null where the class scores are not
   * made from the unit directly.
   * @returns `[classes]`
   */
  toClasses({ id }: Pick<Site, 'id'>, unit: number): Float64Array | null {
    const { classes, network } = this;
    if (classes === null) return null;
    const number = this.sites.findIndex((site) => site.id === id);
    const weights = new Float64Array(classes.scale.length);
    const from = { site: number, unit };
    const found = this.arriving(classes.maker, null, { from }, (_site, _from, to, weight) => {
      weights[to]! += weight * classes.scale[to]!;
    });
    if (found === 0) return null;
    return network.head.kind === 'sigmoid' ? Float64Array.of(-weights[0]!, weights[0]!) : weights;
  }

  /**
   * Goes through the weights between units before an operation and the channels it makes.
   * @param site that the operation makes; null: none
   * @returns how many there were
   */
  private arriving(maker: Operation, site: number | null, only: Only, each: EachWeight): number {
    const inputs = maker.inputs.map((id) => ({
      carried: this.carried.get(id) ?? [],
      width: operationOf(this.network, id).shape.at(-1) ?? 0,
    }));
    const { algebra } = maker;
    switch (algebra.kind) {
      case 'add':
      case 'depthwise':
        return channelWise(carriedThrough(maker, inputs), only, each);
      case 'dense':
      case 'convolution':
        return mixing(algebra.kernel, 1, inputs[0]!.carried, only, each);
      case 'recurrent': {
        const { kernel, recurrentKernel, gates } = algebra;
        const before = mixing(kernel, gates, inputs[0]!.carried, only, each);
        if (site === null) return before;
        const itself = siteItself(site, this.sites[site]!.units);
        return before + mixing(recurrentKernel, gates, [itself], only, each);
      }
      default:
        return 0;
    }
  }

  private add(sums: Map<number, Sums>, site: number, unit: number, weight: number, strength: number): void {
    let own = sums.get(site);
    if (own === undefined) {
      const { units } = this.sites[site]!;
      own = { weight: new Float64Array(units), strength: new Float64Array(units) };
      sums.set(site, own);
    }
    own.weight[unit]! += weight;
    own.strength[unit]! += strength;
  }

  private strongest(sums: ReadonlyMap<number, Sums>, count: number): Connection[] {
    const all = [...sums]
      .sort(([a], [b]) => a - b)
      .flatMap(([site, { weight, strength }]) =>
        firstInOrder(count, strength.length, (a, b) => strength[a]! > strength[b]!).map((unit) => ({
          unit: { site: this.sites[site]!.name, unit },
          weight: weight[unit]!,
          strength: strength[unit]!,
        })),
      )
      .filter(({ strength }) => strength > 0);
    return firstInOrder(count, all.length, (a, b) => all[a]!.strength > all[b]!.strength).map((n) => all[n]!);
  }
}

/** `[units]`: what the channel-wise operations from a maker to its site multiply by. */
function scaleAfter(
  maker: Operation,
  site: string,
  units: number,
  consumers: ReadonlyMap<string, readonly Operation[]>,
): Float64Array {
  const scale = new Float64Array(units).fill(1);
  for (let at = maker; at.id !== site;) {
    at = consumers.get(at.id)![0]!;
    multiply(scale, at);
  }
  return scale;
}

/** What makes the class scores; null where several layers do, or it is not known. */
function classTarget(network: Network): Target | null {
  const { head } = network;
  const scale = new Float64Array(head.kind === 'sigmoid' ? 1 : head.classes).fill(1);
  let at = operationOf(network, head.scores);
  const through = new Set(['affine', 'identity', 'pointwise', 'softmax', 'pooling', 'reshape']);
  while (through.has(at.algebra.kind) && at.shape.at(-1) === scale.length) {
    multiply(scale, at);
    at = operationOf(network, at.inputs[0]!);
  }
  const { kind } = at.algebra;
  const makes = kind === 'dense' || kind === 'convolution';
  return makes && at.shape.at(-1) === scale.length ? { maker: at, scale } : null;
}

function multiply(scale: Float64Array, { algebra }: Operation): void {
  if (algebra.kind !== 'affine' || algebra.scale === null) return;
  const by = algebra.scale;
  scale.forEach((value, c) => (scale[c] = value * by[c]!));
}
