import { matMul, slice, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Control } from '../control';

/** Above this share of a column's sum of squares, taking the mean off afterwards is exact enough in float64. */
const KNOWN_LENGTH = 1e-9;

/** Units whose distances to all others are found at once. */
const SCREENED_AT_ONCE = 2048;

/** Samples that rule out most pairs; it is done where there are at least so many times as many. */
const SCREENED = { samples: 512, least: 4 };

/**
 * The units that some samples alone do not rule out: where two columns, each less its mean and divided by its length,
 * correlate by r, their squared distance is 2 (1 − r) over all samples, so over some of them no more.
 * @param least a correlation that duplicates reach, rounding counted in
 * @returns ascending; all units where there are too few samples to be worth it
 */
export async function possibleDuplicates(
  activity: Float32Array,
  samples: number,
  units: number,
  least: number,
  control: Control,
): Promise<Int32Array> {
  const all = Int32Array.from({ length: units }, (_, unit) => unit);
  const some = SCREENED.samples;
  if (samples < SCREENED.least * some || units < 2) return all;
  const { sums, squares } = momentsOf(activity, units);
  await control.breathe();
  const means = sums.map((total) => total / samples);
  const lengths = squares.map((square, unit) => {
    const length = square - sums[unit]! * means[unit]!;
    return length > KNOWN_LENGTH * square || square === 0
      ? length
      : lengthOf(activity, units, unit, means[unit]!);
  });
  const columns = new Float32Array(some * units);
  for (let n = 0, at = 0; n < some; n++) {
    for (let unit = 0; unit < units; unit++, at++) {
      if (lengths[unit]! > 0) columns[at] = (activity[at]! - means[unit]!) / Math.sqrt(lengths[unit]!);
    }
  }
  const mayBe = new Uint8Array(units);
  const most = 2 * (1 - least);
  const own = squaredLengths(columns, some, units);
  const whole = tensor2d(columns, [some, units]);
  try {
    for (let first = 0; first < units; first += SCREENED_AT_ONCE) {
      const end = Math.min(units, first + SCREENED_AT_ONCE);
      const products = tidy(() => matMul(transpose(slice(whole, [0, first], [some, end - first])), whole));
      const values = products.dataSync<'float32'>();
      products.dispose();
      for (let unit = first; unit < end; unit++) {
        if (lengths[unit] === 0) continue;
        const row = (unit - first) * units;
        for (let earlier = 0; earlier < unit; earlier++) {
          if (own[unit]! + own[earlier]! - 2 * values[row + earlier]! > most || lengths[earlier] === 0)
            continue;
          mayBe[unit] = 1;
          mayBe[earlier] = 1;
        }
      }
      await control.breathe();
    }
  } finally {
    whole.dispose();
  }
  return all.filter((unit) => mayBe[unit] === 1);
}

/** `[units]` each: sums over the samples of the values and of their squares. */
function momentsOf(
  activity: Float32Array,
  units: number,
): { readonly sums: Float64Array; readonly squares: Float64Array } {
  const sums = new Float64Array(units);
  const squares = new Float64Array(units);
  const samples = activity.length / units;
  let n = 0;
  // Four rows at once: fewer sums to be loaded and stored.
  for (; n + 4 <= samples; n += 4) {
    const [first, second, third, fourth] = [0, 1, 2, 3].map((k) =>
      activity.subarray((n + k) * units, (n + k + 1) * units),
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    for (let unit = 0; unit < units; unit++) {
      const a = first[unit]!;
      const b = second[unit]!;
      const c = third[unit]!;
      const d = fourth[unit]!;
      sums[unit]! += a + b + (c + d);
      squares[unit]! += a * a + b * b + (c * c + d * d);
    }
  }
  for (let at = n * units; at < activity.length; at++) {
    const value = activity[at]!;
    sums[at % units]! += value;
    squares[at % units]! += value * value;
  }
  return { sums, squares };
}

/** The squared length of a column less its mean, summed up about the mean; 0 where it never varies. */
function lengthOf(activity: Float32Array, units: number, unit: number, mean: number): number {
  let length = 0;
  let varies = false;
  for (let at = unit; at < activity.length; at += units) {
    length += (activity[at]! - mean) ** 2;
    varies ||= activity[at] !== activity[unit];
  }
  return varies ? length : 0;
}

/** `[columns]`: sums of squares over the rows. */
function squaredLengths(values: Float32Array, rows: number, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let n = 0, at = 0; n < rows; n++) {
    for (let column = 0; column < columns; column++, at++) sums[column]! += values[at]! * values[at]!;
  }
  return sums;
}
