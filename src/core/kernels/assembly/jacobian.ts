import { VECTOR } from './shared/mathematics';
import { addRow, addThree, scaleRow } from './shared/rows';
import { ACCOUNT, closeAccount, openAccount, scorePair, Task } from './shared/scoring';

/** Units whose flips are looked for at once, and their bytes. */
const BLOCK: u32 = 16;
const BLOCK_BYTES: usize = 64;

/**
 * Ablates units that one dense layer with a ReLU follows, then only linear operations: the layer's active units say
 * how a change reaches the scores, and what changes sign is corrected (performance.md, case 2). With A the active
 * units of a sample and C those of its centre: scores + delta · (table of C ± Σ over the units in which A and C
 * differ of weight · map) + Σ over the units that flip of |z'| · map.
 * Chunk = block of samples.
 * @param scratch see `JacobianKernel`
 * @param deltas float32 `[samples, elements]`, clamped − plain; element = unit
 * @param preactivations float32 `[samples, hidden]`, `hidden` a multiple of 4
 * @param columns weights, float32 `[hidden, columnLength]`; a column has an element for each of the layer's input,
 *   and numbers that do not matter up to a multiple of 16
 * @param extremes float32 `[2, hidden]`: least and largest weight to each hidden unit
 * @param blockExtremes float32 `[hidden, 2, columnLength / 16 up to a multiple of 4]`: the same of 16 elements each
 * @param map float32 `[2, hidden, width]`: the linear map, and the same negated
 * @param patterns uint64 `[samples, words]`; `centres` `[centres, words]`; `nearest` uint32 `[samples]`
 * @param table float32 `[centres, elements, width]`
 */
export function jacobian(
  chunk: u32,
  scratch: usize,
  task: Task,
  deltas: usize,
  elements: u32,
  preactivations: usize,
  hidden: u32,
  columns: usize,
  columnLength: u32,
  extremes: usize,
  blockExtremes: usize,
  map: usize,
  patterns: usize,
  words: u32,
  centres: usize,
  nearest: usize,
  table: usize,
  firstUnit: u32,
  sampleBlock: u32,
): void {
  const from = chunk * sampleBlock;
  const to = min(from + sampleBlock, task.samples);
  const units = task.units;
  const rowBytes = (<usize>task.width) << 2;
  const hiddenBytes = (<usize>hidden) << 2;
  const columnBytes = (<usize>columnLength) << 2;
  const extremeBytes = blockRowBytes(columnLength / BLOCK);
  // Whole blocks of elements around the units.
  const before = firstUnit & (BLOCK - 1);
  const firstBlock = firstUnit / BLOCK;
  const blocks = (before + units + BLOCK - 1) / BLOCK;
  const blocksBytes = blockRowBytes(blocks);

  const accounts = scratch;
  const rows = accounts + <usize>units * ACCOUNT;
  const changes = rows + <usize>units * rowBytes;
  const leastChanges = changes + <usize>blocks * BLOCK_BYTES;
  const differing = leastChanges + 2 * blocksBytes;
  const candidates = differing + 2 * hiddenBytes;
  const active = candidates + hiddenBytes;
  const turned = active + ((((<usize>units + 3) & ~3) + 4) << 2);
  const own = changes + ((<usize>before) << 2);
  memory.fill(changes, 0, <usize>blocks * BLOCK_BYTES);
  for (let unit: u32 = 0; unit < units; unit++) openAccount(accounts + <usize>unit * ACCOUNT);
  for (let n = from; n < to; n++) {
    memory.copy(own, deltas + ((<usize>(n * elements + firstUnit)) << 2), (<usize>units) << 2);
    const activeEnd = listChanged(own, units, active);
    if (activeEnd == active) continue;
    const centre = load<u32>(nearest + ((<usize>n) << 2));
    const differingEnd = listDiffering(
      patterns + ((<usize>(n * words)) << 3),
      centres + ((<usize>(centre * words)) << 3),
      words,
      map,
      hidden,
      rowBytes,
      columns + ((<usize>firstUnit) << 2),
      columnBytes,
      differing,
    );
    const starts = table + <usize>(centre * elements + firstUnit) * rowBytes;
    const scores = task.scores + <usize>n * rowBytes;
    for (let at = active; at < activeEnd; at += 12) {
      const one = <usize>load<u32>(at);
      const two = <usize>load<u32>(at, 4);
      addThree(differing, differingEnd, one, two, <usize>load<u32>(at, 8), starts, rows, rowBytes);
    }
    for (let at = active; at < activeEnd; at += 4) {
      const unit = <usize>load<u32>(at);
      scaleRow(rows + unit * rowBytes, scores, load<f32>(own + (unit << 2)), rowBytes);
    }
    const z = preactivations + <usize>n * hiddenBytes;
    blockExtremesOf(changes, blocks, leastChanges, blocksBytes);
    const end = listCandidates(z, leastChanges, blocksBytes, extremes, hiddenBytes, candidates);
    for (let at = candidates; at < end; at += 4) {
      const j = <usize>load<u32>(at);
      correctFlips(
        load<f32>(z + (j << 2)),
        changes,
        leastChanges,
        blocksBytes,
        blockExtremes + j * 2 * extremeBytes + ((<usize>firstBlock) << 2),
        extremeBytes,
        columns + j * columnBytes + <usize>firstBlock * BLOCK_BYTES,
        rows - <usize>before * rowBytes,
        map + j * rowBytes,
        rowBytes,
        turned,
      );
    }
    for (let at = active; at < activeEnd; at += 4) {
      const unit = load<u32>(at);
      scorePair(task, unit, n, rows + <usize>unit * rowBytes, accounts + <usize>unit * ACCOUNT);
    }
  }
  for (let unit: u32 = 0; unit < units; unit++) {
    const growth = task.lossGrowth + ((<usize>(chunk * units + unit)) << 3);
    store<f64>(growth, closeAccount(accounts + <usize>unit * ACCOUNT));
  }
}

/** Bytes of a float32 for each block, in whole vectors. */
function blockRowBytes(blocks: u32): usize {
  return ((<usize>blocks + 3) & ~3) << 2;
}

/** Lists the units that change, and the last of them again up to a multiple of three. */
function listChanged(changes: usize, units: u32, list: usize): usize {
  let end = list;
  for (let unit: u32 = 0; unit < units; unit++) {
    // Written in any case: no branch to guess.
    store<u32>(end, unit);
    end += (<usize>(load<f32>(changes + ((<usize>unit) << 2)) != 0)) << 2;
  }
  if (end == list) return end;
  const last = load<u32>(end - 4);
  store<u32>(end, last);
  store<u32>(end, last, 4);
  return end;
}

/** Lists in which hidden units a sample and its centre differ: address of their weights, and in the (negated) map. */
function listDiffering(
  pattern: usize,
  centre: usize,
  words: u32,
  map: usize,
  hidden: u32,
  rowBytes: usize,
  columns: usize,
  columnBytes: usize,
  list: usize,
): usize {
  const negated = map + <usize>hidden * rowBytes;
  for (let at: u32 = 0; at < words; at++) {
    const active = load<u64>(pattern + ((<usize>at) << 3));
    let word = active ^ load<u64>(centre + ((<usize>at) << 3));
    while (word != 0) {
      const bit = ctz(word);
      const j = <usize>(at * 64 + <u32>bit);
      const rows = ((active >> bit) & 1) == 1 ? map : negated;
      store<u32>(list, <u32>(columns + j * columnBytes));
      store<u32>(list, <u32>(rows + j * rowBytes), 4);
      list += 8;
      word &= word - 1;
    }
  }
  return list;
}

/** The least and the largest change of each block of 16 units, or 0: first all the least, then all the largest. */
function blockExtremesOf(changes: usize, blocks: u32, least: usize, bytes: usize): void {
  memory.fill(least, 0, 2 * bytes);
  for (let block: usize = 0; block < <usize>blocks; block++) {
    const at = changes + block * BLOCK_BYTES;
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const low = f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d));
    const high = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
    const place = least + (block << 2);
    v128.store32_lane(place, leastLanes(low), 0);
    v128.store32_lane(place + bytes, largestLanes(high), 0);
  }
}

function leastLanes(x: v128): v128 {
  const pairs = f32x4.pmin(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.pmin(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
}

function largestLanes(x: v128): v128 {
  const pairs = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
}

/** Lists the hidden units whose sign the changes, at their largest and of both signs, could turn. */
function listCandidates(
  z: usize,
  blockLeast: usize,
  blockBytes: usize,
  extremes: usize,
  hiddenBytes: usize,
  list: usize,
): usize {
  const zero = f32x4.splat(0);
  let least = zero;
  let most = zero;
  for (let at: usize = 0; at < blockBytes; at += VECTOR) {
    least = f32x4.pmin(least, v128.load(blockLeast + at));
    most = f32x4.pmax(most, v128.load(blockLeast + blockBytes + at));
  }
  least = leastLanes(least);
  most = largestLanes(most);
  for (let at: usize = 0; at < hiddenBytes; at += VECTOR) {
    const x = v128.load(z + at);
    const low = v128.load(extremes + at);
    const high = v128.load(extremes + hiddenBytes + at);
    const down = f32x4.add(x, f32x4.pmin(f32x4.mul(least, high), f32x4.mul(most, low)));
    const up = f32x4.add(x, f32x4.pmax(f32x4.mul(least, low), f32x4.mul(most, high)));
    const active = f32x4.gt(x, zero);
    let bits = i32x4.bitmask(v128.bitselect(f32x4.le(down, zero), f32x4.gt(up, zero), active));
    while (bits != 0) {
      store<u32>(list, <u32>(at >> 2) + <u32>ctz(bits));
      list += 4;
      bits &= bits - 1;
    }
  }
  return list;
}

/**
 * Adds |z'| · map to the scores of the units that turn the sign of one hidden unit. Blocks of units that could not,
 * at their largest, are passed over. Lists are written before they are gone through, which leaves the processor few
 * branches to guess wrongly.
 * @param list room for two uint32 a block
 */
function correctFlips(
  z: f32,
  changes: usize,
  blockLeast: usize,
  blockBytes: usize,
  extremes: usize,
  extremeBytes: usize,
  column: usize,
  rows: usize,
  map: usize,
  rowBytes: usize,
  list: usize,
): void {
  // z + x ≤ 0 just where x ≤ −z, rounded or not.
  const threshold = f32x4.splat(-z);
  const active = z > 0;
  const inverse = active ? 0xffff : 0;
  let end = list;
  for (let first: usize = 0; first < blockBytes; first += 64 * 4) {
    const last = min(first + 64 * 4, blockBytes);
    let blocks: u64 = 0;
    for (let at = first; at < last; at += VECTOR) {
      const least = v128.load(blockLeast + at);
      const most = v128.load(blockLeast + blockBytes + at);
      const low = v128.load(extremes + at);
      const high = v128.load(extremes + extremeBytes + at);
      const down = f32x4.pmin(f32x4.mul(least, high), f32x4.mul(most, low));
      const up = f32x4.pmax(f32x4.mul(least, low), f32x4.mul(most, high));
      const turned = active ? f32x4.le(down, threshold) : f32x4.gt(up, threshold);
      blocks |= (<u64>i32x4.bitmask(turned)) << ((at - first) >> 2);
    }
    while (blocks != 0) {
      const block = (first >> 2) + <usize>ctz(blocks);
      blocks &= blocks - 1;
      const x = changes + block * BLOCK_BYTES;
      const weights = column + block * BLOCK_BYTES;
      const a = f32x4.gt(f32x4.mul(v128.load(x), v128.load(weights)), threshold);
      const b = f32x4.gt(f32x4.mul(v128.load(x, 16), v128.load(weights, 16)), threshold);
      const c = f32x4.gt(f32x4.mul(v128.load(x, 32), v128.load(weights, 32)), threshold);
      const d = f32x4.gt(f32x4.mul(v128.load(x, 48), v128.load(weights, 48)), threshold);
      const positive = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
      const bits = i8x16.bitmask(positive) ^ inverse;
      store<u32>(end, <u32>(block * BLOCK_BYTES));
      store<u32>(end, bits, 4);
      end += (<usize>(bits != 0)) << 3;
    }
  }
  for (let at = list; at < end; at += 8) {
    const block = <usize>load<u32>(at);
    let bits = load<u32>(at, 4);
    do {
      const place = block + ((<usize>ctz(bits)) << 2);
      const after = z + load<f32>(changes + place) * load<f32>(column + place);
      addRow(rows + (place >> 2) * rowBytes, map, abs(after), rowBytes);
      bits &= bits - 1;
    } while (bits != 0);
  }
}
