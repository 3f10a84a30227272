import { VECTOR } from './shared/mathematics';
import { ACCOUNT, closeAccount, openAccount, scorePair, Task } from './shared/scoring';

/** Samples that share a pass over the weights. */
const GROUP: u32 = 8;

/**
 * Ablates units that one dense layer with a ReLU follows, then only linear operations: the layer's active units say
 * how a change reaches the scores, and what changes sign is corrected (performance.md, case 2). With A the active
 * units of a sample and C those of its centre: scores + delta · (table of C ± Σ over the units in which A and C
 * differ of weight · map) + Σ over the units that flip of |z'| · map.
 * Chunk = block of samples.
 * @param scratch see `JacobianKernel`
 * @param deltas float32 `[samples, elements]`, clamped − plain; element = unit
 * @param preactivations float32 `[samples, hidden]`, `hidden` a multiple of 4
 * @param weights float32 `[elements, hidden]`; `columns` the same `[hidden, columnLength]`
 * @param lowest float32 `[2, hidden]`: least and largest weight to each hidden unit, over all elements
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
  weights: usize,
  columns: usize,
  columnLength: u32,
  lowest: usize,
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
  const whole = (units + 3) & ~3;
  const rowBytes = (<usize>task.width) << 2;
  const hiddenBytes = (<usize>hidden) << 2;
  const wholeBytes = (<usize>whole) << 2;

  const accounts = scratch;
  const rows = accounts + <usize>units * ACCOUNT;
  const changes = rows + <usize>GROUP * units * rowBytes;
  const differing = changes + <usize>GROUP * wholeBytes;
  const differingEnds = differing + <usize>GROUP * 2 * hiddenBytes;
  const candidates = differingEnds + 64;
  const lane = candidates + hiddenBytes;

  for (let unit: u32 = 0; unit < units; unit++) openAccount(accounts + <usize>unit * ACCOUNT);
  for (let first = from; first < to; first += GROUP) {
    const last = min(first + GROUP, to);
    for (let n = first; n < last; n++) {
      const g = <usize>(n - first);
      const own = changes + g * wholeBytes;
      store<u32>(own + wholeBytes - 4, 0);
      store<u32>(own + wholeBytes - 8, 0);
      store<u32>(own + wholeBytes - 12, 0);
      memory.copy(own, deltas + ((<usize>(n * elements + firstUnit)) << 2), (<usize>units) << 2);
      const centre = load<u32>(nearest + ((<usize>n) << 2));
      const end = listDiffering(
        patterns + ((<usize>(n * words)) << 3),
        centres + ((<usize>(centre * words)) << 3),
        words,
        map,
        hidden,
        rowBytes,
        differing + g * 2 * hiddenBytes,
      );
      store<u32>(differingEnds + (g << 2), <u32>end);
    }
    for (let unit: u32 = 0; unit < units; unit++) {
      const own = weights + <usize>(firstUnit + unit) * hiddenBytes;
      for (let n = first; n < last; n++) {
        const g = <usize>(n - first);
        const delta = load<f32>(changes + g * wholeBytes + ((<usize>unit) << 2));
        if (delta == 0) continue;
        const centre = load<u32>(nearest + ((<usize>n) << 2));
        const start = table + <usize>(centre * elements + firstUnit + unit) * rowBytes;
        const list = differing + g * 2 * hiddenBytes;
        const end = <usize>load<u32>(differingEnds + (g << 2));
        const scores = task.scores + <usize>n * rowBytes;
        const row = rows + <usize>(<u32>g * units + unit) * rowBytes;
        for (let panel: usize = 0; panel < rowBytes; panel += 48) {
          followJacobian(start, list, end, own, scores, delta, row, panel);
        }
      }
    }
    for (let n = first; n < last; n++) {
      const g = <usize>(n - first);
      const own = changes + g * wholeBytes;
      const z = preactivations + <usize>n * hiddenBytes;
      const end = listCandidates(z, own, wholeBytes, lowest, hiddenBytes, candidates);
      const ownRows = rows + g * units * rowBytes;
      for (let at = candidates; at < end; at += 4) {
        const j = <usize>load<u32>(at);
        const column = columns + ((j * columnLength + firstUnit) << 2);
        correctFlips(
          load<f32>(z + (j << 2)),
          own,
          column,
          wholeBytes,
          ownRows,
          map + j * rowBytes,
          rowBytes,
          lane,
        );
      }
      for (let unit: u32 = 0; unit < units; unit++) {
        if (load<f32>(own + ((<usize>unit) << 2)) == 0) continue;
        scorePair(task, unit, n, ownRows + <usize>unit * rowBytes, accounts + <usize>unit * ACCOUNT);
      }
    }
  }
  for (let unit: u32 = 0; unit < units; unit++) {
    const growth = task.lossGrowth + ((<usize>(chunk * units + unit)) << 3);
    store<f64>(growth, closeAccount(accounts + <usize>unit * ACCOUNT));
  }
}

/** Lists in which hidden units a sample and its centre differ: offset of the weight, address in the (negated) map. */
function listDiffering(
  pattern: usize,
  centre: usize,
  words: u32,
  map: usize,
  hidden: u32,
  rowBytes: usize,
  list: usize,
): usize {
  const negated = map + <usize>hidden * rowBytes;
  for (let at: u32 = 0; at < words; at++) {
    const active = load<u64>(pattern + ((<usize>at) << 3));
    let word = active ^ load<u64>(centre + ((<usize>at) << 3));
    while (word != 0) {
      const bit = ctz(word);
      const j = at * 64 + <u32>bit;
      const rows = ((active >> bit) & 1) == 1 ? map : negated;
      store<u32>(list, j << 2);
      store<u32>(list, <u32>(rows + <usize>j * rowBytes), 4);
      list += 8;
      word &= word - 1;
    }
  }
  return list;
}

/** Writes twelve scores: scores + delta · (start + Σ over the list of weight · map). */
function followJacobian(
  start: usize,
  list: usize,
  end: usize,
  weights: usize,
  scores: usize,
  delta: f32,
  row: usize,
  panel: usize,
): void {
  let a = v128.load(start + panel);
  let b = v128.load(start + panel, 16);
  let c = v128.load(start + panel, 32);
  let d = f32x4.splat(0);
  let e = d;
  let f = d;
  // Two sums each, so that no addition waits for the one before.
  while (list + 8 < end) {
    const one = v128.load32_splat(weights + <usize>load<u32>(list));
    const two = v128.load32_splat(weights + <usize>load<u32>(list, 8));
    const oneMap = <usize>load<u32>(list, 4) + panel;
    const twoMap = <usize>load<u32>(list, 12) + panel;
    a = f32x4.add(a, f32x4.mul(one, v128.load(oneMap)));
    b = f32x4.add(b, f32x4.mul(one, v128.load(oneMap, 16)));
    c = f32x4.add(c, f32x4.mul(one, v128.load(oneMap, 32)));
    d = f32x4.add(d, f32x4.mul(two, v128.load(twoMap)));
    e = f32x4.add(e, f32x4.mul(two, v128.load(twoMap, 16)));
    f = f32x4.add(f, f32x4.mul(two, v128.load(twoMap, 32)));
    list += 16;
  }
  if (list < end) {
    const one = v128.load32_splat(weights + <usize>load<u32>(list));
    const oneMap = <usize>load<u32>(list, 4) + panel;
    a = f32x4.add(a, f32x4.mul(one, v128.load(oneMap)));
    b = f32x4.add(b, f32x4.mul(one, v128.load(oneMap, 16)));
    c = f32x4.add(c, f32x4.mul(one, v128.load(oneMap, 32)));
  }
  const factor = f32x4.splat(delta);
  a = f32x4.mul(factor, f32x4.add(a, d));
  b = f32x4.mul(factor, f32x4.add(b, e));
  c = f32x4.mul(factor, f32x4.add(c, f));
  v128.store(row + panel, f32x4.add(v128.load(scores + panel), a));
  v128.store(row + panel, f32x4.add(v128.load(scores + panel, 16), b), 16);
  v128.store(row + panel, f32x4.add(v128.load(scores + panel, 32), c), 32);
}

/** Lists the hidden units whose sign the changes, at their largest and of both signs, could turn. */
function listCandidates(
  z: usize,
  changes: usize,
  changeBytes: usize,
  lowest: usize,
  hiddenBytes: usize,
  list: usize,
): usize {
  const zero = f32x4.splat(0);
  let least = zero;
  let most = zero;
  for (let at: usize = 0; at < changeBytes; at += VECTOR) {
    const x = v128.load(changes + at);
    least = f32x4.pmin(least, x);
    most = f32x4.pmax(most, x);
  }
  least = f32x4.pmin(least, v128.shuffle<f32>(least, least, 2, 3, 0, 1));
  least = f32x4.pmin(least, v128.shuffle<f32>(least, least, 1, 0, 3, 2));
  most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
  for (let at: usize = 0; at < hiddenBytes; at += VECTOR) {
    const x = v128.load(z + at);
    const low = v128.load(lowest + at);
    const high = v128.load(lowest + hiddenBytes + at);
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

/** Adds |z'| · map to the scores of the units that turn the sign of one hidden unit. */
function correctFlips(
  z: f32,
  changes: usize,
  column: usize,
  bytes: usize,
  rows: usize,
  map: usize,
  rowBytes: usize,
  lane: usize,
): void {
  const zero = f32x4.splat(0);
  const before = f32x4.splat(z);
  const active = f32x4.gt(before, zero);
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const after = f32x4.add(before, f32x4.mul(v128.load(changes + at), v128.load(column + at)));
    let bits = i32x4.bitmask(v128.xor(f32x4.gt(after, zero), active));
    if (bits == 0) continue;
    v128.store(lane, f32x4.abs(after));
    while (bits != 0) {
      const k = <usize>ctz(bits);
      const factor = v128.load32_splat(lane + (k << 2));
      const row = rows + ((at >> 2) + k) * rowBytes;
      for (let c: usize = 0; c < rowBytes; c += VECTOR) {
        v128.store(row + c, f32x4.add(v128.load(row + c), f32x4.mul(factor, v128.load(map + c))));
      }
      bits &= bits - 1;
    }
  }
}
