/** Area under a curve by the trapezoid rule. */
export function areaUnder(x: readonly number[], y: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}

/**
 * (AUC − c) / (A − c): 0 for a network that is lost at the first deletion, 1 for one that nothing harms.
 * @param baseline A, the accuracy before any deletion
 * @param chance c, the largest class share
 * @returns null where the network is no better than chance
 */
export function relativeArea(auc: number, baseline: number, chance: number): number | null {
  return baseline > chance ? (auc - chance) / (baseline - chance) : null;
}

/**
 * Where a curve first reaches c + (A − c)/2, interpolated.
 * @param x fractions of units deleted
 * @param accuracy at each of them, the first being A
 * @param chance c, the largest class share
 * @returns null where it never does, or the network is no better than chance
 */
export function halfFraction(
  x: readonly number[],
  accuracy: readonly number[],
  chance: number,
): number | null {
  const baseline = accuracy[0];
  if (baseline === undefined || baseline <= chance) return null;
  const half = chance + (baseline - chance) / 2;
  for (let i = 1; i < x.length; i++) {
    const [before, here] = [accuracy[i - 1]!, accuracy[i]!];
    if (here <= half) return x[i - 1]! + ((before - half) / (before - here)) * (x[i]! - x[i - 1]!);
  }
  return null;
}
