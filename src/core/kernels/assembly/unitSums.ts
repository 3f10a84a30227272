import { VECTOR } from './shared/mathematics';

/**
 * Sums over samples of units' activity: by class, how many are above 0, least and largest. Chunk = block of samples,
 * whose rows are read as they lie in memory; each has sums of its own.
 * @param activity float32 `[samples, units]`
 * @param labels int32 `[samples]`
 * @param byClass float64 `[blocks, classes, units]`, zeros at first
 * @param active int32 `[blocks, units]`, zeros at first
 * @param extremes float32 `[blocks, 2, units]`: least, which starts at infinity, and largest, at minus infinity
 * @param units a multiple of 4
 */
export function unitSums(
  chunk: u32,
  scratch: usize,
  activity: usize,
  labels: usize,
  samples: u32,
  units: u32,
  classes: u32,
  byClass: usize,
  active: usize,
  extremes: usize,
  sampleBlock: u32,
): void {
  const rowBytes = (<usize>units) << 2;
  const zero = f32x4.splat(0);
  const ownSums = byClass + <usize>chunk * <usize>classes * 2 * rowBytes;
  const ownActive = active + <usize>chunk * rowBytes;
  const least = extremes + <usize>chunk * 2 * rowBytes;
  const largest = least + rowBytes;
  const from = chunk * sampleBlock;
  const to = min(from + sampleBlock, samples);
  for (let n = from; n < to; n++) {
    const row = activity + <usize>n * rowBytes;
    const sums = ownSums + <usize>load<u32>(labels + ((<usize>n) << 2)) * 2 * rowBytes;
    for (let at: usize = 0; at < rowBytes; at += VECTOR) {
      const x = v128.load(row + at);
      const sum = sums + 2 * at;
      v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(x)));
      const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 0, 1));
      v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
      // What is above 0 is −1 in the comparison.
      v128.store(ownActive + at, i32x4.sub(v128.load(ownActive + at), f32x4.gt(x, zero)));
      v128.store(least + at, f32x4.pmin(v128.load(least + at), x));
      v128.store(largest + at, f32x4.pmax(v128.load(largest + at), x));
    }
  }
}
