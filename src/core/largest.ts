/**
 * The first `count` of the numbers 0 … `total` − 1 in an order, found without sorting the rest.
 * @param isBefore a strict order; of two that it leaves equal the smaller number is first
 */
export function firstInOrder(
  count: number,
  total: number,
  isBefore: (a: number, b: number) => boolean,
): number[] {
  const found: number[] = [];
  for (let n = 0; n < total; n++) {
    if (found.length === count && !(count > 0 && isBefore(n, found[count - 1]!))) continue;
    let at = found.length;
    while (at > 0 && isBefore(n, found[at - 1]!)) at -= 1;
    found.splice(at, 0, n);
    if (found.length > count) found.pop();
  }
  return found;
}
