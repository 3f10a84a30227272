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
import { possibleDuplicates } from './possibleDuplicates';

/** Two units whose activations correlate more than this are duplicates. */
export const DUPLICATE_CORRELATION = 0.999;

/** Single precision may be this far off: what lies closer to the bound is computed again in float64. */
const ROUNDING = 1e-4;

/** Elements that a block of columns may have. */
const BLOCK_ELEMENTS = 8 * 2 ** 20;

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
  const left = await possibleDuplicates(activity, samples, units, DUPLICATE_CORRELATION - ROUNDING, control);
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
