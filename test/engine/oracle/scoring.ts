/** What rows of class scores say, in plain float64 JavaScript. */

/** Class of the largest score, the lowest on a tie; for a single score whether it is above one half. */
export function predictedOf(row: Float32Array): number {
  if (row.length === 1) return Number((row[0] as number) > 0.5);
  let best = 0;
  row.forEach((value, i) => {
    if (value > (row[best] as number)) best = i;
  });
  return best;
}

/** Distance of the two best scores; of the threshold for a single score. */
export function gapOf(row: Float32Array): number {
  if (row.length === 1) return Math.abs((row[0] as number) - 0.5);
  const [first, second] = [...row].sort((a, b) => b - a);
  return (first as number) - (second as number);
}

/** Cross-entropy of a row of softmax logits, or of one sigmoid logit. */
export function crossEntropy(row: Float32Array, label: number): number {
  if (row.length === 1) {
    const signed = label === 1 ? (row[0] as number) : -(row[0] as number);
    return signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed;
  }
  const top = Math.max(...row);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - top);
  return Math.log(sum) + top - (row[label] as number);
}

/** Cross-entropy of a row of probabilities, clipped at 1e-7. */
export function probabilityLoss(row: Float32Array, label: number): number {
  return -Math.log(Math.min(Math.max(row[label] as number, 1e-7), 1 - 1e-7));
}

/** Class means this close, relative to the larger, may change places by single-precision rounding. */
const EQUAL_MEANS = 1e-5;

/**
 * Class selectivity index from sums of activations per class; NaN where it is not defined. `preferred_also` are
 * the classes that rounding could prefer as well.
 */
export function selectivity(
  sums: Float64Array,
  counts: Float64Array,
): { selectivity: number; preferred_class: number; preferred_also: number[] } {
  const means: { label: number; mean: number }[] = [];
  counts.forEach((count, label) => {
    if (count > 0) means.push({ label, mean: (sums[label] as number) / count });
  });
  const best = means.reduce((a, b) => (b.mean > a.mean ? b : a));
  const others = means.filter((entry) => entry !== best);
  const rest = others.reduce((sum, entry) => sum + entry.mean, 0) / others.length;
  const above = best.mean - rest;
  const below = best.mean + rest;
  if (above === 0 && below === 0) return { selectivity: 0, preferred_class: -1, preferred_also: [] };
  const near = others.filter(({ mean }) => best.mean - mean <= EQUAL_MEANS * Math.abs(best.mean));
  return {
    selectivity: below > 0 ? above / below : NaN,
    preferred_class: best.label,
    preferred_also: near.map(({ label }) => label),
  };
}
