import type { Control } from '../control';
import type { KernelPool } from './kernelPool';

/** Units of a chunk: a cache line of float32. */
const UNITS = 16;

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
 * Sums over samples, in float64 and in their order.
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
    const byClass = allocate(classes * units * 8);
    const active = allocate(units * 4);
    const extremes = allocate(2 * units * 4);
    arena.floats(values, activity.length).set(activity);
    arena.integers(labelsAt, samples).set(labels);
    arena.doubles(byClass, classes * units).fill(0);
    arena.integers(active, units).fill(0);
    arena
      .floats(extremes, 2 * units)
      .fill(Infinity, 0, units)
      .fill(-Infinity, units);
    await kernels.run(
      {
        kernel: 'unitSums',
        args: [values, labelsAt, samples, units, byClass, active, extremes, UNITS],
        chunks: Math.ceil(units / UNITS),
        scratch: 0,
      },
      control,
    );
    return {
      byClass: arena.doubles(byClass, classes * units).slice(),
      active: Float64Array.from(arena.integers(active, units)),
      lowest: arena.floats(extremes, units).slice(),
      highest: arena.floats(extremes + 4 * units, units).slice(),
    };
  });
}
