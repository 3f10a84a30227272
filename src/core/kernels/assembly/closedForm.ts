import { VECTOR } from './shared/mathematics';
import { ACCOUNT, closeAccount, openAccount, scorePair, Task } from './shared/scoring';

/**
 * Ablates units that only linear operations follow: scores + Σ over the unit's elements e of delta(e) · map(e).
 * Chunk = block of samples · blocks of units + block of units.
 * @param scratch one account, one row of scores, and uint32 `[sampleBlock]`
 * @param deltas float32 `[samples, elements]`, clamped − plain
 * @param map float32 `[elements, width]`
 * @param channels of the last axis of the elements; `multiplier` neighbours belong to a unit
 */
export function closedForm(
  chunk: u32,
  scratch: usize,
  task: Task,
  deltas: usize,
  map: usize,
  elements: u32,
  channels: u32,
  multiplier: u32,
  firstUnit: u32,
  sampleBlock: u32,
  unitBlock: u32,
): void {
  const unitBlocks = (task.units + unitBlock - 1) / unitBlock;
  const block = chunk / unitBlocks;
  const firstOfBlock = (chunk % unitBlocks) * unitBlock;
  const lastUnit = min(firstOfBlock + unitBlock, task.units);
  const from = block * sampleBlock;
  const to = min(from + sampleBlock, task.samples);
  const rowBytes = (<usize>task.width) << 2;
  const account = scratch;
  const row = scratch + ACCOUNT;
  const list = row + rowBytes;
  const isSingle = multiplier == 1 && channels == elements;
  for (let unit = firstOfBlock; unit < lastUnit; unit++) {
    openAccount(account);
    const first = (firstUnit + unit) * multiplier;
    if (isSingle) {
      const end = listChanged(deltas + ((<usize>first) << 2), elements, from, to, list);
      for (let at = list; at < end; at += 4) {
        const n = load<u32>(at);
        const delta = load<f32>(deltas + ((<usize>n * elements + first) << 2));
        const source = task.scores + <usize>n * rowBytes;
        addElement(row, source, delta, map + <usize>first * rowBytes, rowBytes);
        scorePair(task, unit, n, row, account);
      }
    } else {
      for (let n = from; n < to; n++) {
        const sample = deltas + ((<usize>n * elements) << 2);
        let source = task.scores + <usize>n * rowBytes;
        for (let position = first; position < elements; position += channels) {
          for (let e = position; e < position + multiplier; e++) {
            const delta = load<f32>(sample + ((<usize>e) << 2));
            if (delta == 0) continue;
            addElement(row, source, delta, map + <usize>e * rowBytes, rowBytes);
            source = row;
          }
        }
        if (source == row) scorePair(task, unit, n, row, account);
      }
    }
    const growth = task.lossGrowth + ((<usize>(block * task.units + unit)) << 3);
    store<f64>(growth, closeAccount(account));
  }
}

/** Lists the samples on which an element changes. Written in any case: no branch to guess. */
function listChanged(column: usize, elements: u32, from: u32, to: u32, list: usize): usize {
  let end = list;
  for (let n = from; n < to; n++) {
    store<u32>(end, n);
    end += (<usize>(load<f32>(column + ((<usize>n * elements) << 2)) != 0)) << 2;
  }
  return end;
}

/** row = source + delta · weights. */
function addElement(row: usize, source: usize, delta: f32, weights: usize, rowBytes: usize): void {
  const factor = f32x4.splat(delta);
  for (let at: usize = 0; at < rowBytes; at += VECTOR) {
    const change = f32x4.mul(factor, v128.load(weights + at));
    v128.store(row + at, f32x4.add(v128.load(source + at), change));
  }
}
