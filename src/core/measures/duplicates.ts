import { matMul, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Control } from '../control';

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
  const columns = new StandardColumns(activity, samples, units);
  const found = new Float64Array(units).fill(-1);
  for (let first = 0; first < units; first += width) {
    const last = Math.min(units, first + width);
    const own = columns.block(first, last);
    try {
      // Earlier blocks first: the first unit that is found is the lowest.
      for (let earlier = 0; earlier <= first; earlier += width) {
        const end = Math.min(units, earlier + width);
        const correlations = tidy(() =>
          matMul(own, earlier === first ? own : columns.block(earlier, end), false, true),
        );
        const values = correlations.dataSync<'float32'>();
        correlations.dispose();
        for (let unit = first; unit < last; unit++) {
          if (found[unit]! >= 0) continue;
          const row = values.subarray((unit - first) * (end - earlier), (unit - first + 1) * (end - earlier));
          found[unit] = columns.firstLike(unit, earlier, row);
        }
        await control.breathe();
      }
    } finally {
      own.dispose();
    }
  }
  return found;
}

/** Columns less their mean, divided by their length; a column that never varies is all zeros. */
class StandardColumns {
  private readonly means: Float64Array;
  /** 1 / √Σ (x − mean)²; 0 for a column that never varies. */
  private readonly scales: Float64Array;

  constructor(
    private readonly activity: Float32Array,
    private readonly samples: number,
    private readonly units: number,
  ) {
    const means = new Float64Array(units);
    const squares = new Float64Array(units);
    const varies = new Uint8Array(units);
    this.each((unit, value) => {
      means[unit]! += value / samples;
      if (value !== activity[unit]) varies[unit] = 1;
    });
    this.each((unit, value) => (squares[unit]! += (value - means[unit]!) ** 2));
    this.means = means;
    this.scales = squares.map((square, unit) => (varies[unit] === 1 ? 1 / Math.sqrt(square) : 0));
  }

  /** The columns of the units `first` … `last` − 1 as rows, `[last − first, samples]`. */
  block(first: number, last: number): Tensor2D {
    const { activity, samples, units } = this;
    const values = new Float32Array((last - first) * samples);
    for (let n = 0; n < samples; n++) {
      for (let unit = first; unit < last; unit++) {
        const value = (activity[n * units + unit]! - this.means[unit]!) * this.scales[unit]!;
        values[(unit - first) * samples + n] = value;
      }
    }
    return tensor2d(values, [last - first, samples]);
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

  /** Pearson correlation in float64; 0 with a column that never varies. */
  private correlation(a: number, b: number): number {
    const { activity, samples, units } = this;
    let sum = 0;
    for (let n = 0; n < samples; n++) {
      sum += (activity[n * units + a]! - this.means[a]!) * (activity[n * units + b]! - this.means[b]!);
    }
    return sum * this.scales[a]! * this.scales[b]!;
  }

  private each(visit: (unit: number, value: number) => void): void {
    const { activity, units } = this;
    for (let n = 0, at = 0; n < this.samples; n++) {
      for (let unit = 0; unit < units; unit++, at++) visit(unit, activity[at]!);
    }
  }
}
