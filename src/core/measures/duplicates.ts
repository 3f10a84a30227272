import {
  matMul,
  max,
  mean,
  min,
  mul,
  notEqual,
  rsqrt,
  slice,
  square,
  sub,
  sum,
  tensor2d,
  tidy,
  transpose,
  where,
  zeros,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Control } from '../control';

/** Two units whose activations correlate more than this are duplicates. */
export const DUPLICATE_CORRELATION = 0.999;

/** Single precision may be this far off: what lies closer to the bound is computed again in float64. */
const ROUNDING = 1e-4;

/** Elements that a block of columns may have. */
const BLOCK_ELEMENTS = 8 * 2 ** 20;

/** Samples that rule out most pairs; it is done where there are at least so many times as many. */
const SCREENED = { samples: 512, least: 4 };

/** Units whose distances to all others are found at once. */
const SCREENED_AT_ONCE = 2048;

/** Above this share of a column's sum of squares, taking the mean off afterwards is exact enough in float64. */
const KNOWN_LENGTH = 1e-9;

/**
 * For every unit the lowest earlier unit of the same site whose activity correlates with its own by more than 0.999
 * (Pearson, over the samples). Correlations are computed by tfjs, a block of columns against another at a time;
 * what comes close to the bound is decided in float64, so that backends agree.
 * @param activity `[samples, units]`: spatial or time means, finite
 * @param width units of a block
 * @returns one entry a unit: that unit's index, −1 where there is none. A unit that never varies has none and is
 * none; with fewer than three samples nothing is known: NaN
 * @throws Cancelled
 */
export async function duplicatesOf(
  activity: Float32Array,
  samples: number,
  units: number,
  control: Control,
  width = Math.max(1, Math.min(2048, Math.floor(BLOCK_ELEMENTS / samples))),
): Promise<Float64Array> {
  if (samples < 3) return new Float64Array(units).fill(NaN);
  const found = new Float64Array(units).fill(-1);
  const left = await possibleDuplicates(activity, samples, units, control);
  if (left.length < units) {
    if (left.length < 2) return found;
    const among = await duplicatesAmong(
      chosenColumns(activity, units, left),
      samples,
      left.length,
      control,
      width,
    );
    among.forEach((other, k) => {
      if (other >= 0) found[left[k]!] = left[other]!;
    });
    return found;
  }
  return duplicatesAmong(activity, samples, units, control, width);
}

/**
 * The units that some samples alone do not rule out: where two columns, each less its mean and divided by its length,
 * correlate by r, their squared distance is 2 (1 − r) over all samples, so over some of them no more.
 * @returns ascending; all units where there are too few samples to be worth it
 */
async function possibleDuplicates(
  activity: Float32Array,
  samples: number,
  units: number,
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
  const most = 2 * (1 - DUPLICATE_CORRELATION) + ROUNDING;
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

/** Some columns of a matrix of `units` columns, side by side. */
function chosenColumns(activity: Float32Array, units: number, chosen: Int32Array): Float32Array {
  const values = new Float32Array((activity.length / units) * chosen.length);
  for (let at = 0, row = 0; at < values.length; row += units) {
    for (let k = 0; k < chosen.length; k++, at++) values[at] = activity[row + chosen[k]!]!;
  }
  return values;
}

/** {@link duplicatesOf} by the correlations of all pairs. */
async function duplicatesAmong(
  activity: Float32Array,
  samples: number,
  units: number,
  control: Control,
  width: number,
): Promise<Float64Array> {
  const columns = new StandardColumns(activity, samples, units);
  const found = new Float64Array(units).fill(-1);
  try {
    for (let first = 0; first < units; first += width) {
      const last = Math.min(units, first + width);
      const own = columns.block(first, last);
      try {
        // Earlier blocks first: the first unit that is found is the lowest.
        for (let earlier = 0; earlier <= first; earlier += width) {
          const end = Math.min(units, earlier + width);
          const correlations = tidy(() =>
            matMul(transpose(own), earlier === first ? own : columns.block(earlier, end)),
          );
          const values = correlations.dataSync<'float32'>();
          correlations.dispose();
          for (let unit = first; unit < last; unit++) {
            if (found[unit]! >= 0) continue;
            const row = values.subarray(
              (unit - first) * (end - earlier),
              (unit - first + 1) * (end - earlier),
            );
            found[unit] = columns.firstLike(unit, earlier, row);
          }
          await control.breathe();
        }
      } finally {
        own.dispose();
      }
    }
  } finally {
    columns.dispose();
  }
  return found;
}

/** Activity by unit, less its mean and divided by its length; a unit that never varies is all zeros. */
class StandardColumns {
  private readonly whole: Tensor2D;

  constructor(
    private readonly activity: Float32Array,
    private readonly samples: number,
    private readonly units: number,
  ) {
    this.whole = tensor2d(activity, [samples, units]);
  }

  /** The columns of the units `first` … `last` − 1, `[samples, last − first]`; the caller disposes them. */
  block(first: number, last: number): Tensor2D {
    return tidy(() => {
      const columns = slice(this.whole, [0, first], [this.samples, last - first]);
      const varies = notEqual(max(columns, 0), min(columns, 0));
      const centred = sub(columns, mean(columns, 0));
      const scale = where(varies, rsqrt(sum(square(centred), 0)), zeros([last - first]));
      return mul<Tensor2D>(centred, scale);
    });
  }

  dispose(): void {
    this.whole.dispose();
  }

  /**
   * The first unit before `unit` that it duplicates, −1 if there is none.
   * @param correlations with the units from `from` on, in single precision
   */
  firstLike(unit: number, from: number, correlations: Float32Array): number {
    for (let k = 0; k < correlations.length && from + k < unit; k++) {
      if (correlations[k]! <= DUPLICATE_CORRELATION - ROUNDING) continue;
      if (this.correlation(unit, from + k) > DUPLICATE_CORRELATION) return from + k;
    }
    return -1;
  }

  /** Pearson correlation in float64 of two units that vary. */
  private correlation(a: number, b: number): number {
    const { activity, samples, units } = this;
    let meanA = 0;
    let meanB = 0;
    for (let n = 0; n < samples; n++) {
      meanA += activity[n * units + a]! / samples;
      meanB += activity[n * units + b]! / samples;
    }
    let product = 0;
    let squareA = 0;
    let squareB = 0;
    for (let n = 0; n < samples; n++) {
      const x = activity[n * units + a]! - meanA;
      const y = activity[n * units + b]! - meanB;
      product += x * y;
      squareA += x * x;
      squareB += y * y;
    }
    return product / Math.sqrt(squareA * squareB);
  }
}
