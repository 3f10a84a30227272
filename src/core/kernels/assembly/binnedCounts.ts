import { largestLane, VECTOR } from './shared/mathematics';
import { sortKeys } from './shared/sort';

/** Equal intervals that a unit's values are counted in, and one more for zeros. */
const INTERVALS: u32 = 2048;
const INTERVAL_BYTES: usize = 4 * (<usize>INTERVALS + 1);
/** Values at once. */
const STEP: usize = 4 * VECTOR;

/**
 * How often each bin of a unit's activity meets each class: bin 0 is zero, the others lie between quantiles of the
 * other values, as `binEdges` and `binCounts` in quantileBins.ts say. Only the values in the intervals that hold a
 * quantile are sorted. Chunk = block of units.
 * @param scratch 4 bytes each: `[unitBlock + 3, length]`, counts and marks of intervals `[2, 2049]`, digits
 *   `[3, 2048]`, places `[bins]` up to a multiple of 4, edges `[bins, 4]`; length = samples up to a multiple of 16
 * @param activity float32 `[samples, units]`
 * @param labels int32 `[length]`
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
  const bytes = (<usize>samples) << 2;
  const columnBytes = ((<usize>samples + 15) & ~15) << 2;
  const cells = scratch;
  const keys = cells + columnBytes;
  const spare = keys + columnBytes;
  const columns = spare + columnBytes;
  const intervals = columns + <usize>unitBlock * columnBytes;
  const marks = intervals + INTERVAL_BYTES;
  const digits = marks + INTERVAL_BYTES;
  const places = digits + 3 * 2048 * 4;
  const edges = places + (((<usize>bins + 3) & ~3) << 2);
  const from = chunk * unitBlock;
  const to = min(from + unitBlock, units);
  for (let n: usize = 0; n < <usize>samples; n++) {
    const row = activity + ((n * units) << 2);
    let place = columns + (n << 2);
    for (let unit = from; unit < to; unit++) {
      store<f32>(place, load<f32>(row + ((<usize>unit) << 2)));
      place += columnBytes;
    }
  }
  for (let unit = from; unit < to; unit++) {
    const column = columns + <usize>(unit - from) * columnBytes;
    for (let at = bytes; at < columnBytes; at += 4) store<f32>(column + at, 0);
    countIntervals(column, columnBytes, cells, intervals);
    const zeros = load<u32>(intervals + 4 * <usize>INTERVALS) - <u32>((columnBytes - bytes) >> 2);
    placeEdges(samples - zeros, bins, intervals, marks, places);
    const end = keepMarked(column, columnBytes, cells, marks, keys);
    sortKeys(keys, spare, end - keys, digits);
    for (let j: usize = 0; j + 1 < <usize>bins; j++) {
      const sorted = spare + ((<usize>load<u32>(places + (j << 2))) << 2);
      const edge = end == keys ? i32.MAX_VALUE : <i32>(load<u32>(sorted) ^ 0x80000000);
      v128.store(edges + (j << 4), i32x4.splat(edge));
    }
    listCells(column, columnBytes, labels, classes, edges, edges + ((<usize>(bins - 1)) << 4), cells);
    const table = counts + <usize>unit * ((<usize>((bins + 1) * classes)) << 2);
    for (let at = cells; at < cells + bytes; at += 4) countOne(table, load<u32>(at));
  }
}

function countOne(table: usize, index: u32): void {
  const at = table + ((<usize>index) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Numbers ordered, with signs, as the float32 are; that of −0 is that of 0. */
function keysOf(x: v128): v128 {
  const bits = f32x4.add(x, f32x4.splat(0));
  return v128.xor(bits, v128.and(i32x4.shr_s(bits, 31), i32x4.splat(0x7fffffff)));
}

/** Writes which interval between the least and the largest value each is in, zeros in one of their own; counts them. */
function countIntervals(column: usize, bytes: usize, cells: usize, intervals: usize): void {
  const zero = f32x4.splat(0);
  let least = zero;
  let most = zero;
  for (let at = column; at < column + bytes; at += VECTOR) {
    const x = v128.load(at);
    least = f32x4.pmin(least, x);
    most = f32x4.pmax(most, x);
  }
  const low = f32x4.splat(-largestLane(f32x4.neg(least)));
  const range = largestLane(most) - f32x4.extract_lane(low, 0);
  const scale = f32x4.splat(<f32>INTERVALS / range);
  const last = i32x4.splat(INTERVALS - 1);
  const zeros = i32x4.splat(INTERVALS);
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const x = v128.load(column + at);
    // Rounding keeps the order; what is not a number is 0, for all or for the least alone.
    const interval = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(x, low), scale));
    v128.store(cells + at, v128.bitselect(zeros, i32x4.min_s(interval, last), f32x4.eq(x, zero)));
  }
  memory.fill(intervals, 0, INTERVAL_BYTES);
  for (let at = cells; at < cells + bytes; at += 4) countOne(intervals, load<u32>(at));
}

/** Marks the intervals that hold an edge, and tells where the edges are among the sorted values of these. */
function placeEdges(length: u32, bins: u32, intervals: usize, marks: usize, places: usize): void {
  memory.fill(marks, 0, INTERVAL_BYTES);
  if (length == 0) return;
  let interval: usize = 0;
  let before: u32 = 0;
  let kept: u32 = 0;
  for (let j: u32 = 1; j < bins; j++) {
    const place = <u32>((<u64>j * length) / <u64>bins);
    let count = load<u32>(intervals + (interval << 2));
    while (before + count <= place) {
      before += count;
      kept += count * load<u32>(marks + (interval << 2));
      interval += 1;
      count = load<u32>(intervals + (interval << 2));
    }
    store<u32>(marks + (interval << 2), 1);
    store<u32>(places + ((<usize>(j - 1)) << 2), kept + place - before);
  }
}

/** Lists the keys of the values in marked intervals, as numbers without sign. */
function keepMarked(column: usize, bytes: usize, cells: usize, marks: usize, keys: usize): usize {
  let end = keys;
  for (let at: usize = 0; at < bytes; at += 4) {
    const bits = load<i32>(column + at);
    const marked = load<u32>(marks + ((<usize>load<u32>(cells + at)) << 2));
    // Written in any case: no branch to guess.
    store<i32>(end, bits ^ ((bits >> 31) | i32.MIN_VALUE));
    end += (<usize>marked) << 2;
  }
  return end;
}

/** Writes the place of each value in the table of counts: bin · classes + label. */
function listCells(
  column: usize,
  bytes: usize,
  labels: usize,
  classes: u32,
  edges: usize,
  edgesEnd: usize,
  cells: usize,
): void {
  const ones = i32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += STEP) {
    const a = keysOf(v128.load(column + at));
    const b = keysOf(v128.load(column + at, 16));
    const c = keysOf(v128.load(column + at, 32));
    const d = keysOf(v128.load(column + at, 48));
    let aBin = ones;
    let bBin = ones;
    let cBin = ones;
    let dBin = ones;
    for (let place = edges; place < edgesEnd; place += VECTOR) {
      const edge = v128.load(place);
      aBin = i32x4.sub(aBin, i32x4.ge_s(a, edge));
      bBin = i32x4.sub(bBin, i32x4.ge_s(b, edge));
      cBin = i32x4.sub(cBin, i32x4.ge_s(c, edge));
      dBin = i32x4.sub(dBin, i32x4.ge_s(d, edge));
    }
    storeCells(cells + at, a, aBin, labels + at, classes);
    storeCells(cells + at + 16, b, bBin, labels + at + 16, classes);
    storeCells(cells + at + 32, c, cBin, labels + at + 32, classes);
    storeCells(cells + at + 48, d, dBin, labels + at + 48, classes);
  }
}

function storeCells(at: usize, keys: v128, bins: v128, labels: usize, classes: u32): void {
  const bin = v128.and(bins, i32x4.ne(keys, i32x4.splat(0)));
  v128.store(at, i32x4.add(i32x4.mul(bin, i32x4.splat(classes)), v128.load(labels)));
}
