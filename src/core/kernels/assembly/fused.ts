import { VECTOR } from './shared/mathematics';
import { addProducts, PANEL_BYTES } from './shared/panels';
import { ACCOUNT, closeAccount, openAccount, scorePair, Task } from './shared/scoring';

/** Which taps of a unit's change reach a position, and by how much: pairs of address of weights and factor. */
const TAP: usize = 8;

/**
 * Ablates units that one dense or convolution layer with a rectifier follows, then only linear operations:
 * z' = z + Σ over the taps of delta · weights, scores + (rectified z' − rectified z) · map.
 * Loops unit → position → sample, so that a position's part of the map stays in the cache.
 * Chunk = block of samples · units + unit.
 * @param scratch see `fusedScratch` in fused.ts
 * @param deltas float32 `[samples, elements]`, clamped − plain
 * @param preactivations float32 `[samples, positions, hidden]`, `hidden` a multiple of 4
 * @param weights float32 `[rows, hidden]`
 * @param map float32 `[panels, positions, hidden / 4, 12, 4]`
 * @param tapStarts uint32 `[positions + 1]`; of a position p the taps tapStarts[p] … tapStarts[p + 1] − 1
 * @param taps uint32 `[taps, 2]`: element and row of weights of channel 0
 * @param multiplier neighbouring channels of a unit
 */
export function fused(
  chunk: u32,
  scratch: usize,
  task: Task,
  deltas: usize,
  elements: u32,
  preactivations: usize,
  weights: usize,
  map: usize,
  positions: u32,
  hidden: u32,
  tapStarts: usize,
  taps: usize,
  slope: f32,
  most: f32,
  firstUnit: u32,
  multiplier: u32,
  sampleBlock: u32,
): void {
  const unit = chunk % task.units;
  const block = chunk / task.units;
  const from = block * sampleBlock;
  const to = min(from + sampleBlock, task.samples);
  const rowBytes = (<usize>task.width) << 2;
  const hiddenBytes = (<usize>hidden) << 2;
  const positionPanel = ((<usize>hidden) >> 2) * PANEL_BYTES;
  const panel = positionPanel * positions;
  const firstChannel = (firstUnit + unit) * multiplier;

  const account = scratch;
  const rows = account + ACCOUNT;
  const changed = rows + <usize>sampleBlock * rowBytes;
  const values = changed + ((((<usize>sampleBlock) << 2) + 15) & ~15);
  const places = values + hiddenBytes;
  const sums = places + hiddenBytes;
  const reached = sums + hiddenBytes;

  memory.fill(changed, 0, (<usize>sampleBlock) << 2);
  for (let position: u32 = 0; position < positions; position++) {
    const firstTap = taps + ((<usize>load<u32>(tapStarts + ((<usize>position) << 2))) << 3);
    const lastTap = taps + ((<usize>load<u32>(tapStarts + ((<usize>position) << 2), 4)) << 3);
    const positionMap = map + <usize>position * positionPanel;
    for (let n = from; n < to; n++) {
      const sample = deltas + ((<usize>n * elements) << 2);
      let end = reached;
      for (let tap = firstTap; tap < lastTap; tap += TAP) {
        const element = load<u32>(tap) + firstChannel;
        const row = load<u32>(tap, 4) + firstChannel;
        for (let k: u32 = 0; k < multiplier; k++) {
          const delta = load<f32>(sample + ((<usize>(element + k)) << 2));
          if (delta == 0) continue;
          store<u32>(end, <u32>(weights + <usize>(row + k) * hiddenBytes));
          store<f32>(end, delta, 4);
          end += TAP;
        }
      }
      if (end == reached) continue;
      const z = preactivations + (<usize>n * positions + position) * hiddenBytes;
      const count = rectifiedChange(z, reached, end, hiddenBytes, slope, most, values, places, sums);
      const row = rows + <usize>(n - from) * rowBytes;
      if (load<u32>(changed + ((<usize>(n - from)) << 2)) == 0) {
        store<u32>(changed + ((<usize>(n - from)) << 2), 1);
        memory.copy(row, task.scores + <usize>n * rowBytes, rowBytes);
      }
      let part = positionMap;
      for (let at: usize = 0; at < rowBytes; at += 48) {
        addProducts(row + at, values, places, count, part);
        part += panel;
      }
    }
  }
  openAccount(account);
  for (let n = from; n < to; n++) {
    if (load<u32>(changed + ((<usize>(n - from)) << 2)) == 0) continue;
    scorePair(task, unit, n, rows + <usize>(n - from) * rowBytes, account);
  }
  store<f64>(task.lossGrowth + ((<usize>(block * task.units + unit)) << 3), closeAccount(account));
}

/**
 * What the taps change behind the rectifier: vectors of four that are not all 0 go to `values`, their places in a
 * panel of the map (in bytes) to `places`.
 * @returns how many vectors
 */
function rectifiedChange(
  z: usize,
  reached: usize,
  end: usize,
  bytes: usize,
  slope: f32,
  most: f32,
  values: usize,
  places: usize,
  sums: usize,
): u32 {
  const zero = f32x4.splat(0);
  const slopes = f32x4.splat(slope);
  const tops = f32x4.splat(most);
  // All but the last tap are added up first, two at a time.
  let source = z;
  let tap = reached;
  while (end - tap > 2 * TAP) {
    const first = f32x4.splat(load<f32>(tap, 4));
    const second = f32x4.splat(load<f32>(tap, 12));
    const firstWeights = <usize>load<u32>(tap);
    const secondWeights = <usize>load<u32>(tap, 8);
    for (let at: usize = 0; at < bytes; at += VECTOR) {
      const one = f32x4.add(v128.load(source + at), f32x4.mul(first, v128.load(firstWeights + at)));
      v128.store(sums + at, f32x4.add(one, f32x4.mul(second, v128.load(secondWeights + at))));
    }
    source = sums;
    tap += 2 * TAP;
  }
  const two = end - tap == 2 * TAP;
  const first = f32x4.splat(load<f32>(tap, 4));
  const second = f32x4.splat(two ? load<f32>(tap, 12) : 0);
  const firstWeights = <usize>load<u32>(tap);
  const secondWeights = two ? <usize>load<u32>(tap, 8) : firstWeights;
  let count: u32 = 0;
  let place: u32 = 0;
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const plain = v128.load(z + at);
    let x = f32x4.add(v128.load(source + at), f32x4.mul(first, v128.load(firstWeights + at)));
    if (two) x = f32x4.add(x, f32x4.mul(second, v128.load(secondWeights + at)));
    const after = f32x4.add(f32x4.pmin(f32x4.pmax(x, zero), tops), f32x4.mul(f32x4.pmin(x, zero), slopes));
    const before = f32x4.add(
      f32x4.pmin(f32x4.pmax(plain, zero), tops),
      f32x4.mul(f32x4.pmin(plain, zero), slopes),
    );
    const change = f32x4.sub(after, before);
    v128.store(values + ((<usize>count) << 4), change);
    store<u32>(places + ((<usize>count) << 2), place);
    count += <u32>v128.any_true(f32x4.ne(change, zero));
    place += <u32>PANEL_BYTES;
  }
  return count;
}
