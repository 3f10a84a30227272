import type { Network, Operation } from './network';
import type { Site } from './sites';

/**
 * Units of sites that come before a value, each channel carrying one at most: what lies between works on each channel
 * by itself, or moves, joins or adds channels. The nonlinearities between count as 1. A value flattened over positions
 * has one channel an element.
 */
export interface Carried {
  /** `[channels]`: number of the site, −1 where the channel carries none. */
  readonly site: Int32Array;
  /** `[channels]`: the unit. */
  readonly unit: Int32Array;
  /** `[channels]`: what the unit is multiplied by on the way; several factors (a window's) summed, */
  readonly factor: Float64Array;
  /** and their sizes summed. */
  readonly size: Float64Array;
}

/**
 * What the value of every operation carries, by its id: one entry, or several where values were added; none where
 * units are mixed or it is not known what becomes of them.
 */
export function carriedValues(
  network: Network,
  sites: readonly Site[],
): ReadonlyMap<string, readonly Carried[]> {
  const numbers = new Map(sites.map(({ id }, number) => [id, number]));
  const found = new Map<string, readonly Carried[]>();
  const widths = new Map<string, number>();
  for (const operation of network.operations) {
    const width = operation.shape.at(-1) ?? 0;
    widths.set(operation.id, width);
    const number = numbers.get(operation.id);
    const inputs = operation.inputs.map((id) => ({
      carried: found.get(id) ?? [],
      width: widths.get(id) ?? 0,
    }));
    found.set(
      operation.id,
      number === undefined ? carriedThrough(operation, inputs) : [siteItself(number, width)],
    );
  }
  return found;
}

/** What an input of an operation carries, and how many channels it has. */
export interface CarryingInput {
  readonly carried: readonly Carried[];
  readonly width: number;
}

/** What an operation makes of what its inputs carry. */
export function carriedThrough(
  { algebra, shape }: Operation,
  inputs: readonly CarryingInput[],
): readonly Carried[] {
  const width = shape.at(-1) ?? 0;
  const all = inputs.flatMap(({ carried }) => carried);
  if (all.length === 0) return [];
  const alike = (): readonly Carried[] => all.filter(({ unit }) => unit.length === width);
  switch (algebra.kind) {
    case 'identity':
    case 'pointwise':
    case 'pooling':
    case 'add':
      return alike();
    case 'reshape':
      if (algebra.moves === 'spatial') return alike();
      return algebra.moves === 'flatten' ? all.flatMap((one) => flattened(one, width)) : [];
    case 'affine': {
      const { scale } = algebra;
      if (scale === null) return alike();
      if (scale.length !== width) return [];
      return alike().map((one) => ({
        ...one,
        factor: one.factor.map((factor, c) => factor * scale[c]!),
        size: one.size.map((size, c) => size * Math.abs(scale[c]!)),
      }));
    }
    case 'depthwise': {
      const [channels, multiplier] = algebra.kernel.shape.slice(-2);
      if (channels === undefined || multiplier === undefined) return [];
      const taps = algebra.kernel.dataSync<'float32'>();
      const fitting = all.filter(({ unit }) => unit.length === channels && channels * multiplier === width);
      return fitting.map((one) => windowed(one, taps, multiplier));
    }
    case 'concatenate':
      return algebra.axis === shape.length - 1 ? sideBySide(inputs) : alike();
    default:
      return [];
  }
}

/** What the value at a site carries. */
export function siteItself(site: number, units: number): Carried {
  return {
    site: new Int32Array(units).fill(site),
    unit: Int32Array.from({ length: units }, (_, unit) => unit),
    factor: new Float64Array(units).fill(1),
    size: new Float64Array(units).fill(1),
  };
}

/** `[…positions, channels]` in one axis of `width` elements, in row-major order. */
function flattened(one: Carried, width: number): Carried[] {
  const channels = one.unit.length;
  if (channels === 0 || width % channels !== 0) return [];
  return [selected(one, width, (element) => element % channels)];
}

/** Each channel through the windows of its own; taps `[…window, channels, multiplier]`. */
function windowed(one: Carried, taps: Float32Array, multiplier: number): Carried {
  const width = one.unit.length * multiplier;
  const sums = new Float64Array(width);
  const sizes = new Float64Array(width);
  taps.forEach((tap, at) => {
    sums[at % width]! += tap;
    sizes[at % width]! += Math.abs(tap);
  });
  const each = selected(one, width, (channel) => Math.floor(channel / multiplier));
  return {
    ...each,
    factor: each.factor.map((factor, c) => factor * sums[c]!),
    size: each.size.map((size, c) => size * sizes[c]!),
  };
}

function selected(one: Carried, width: number, from: (channel: number) => number): Carried {
  return {
    site: new Int32Array(width).map((_, c) => one.site[from(c)]!),
    unit: new Int32Array(width).map((_, c) => one.unit[from(c)]!),
    factor: new Float64Array(width).map((_, c) => one.factor[from(c)]!),
    size: new Float64Array(width).map((_, c) => one.size[from(c)]!),
  };
}

/** Channels of one input after those of the other. */
function sideBySide(inputs: readonly CarryingInput[]): Carried[] {
  const entries = Math.max(...inputs.map(({ carried }) => carried.length));
  const width = inputs.reduce((sum, input) => sum + input.width, 0);
  return Array.from({ length: entries }, (_, entry) => {
    const joined: Carried = {
      site: new Int32Array(width).fill(-1),
      unit: new Int32Array(width).fill(-1),
      factor: new Float64Array(width),
      size: new Float64Array(width),
    };
    let at = 0;
    for (const input of inputs) {
      const part = input.carried[entry];
      if (part !== undefined) {
        joined.site.set(part.site, at);
        joined.unit.set(part.unit, at);
        joined.factor.set(part.factor, at);
        joined.size.set(part.size, at);
      }
      at += input.width;
    }
    return joined;
  });
}
