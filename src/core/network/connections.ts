import { gather, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Connection } from '../../protocol/details';
import { firstInOrder } from '../largest';
import { carriedThrough, carriedValues, type Carried } from './carried';
import { consumersOf, operationOf, type Network, type Operation } from './network';
import { findSites, type Site } from './sites';

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
    let isRead = false;
    this.arriving(classes.maker, null, { from: { site: number, unit } }, (_site, _from, to, weight) => {
      isRead = true;
      weights[to]! += weight * classes.scale[to]!;
    });
    if (!isRead) return null;
    return network.head.kind === 'sigmoid' ? Float64Array.of(-weights[0]!, weights[0]!) : weights;
  }

  /**
   * Goes through the weights between units before an operation and the channels it makes.
   * @param site that the operation makes; null: none
   * @param only to this channel, or from this unit
   */
  private arriving(
    maker: Operation,
    site: number | null,
    only: { readonly to: number } | { readonly from: { readonly site: number; readonly unit: number } },
    each: (site: number, unit: number, to: number, weight: number, size: number) => void,
  ): void {
    const inputs = maker.inputs.map((id) => ({
      carried: this.carried.get(id) ?? [],
      width: operationOf(this.network, id).shape.at(-1) ?? 0,
    }));
    const isWanted = (one: Carried, channel: number): boolean =>
      !('from' in only) || (one.site[channel] === only.from.site && one.unit[channel] === only.from.unit);
    const { algebra } = maker;
    if (algebra.kind === 'add' || algebra.kind === 'depthwise') {
      for (const one of carriedThrough(maker, inputs)) {
        one.unit.forEach((unit, channel) => {
          if (unit < 0 || !isWanted(one, channel) || ('to' in only && channel !== only.to)) return;
          each(one.site[channel]!, unit, channel, one.factor[channel]!, one.size[channel]!);
        });
      }
      return;
    }
    if (algebra.kind !== 'dense' && algebra.kind !== 'convolution' && algebra.kind !== 'recurrent') return;
    const units = algebra.kernel.shape.at(-1)! / (algebra.kind === 'recurrent' ? algebra.gates : 1);
    const width = algebra.kernel.shape.at(-2)!;
    for (const one of inputs[0]!.carried.filter(({ unit }) => unit.length === width)) {
      const from = 'to' in only ? null : channelsWhere(one, (channel) => isWanted(one, channel));
      weights(algebra.kernel, units, from, 'to' in only ? only.to : null, (channel, to, weight) => {
        const unit = one.unit[channel]!;
        if (unit < 0) return;
        each(
          one.site[channel]!,
          unit,
          to,
          weight * one.factor[channel]!,
          Math.abs(weight) * one.size[channel]!,
        );
      });
    }
    if (algebra.kind !== 'recurrent' || site === null) return;
    if ('from' in only && only.from.site !== site) return;
    const from = 'from' in only ? [only.from.unit] : null;
    weights(algebra.recurrentKernel, units, from, 'to' in only ? only.to : null, (unit, to, weight) => {
      each(site, unit, to, weight, Math.abs(weight));
    });
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

function channelsWhere({ unit }: Carried, is: (channel: number) => boolean): number[] {
  return [...unit.keys()].filter(is);
}

/**
 * Goes through the weights of a kernel `[…window, in, gates · units]`.
 * @param from these channels only; null: from all
 * @param to this unit only; null: to all
 */
function weights(
  kernel: Tensor,
  units: number,
  from: readonly number[] | null,
  to: number | null,
  each: (from: number, to: number, weight: number) => void,
): void {
  if (from?.length === 0) return;
  const gates = kernel.shape.at(-1)! / units;
  const columns = to === null ? null : Array.from({ length: gates }, (_, gate) => gate * units + to);
  const part = tidy(() => {
    const rows = from === null ? kernel : gather(kernel, tensor1d([...from], 'int32'), kernel.rank - 2);
    return columns === null ? rows.clone() : gather(rows, tensor1d(columns, 'int32'), kernel.rank - 1);
  });
  const [channels, width] = part.shape.slice(-2) as [number, number];
  const values = part.dataSync<'float32'>();
  part.dispose();
  values.forEach((weight, at) => {
    const channel = Math.floor(at / width) % channels;
    each(from?.[channel] ?? channel, to ?? (at % width) % units, weight);
  });
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
  scale.forEach((value, c) => (scale[c] = value * (by.length === 1 ? by[0]! : by[c]!)));
}
