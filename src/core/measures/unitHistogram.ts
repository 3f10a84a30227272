/** How a unit's activations are spread: samples of each class between each two edges. */
export interface UnitHistogram {
  /** `[bins + 1]`, rising at equal distances from the least activation to the largest. */
  readonly edges: Float64Array;
  /** `[classes, bins]` */
  readonly counts: Float64Array;
}

/**
 * Counts activations in bins of equal width; a bin has its lower edge, the last one its upper edge too. A unit that
 * never varies stands in the middle of bins that are one wide in all.
 * @param activity `[samples]`, finite
 * @param labels `[samples]`
 */
export function unitHistogram(
  activity: Float32Array,
  labels: Int32Array,
  classes: number,
  bins: number,
): UnitHistogram {
  let least = Infinity;
  let most = -Infinity;
  for (const value of activity) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!(least < most)) [least, most] = [least - 0.5, least + 0.5];
  const edges = Float64Array.from({ length: bins + 1 }, (_, e) => least + ((most - least) * e) / bins);
  edges[bins] = most;
  const counts = new Float64Array(classes * bins);
  activity.forEach((value, n) => {
    let bin = Math.min(bins - 1, Math.floor(((value - least) / (most - least)) * bins));
    // Rounding must not put a value on the other side of its edge.
    if (value < edges[bin]!) bin -= 1;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin += 1;
    counts[labels[n]! * bins + bin]! += 1;
  });
  return { edges, counts };
}

/**
 * Mean activation on the samples of each class.
 * @param activity `[samples]`
 * @param labels `[samples]`
 * @returns `[classes]`, NaN for a class without samples
 */
export function classMeans(activity: Float32Array, labels: Int32Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const sizes = new Float64Array(classes);
  activity.forEach((value, n) => {
    sums[labels[n]!]! += value;
    sizes[labels[n]!]! += 1;
  });
  return sums.map((sum, c) => sum / sizes[c]!);
}
