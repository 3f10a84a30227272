import { VECTOR } from './shared/mathematics';

/**
 * Sums over samples of units' activity: by class, how many are above 0, least and largest. Chunk = block of units.
 * @param activity float32 `[samples, units]`
 * @param labels int32 `[samples]`
 * @param byClass float64 `[classes, units]`, zeros at first
 * @param active int32 `[units]`, zeros at first
 * @param extremes float32 `[2, units]`: least, which starts at infinity, and largest, at minus infinity
 * @param units a multiple of 4
 * @param unitBlock a multiple of 4
 */
export function unitSums(
  chunk: u32,
  scratch: usize,
  activity: usize,
  labels: usize,
  samples: u32,
  units: u32,
  byClass: usize,
  active: usize,
  extremes: usize,
  unitBlock: u32,
): void {
  const rowBytes = (<usize>units) << 2;
  const from = (<usize>chunk * unitBlock) << 2;
  const to = min(from + ((<usize>unitBlock) << 2), rowBytes);
  const zero = f32x4.splat(0);
  const largest = extremes + rowBytes;
  for (let n: usize = 0; n < <usize>samples; n++) {
    const row = activity + n * rowBytes;
    const sums = byClass + <usize>load<u32>(labels + (n << 2)) * 2 * rowBytes;
    for (let at = from; at < to; at += VECTOR) {
      const x = v128.load(row + at);
      const sum = sums + 2 * at;
      v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(x)));
      const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 0, 1));
      v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
      // What is above 0 is −1 in the comparison.
      v128.store(active + at, i32x4.sub(v128.load(active + at), f32x4.gt(x, zero)));
      v128.store(extremes + at, f32x4.pmin(v128.load(extremes + at), x));
      v128.store(largest + at, f32x4.pmax(v128.load(largest + at), x));
    }
  }
}
