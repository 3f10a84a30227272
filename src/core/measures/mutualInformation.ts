import { binCounts, binEdges, QUANTILE_BINS } from './quantileBins';

/** Mutual information between a unit's activation and the class, in bits. */
export interface Information {
  /** Of the counted shares as they are: at least 0, and biased upwards. */
  readonly raw: number;
  /** With Miller and Madow's correction; may be negative. */
  readonly corrected: number;
}

/** The same of several units, one entry each. */
export interface UnitInformation {
  readonly raw: Float64Array;
  readonly corrected: Float64Array;
}

/** Units whose columns are copied out together: a cache line of float32. */
const COLUMNS = 16;

/**
 * Mutual information of a table of counts, I = Σ p(a, y) log2 [p(a, y) / (p(a) p(y))], and the same corrected after
 * Miller and Madow (Miller 1955): each plug-in entropy is (K − 1) / (2n) nats too small, K its non-empty cells, so
 * corrected = raw − (K_joint − K_a − K_y + 1) / (2 n ln 2).
 * @param counts `[bins, classes]`; NaN for a table without counts
 */
export function informationOf(counts: Int32Array, classes: number): Information {
  const bins = counts.length / classes;
  const ofBin = new Float64Array(bins);
  const ofClass = new Float64Array(classes);
  let n = 0;
  let cells = 0;
  for (let bin = 0; bin < bins; bin++) {
    for (let c = 0; c < classes; c++) {
      const count = counts[bin * classes + c]!;
      if (count === 0) continue;
      cells += 1;
      n += count;
      ofBin[bin]! += count;
      ofClass[c]! += count;
    }
  }
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) {
    for (let c = 0; c < classes; c++) {
      const count = counts[bin * classes + c]!;
      if (count > 0) sum += count * Math.log2((n * count) / (ofBin[bin]! * ofClass[c]!));
    }
  }
  // Rounding must not make the information of an unrelated unit negative.
  const raw = Math.max(0, sum / n);
  const degrees = cells - filled(ofBin) - filled(ofClass) + 1;
  return { raw, corrected: raw - degrees / (2 * n * Math.LN2) };
}

function filled(sums: Float64Array): number {
  return sums.reduce((count, sum) => (sum > 0 ? count + 1 : count), 0);
}

/**
 * How often each bin of each unit's activity meets each class: quantile bins of the non-zero values and one bin for
 * zero (see {@link binEdges}).
 * @param activity `[samples, units]`: means over positions or time
 * @param labels `[samples]`
 * @returns `[units, bins + 1, classes]`
 */
function activityCounts(
  activity: Float32Array,
  labels: Int32Array,
  units: number,
  classes: number,
  bins = QUANTILE_BINS,
): Int32Array {
  const samples = labels.length;
  const cells = (bins + 1) * classes;
  const counts = new Int32Array(units * cells);
  const columns = Array.from({ length: COLUMNS }, () => new Float32Array(samples));
  for (let first = 0; first < units; first += COLUMNS) {
    const width = Math.min(COLUMNS, units - first);
    for (let n = 0; n < samples; n++) {
      for (let k = 0; k < width; k++) columns[k]![n] = activity[n * units + first + k]!;
    }
    for (let k = 0; k < width; k++) {
      const values = columns[k]!;
      counts.set(binCounts(values, labels, classes, binEdges(values, bins)), (first + k) * cells);
    }
  }
  return counts;
}

/**
 * Mutual information of every unit of a site with the class, over quantile bins of the non-zero values and one bin
 * for zero (see {@link binEdges}).
 * @param activity `[samples, units]`: means over positions or time
 * @param labels `[samples]`
 * @returns bits, one entry a unit
 */
export function mutualInformation(
  activity: Float32Array,
  labels: Int32Array,
  units: number,
  classes: number,
  bins = QUANTILE_BINS,
): UnitInformation {
  return informationOfUnits(activityCounts(activity, labels, units, classes, bins), units, classes);
}

/**
 * The same from counts that were made elsewhere.
 * @param counts `[units, bins + 1, classes]`
 */
export function informationOfUnits(counts: Int32Array, units: number, classes: number): UnitInformation {
  const raw = new Float64Array(units);
  const corrected = new Float64Array(units);
  const cells = counts.length / units;
  for (let unit = 0; unit < units; unit++) {
    const information = informationOf(counts.subarray(unit * cells, (unit + 1) * cells), classes);
    raw[unit] = information.raw;
    corrected[unit] = information.corrected;
  }
  return { raw, corrected };
}
