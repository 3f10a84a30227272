import type { SampleValues } from '../labelledData';

/** Mean and deviation (over all samples, not corrected) of each element of a sample. */
export interface FeatureStatistics {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Values read at once. */
const BLOCK_VALUES = 2 ** 20;

const known = new WeakMap<SampleValues, Promise<FeatureStatistics>>();

/** Statistics of the elements over all `samples`, found once; values that are no numbers stay out. */
export function featureStatistics(values: SampleValues, samples: number): Promise<FeatureStatistics> {
  let found = known.get(values);
  if (found === undefined) {
    found = measure(values, samples);
    known.set(values, found);
  }
  return found;
}

/** Welford's recurrence, which keeps small deviations of large values. */
async function measure(data: SampleValues, samples: number): Promise<FeatureStatistics> {
  const size = data.shape.reduce((n, axis) => n * axis, 1);
  const count = new Float64Array(size);
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  const rows = Math.max(1, Math.floor(BLOCK_VALUES / Math.max(1, size)));
  for (let from = 0; from < samples; from += rows) {
    const length = Math.min(rows, samples - from);
    const values = await data.read(Int32Array.from({ length }, (_, i) => from + i));
    for (let i = 0, f = 0; i < values.length; i++, f = f + 1 === size ? 0 : f + 1) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      const n = (count[f]! += 1);
      const off = value - mean[f]!;
      mean[f]! += off / n;
      squares[f]! += off * (value - mean[f]!);
    }
  }
  return { mean, deviation: squares.map((sum, f) => Math.sqrt(sum / Math.max(1, count[f]!))) };
}
