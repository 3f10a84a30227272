/**
 * The rows of the `k` units that raise the loss most when deleted alone, the largest first; ties by row.
 * @param lossIncrease one a row; NaN where not measured
 */
export function topRows(lossIncrease: Float64Array, k: number): number[] {
  const rows = Array.from(lossIncrease, (_, row) => row).filter((row) => !Number.isNaN(lossIncrease[row]!));
  return rows.sort((a, b) => lossIncrease[b]! - lossIncrease[a]! || a - b).slice(0, k);
}

/** All pairs of some units, in the order of the units: the first with each after it, and so on. */
export function pairsOf<T>(units: readonly T[]): (readonly [T, T])[] {
  return units.flatMap((a, i) => units.slice(i + 1).map((b) => [a, b] as const));
}

/**
 * S = Δ_ab − Δ_a − Δ_b on the loss (science.md, "Pair synergy"): > 0 where two units back each other up, < 0 where
 * they overlap.
 */
export function synergy(both: number, a: number, b: number): number {
  return both - a - b;
}
