import { gather, tensor1d, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Carried } from './carried';

/** To one channel only, or from one unit only. */
export interface Only {
  readonly to?: number;
  readonly from?: { readonly site: number; readonly unit: number };
}

/** Called for each weight between a unit and a channel, with its size; of several that are summed with their sizes. */
export type EachWeight = (site: number, unit: number, to: number, weight: number, size: number) => void;

/**
 * Goes through the weights where each channel made hears the units it carries.
 * @returns how many there were
 */
export function channelWise(carried: readonly Carried[], only: Only, each: EachWeight): number {
  let count = 0;
  for (const one of carried) {
    for (const channel of channelsFrom(one, only)) {
      if (only.to !== undefined && only.to !== channel) continue;
      each(one.site[channel]!, one.unit[channel]!, channel, one.factor[channel]!, one.size[channel]!);
      count += 1;
    }
  }
  return count;
}

/**
 * The same where every channel made hears every channel before, through a kernel `[…window, in, gates · units]`.
 * Only the part of the kernel that is asked for is read.
 */
export function mixing(
  kernel: Tensor,
  gates: number,
  carried: readonly Carried[],
  only: Only,
  each: EachWeight,
): number {
  const width = kernel.shape.at(-2)!;
  const units = kernel.shape.at(-1)! / gates;
  const columns =
    only.to === undefined ? null : Array.from({ length: gates }, (_, gate) => gate * units + only.to!);
  let count = 0;
  for (const one of carried.filter(({ unit }) => unit.length === width)) {
    const channels = channelsFrom(one, only);
    if (channels.length === 0) continue;
    const values = partOf(kernel, channels, columns);
    const made = columns?.length ?? kernel.shape.at(-1)!;
    values.forEach((weight, at) => {
      const channel = channels[Math.floor(at / made) % channels.length]!;
      const to = only.to ?? (at % made) % units;
      const size = Math.abs(weight) * one.size[channel]!;
      each(one.site[channel]!, one.unit[channel]!, to, weight * one.factor[channel]!, size);
    });
    count += values.length;
  }
  return count;
}

/** The channels that carry a unit, or the one unit that is asked for. */
function channelsFrom({ site, unit }: Carried, { from }: Only): number[] {
  const channels: number[] = [];
  for (let c = 0; c < unit.length; c++) {
    const isWanted = from === undefined || (unit[c] === from.unit && site[c] === from.site);
    if (unit[c]! >= 0 && isWanted) channels.push(c);
  }
  return channels;
}

/** Some rows and columns (null: all) of the last two axes of a kernel. */
function partOf(kernel: Tensor, rows: readonly number[], columns: readonly number[] | null): Float32Array {
  const part = tidy(() => {
    const indices = (list: readonly number[]): Tensor1D => tensor1d([...list], 'int32');
    const some =
      rows.length === kernel.shape.at(-2) ? kernel : gather(kernel, indices(rows), kernel.rank - 2);
    return columns === null ? some.clone() : gather(some, indices(columns), kernel.rank - 1);
  });
  const values = part.dataSync<'float32'>();
  part.dispose();
  return values;
}
