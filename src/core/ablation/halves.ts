/**
 * Cuts samples into two class-stratified halves: what is chosen on the first is measured on the second, because the
 * best of many noisy figures flatters itself.
 * @param indices in class-stratified order, of which every stretch is stratified (rounds.ts)
 */
export function halvesOf(indices: Int32Array): readonly [Int32Array, Int32Array] {
  const middle = Math.ceil(indices.length / 2);
  return [indices.slice(0, middle), indices.slice(middle)];
}
