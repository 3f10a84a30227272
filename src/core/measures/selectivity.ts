/** Class selectivity of one unit. */
export interface Selectivity {
  /** Between 0 and 1; NaN where it is undefined (a denominator ≤ 0). */
  readonly index: number;
  /** The class with the largest mean, −1 if undefined. */
  readonly preferred: number;
}

/**
 * Class selectivity index (Morcos et al. 2018): (μ_max − μ_−max) / (μ_max + μ_−max), where μ_max is the largest
 * class mean and μ_−max the mean of the other classes' means. A unit with 0/0 has index 0 and prefers no class.
 * @param means mean activation over the samples of each class; NaN for classes without samples
 */
export function classSelectivity(means: ArrayLike<number>): Selectivity {
  let preferred = -1;
  let present = 0;
  let sum = 0;
  for (let c = 0; c < means.length; c++) {
    const mean = means[c]!;
    if (Number.isNaN(mean)) continue;
    present += 1;
    sum += mean;
    if (preferred < 0 || mean > means[preferred]!) preferred = c;
  }
  if (present < 2) return { index: NaN, preferred };
  const largest = means[preferred]!;
  const others = (sum - largest) / (present - 1);
  if (largest === 0 && others === 0) return { index: 0, preferred: -1 };
  const denominator = largest + others;
  return { index: denominator > 0 ? (largest - others) / denominator : NaN, preferred };
}
