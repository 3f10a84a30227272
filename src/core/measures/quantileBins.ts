/** Quantile bins of the non-zero values, beside the bin for zero (science.md, "Mutual information"). */
export const QUANTILE_BINS = 16;

/**
 * The edges between a unit's quantile bins.
 *
 * Let s(0) ≤ s(1) ≤ … ≤ s(m − 1) be the m non-zero values in ascending order (−0 is zero). Edge j = 1 … bins − 1 is
 * s(⌊j·m / bins⌋): an element of the data, never a mean of two. Zero is in bin 0; a non-zero value x is in bin
 * 1 + (the number of edges ≤ x). The bin is a function of the value alone, so equal values are never split; where
 * one value fills several quantiles, edges coincide and the bins between them stay empty. Without a non-zero value
 * all edges are Infinity.
 * @param values activations of one unit, finite; left as they are
 * @returns `[bins − 1]`, ascending
 */
export function binEdges(values: Float32Array, bins = QUANTILE_BINS): Float32Array {
  const sorted = values.filter((value) => value !== 0).sort();
  const edges = new Float32Array(bins - 1).fill(Infinity);
  if (sorted.length === 0) return edges;
  for (let j = 1; j < bins; j++) edges[j - 1] = sorted[Math.floor((j * sorted.length) / bins)]!;
  return edges;
}

/** The bin of a value: 0 for zero, else 1 + the number of edges ≤ value. */
export function binOf(value: number, edges: Float32Array): number {
  if (value === 0) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return 1 + low;
}

/**
 * How often each bin meets each class.
 * @param values activations of one unit, `[samples]`
 * @param labels `[samples]`
 * @param edges from {@link binEdges}
 * @returns `[edges.length + 2, classes]`: bin 0 is zero, the others are the quantile bins in ascending order
 */
export function binCounts(
  values: Float32Array,
  labels: Int32Array,
  classes: number,
  edges: Float32Array,
): Int32Array {
  const counts = new Int32Array((edges.length + 2) * classes);
  for (let n = 0; n < labels.length; n++) counts[binOf(values[n]!, edges) * classes + labels[n]!]! += 1;
  return counts;
}
