/** Digits of the keys: three passes of 11 bits. */
const DIGITS: usize = 2048;
const DIGIT_BYTES: usize = DIGITS * 4;

/**
 * How often each bin of a unit's activity meets each class: bin 0 is zero, the others lie between quantiles of the
 * other values, as `binEdges` and `binCounts` in quantileBins.ts say. Chunk = block of units.
 * @param scratch uint32 keys `[unitBlock + 2, samples]`, digits `[3, 2048]`, edges `[bins − 1]`
 * @param activity float32 `[samples, units]`
 * @param labels int32 `[samples]`
 * @param counts int32 `[units, bins + 1, classes]`, zeros at first
 */
export function binnedCounts(
  chunk: u32,
  scratch: usize,
  activity: usize,
  labels: usize,
  samples: u32,
  units: u32,
  classes: u32,
  bins: u32,
  counts: usize,
  unitBlock: u32,
): void {
  const keyBytes = (<usize>samples) << 2;
  const keys = scratch;
  const spare = keys + keyBytes;
  const columns = spare + keyBytes;
  const digits = columns + <usize>unitBlock * keyBytes;
  const edges = digits + 3 * DIGIT_BYTES;
  const from = chunk * unitBlock;
  const to = min(from + unitBlock, units);
  for (let n: usize = 0; n < <usize>samples; n++) {
    const row = activity + ((n * units) << 2);
    for (let unit = from; unit < to; unit++) {
      const key = keyOf(load<u32>(row + ((<usize>unit) << 2)));
      store<u32>(columns + <usize>(unit - from) * keyBytes + (n << 2), key);
    }
  }
  for (let unit = from; unit < to; unit++) {
    const column = columns + <usize>(unit - from) * keyBytes;
    memory.fill(digits, 0, 3 * DIGIT_BYTES);
    let end = keys;
    for (let at = column; at < column + keyBytes; at += 4) {
      const key = load<u32>(at);
      // Zeros are written as well, and written over: no branch to guess.
      const counts = <u32>(key != ZERO);
      store<u32>(end, key);
      end += (<usize>counts) << 2;
      countDigit(digits, key & 2047, counts);
      countDigit(digits + DIGIT_BYTES, (key >> 11) & 2047, counts);
      countDigit(digits + 2 * DIGIT_BYTES, key >> 22, counts);
    }
    const bytes = end - keys;
    sortByDigit(keys, spare, bytes, digits, 0);
    sortByDigit(spare, keys, bytes, digits + DIGIT_BYTES, 11);
    sortByDigit(keys, spare, bytes, digits + 2 * DIGIT_BYTES, 22);
    const length = <u64>(bytes >> 2);
    for (let j: u32 = 1; j < bins; j++) {
      const place = <usize>((<u64>j * length) / <u64>bins);
      const edge = length == 0 ? u32.MAX_VALUE : load<u32>(spare + (place << 2));
      store<u32>(edges + ((<usize>(j - 1)) << 2), edge);
    }
    const table = counts + <usize>unit * ((<usize>((bins + 1) * classes)) << 2);
    for (let n: usize = 0; n < <usize>samples; n++) {
      const key = load<u32>(column + (n << 2));
      const bin = select<u32>(0, 1 + edgesUpTo(key, edges, bins - 1), key == ZERO);
      const cell = table + ((<usize>(bin * classes + load<u32>(labels + (n << 2)))) << 2);
      store<u32>(cell, load<u32>(cell) + 1);
    }
  }
}

/** Key of 0, and of −0. */
const ZERO: u32 = 0x80000000;

/** A number that is ordered as the float32 with these bits. */
function keyOf(bits: u32): u32 {
  if (bits << 1 == 0) return ZERO;
  return bits ^ ((<u32>((<i32>bits) >> 31)) | 0x80000000);
}

function countDigit(digits: usize, digit: u32, by: u32): void {
  const at = digits + ((<usize>digit) << 2);
  store<u32>(at, load<u32>(at) + by);
}

/** One pass of a radix sort, stable. */
function sortByDigit(from: usize, to: usize, bytes: usize, digits: usize, shift: u32): void {
  let place = to;
  for (let at = digits; at < digits + DIGIT_BYTES; at += 4) {
    const count = <usize>load<u32>(at);
    store<u32>(at, <u32>place);
    place += count << 2;
  }
  for (let at = from; at < from + bytes; at += 4) {
    const key = load<u32>(at);
    const digit = digits + ((<usize>((key >> shift) & 2047)) << 2);
    const target = load<u32>(digit);
    store<u32>(<usize>target, key);
    store<u32>(digit, target + 4);
  }
}

/** How many of the ascending edges are ≤ key. */
function edgesUpTo(key: u32, edges: usize, count: u32): u32 {
  let low: u32 = 0;
  let length = count;
  while (length > 0) {
    const half = length >> 1;
    const above = load<u32>(edges + ((<usize>(low + half)) << 2)) <= key;
    low = select<u32>(low + half + 1, low, above);
    length = select<u32>(length - half - 1, half, above);
  }
  return low;
}
