import type { Control } from '../control';
import type { KernelPool } from './kernelPool';

/** Units of a chunk: a cache line of float32. */
const UNITS = 16;
/** Samples that the kernel takes at a time. */
const STEP = 16;
/** Numbers in the tables of intervals and of digits (assembly/binnedCounts.ts). */
const TABLES = 2 * 2049 + 3 * 2048;

/**
 * How often each bin of each unit's activity meets each class: what `binCounts` of measures/quantileBins.ts gives with
 * the edges of `binEdges`, for all units at once.
 * @param activity `[samples, units]`, finite
 * @param labels `[samples]`
 * @param bins quantile bins, beside the bin for zero
 * @returns `[units, bins + 1, classes]`
 */
export async function binnedCounts(
  kernels: KernelPool,
  activity: Float32Array,
  labels: Int32Array,
  classes: number,
  bins: number,
  control: Control,
): Promise<Int32Array> {
  const { arena } = kernels;
  const samples = labels.length;
  const units = activity.length / samples;
  return arena.within(async (allocate) => {
    const values = allocate(activity.byteLength);
    const length = Math.ceil(samples / STEP) * STEP;
    const labelsAt = allocate(length * 4);
    const cells = units * (bins + 1) * classes;
    const counts = allocate(cells * 4);
    arena.floats(values, activity.length).set(activity);
    arena.integers(labelsAt, samples).set(labels);
    arena.integers(counts, cells).fill(0);
    await kernels.run(
      {
        kernel: 'binnedCounts',
        args: [values, labelsAt, samples, units, classes, bins, counts, UNITS],
        chunks: Math.ceil(units / UNITS),
        scratch: ((UNITS + 3) * length + TABLES + 5 * bins + 3) * 4,
      },
      control,
    );
    return arena.integers(counts, cells).slice();
  });
}
