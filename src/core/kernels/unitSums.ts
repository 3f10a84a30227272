import type { Control } from '../control';
import type { KernelPool } from './kernelPool';

/** Blocks of samples that are summed up by themselves, alike on every machine: the order is part of the result. */
const BLOCKS = 8;

/** Sums over samples of units' activity, one entry a unit. */
export interface UnitSums {
  /** `[classes, units]`. */
  readonly byClass: Float64Array;
  /** Samples on which it is above 0. */
  readonly active: Float64Array;
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
}

/**
 * Sums over samples in float64.
 * @param activity `[samples, units]`, units a multiple of 4
 * @param labels `[samples]`
 */
export async function unitSums(
  kernels: KernelPool,
  activity: Float32Array,
  labels: Int32Array,
  classes: number,
  control: Control,
): Promise<UnitSums> {
  const { arena } = kernels;
  const samples = labels.length;
  const units = activity.length / samples;
  return arena.within(async (allocate) => {
    const values = allocate(activity.byteLength);
    const labelsAt = allocate(samples * 4);
    const byClass = allocate(BLOCKS * classes * units * 8);
    const active = allocate(BLOCKS * units * 4);
    const extremes = allocate(BLOCKS * 2 * units * 4);
    arena.floats(values, activity.length).set(activity);
    arena.integers(labelsAt, samples).set(labels);
    arena.doubles(byClass, BLOCKS * classes * units).fill(0);
    arena.integers(active, BLOCKS * units).fill(0);
    const least = (block: number): Float32Array => arena.floats(extremes + block * 8 * units, units);
    const largest = (block: number): Float32Array => arena.floats(extremes + (block * 8 + 4) * units, units);
    for (let block = 0; block < BLOCKS; block++) {
      least(block).fill(Infinity);
      largest(block).fill(-Infinity);
    }
    const args = [values, labelsAt, samples, units, classes, byClass, active, extremes];
    const sampleBlock = Math.ceil(samples / BLOCKS);
    await kernels.run(
      { kernel: 'unitSums', args: [...args, sampleBlock], chunks: BLOCKS, scratch: 0 },
      control,
    );
    const sums: UnitSums = {
      byClass: arena.doubles(byClass, classes * units).slice(),
      active: Float64Array.from(arena.integers(active, units)),
      lowest: least(0).slice(),
      highest: largest(0).slice(),
    };
    for (let block = 1; block < BLOCKS; block++) {
      const own = arena.doubles(byClass + block * classes * units * 8, classes * units);
      for (let at = 0; at < own.length; at++) sums.byClass[at]! += own[at]!;
      const count = arena.integers(active + block * units * 4, units);
      const [low, high] = [least(block), largest(block)];
      for (let unit = 0; unit < units; unit++) {
        sums.active[unit]! += count[unit]!;
        sums.lowest[unit] = Math.min(sums.lowest[unit]!, low[unit]!);
        sums.highest[unit] = Math.max(sums.highest[unit]!, high[unit]!);
      }
    }
    return sums;
  });
}
