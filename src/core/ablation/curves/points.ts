/**
 * Numbers of units at which a curve is measured: round(i · units / points), i = 0 … points, both ends; each once,
 * where there are fewer units than points.
 */
export function curvePoints(units: number, points: number): number[] {
  const numbers = Array.from({ length: points + 1 }, (_, i) => Math.round((i * units) / points));
  return [...new Set(numbers)];
}
