import { VECTOR } from './shared/mathematics';
import { ACCOUNT, closeAccount, openAccount, scorePair, Task } from './shared/scoring';

/**
 * Ablates units that only linear operations follow: scores + Σ over the unit's elements e of delta(e) · map(e).
 * Chunk = block of samples · blocks of units + block of units.
 * @param scratch one account and one row of scores
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
  for (let unit = firstOfBlock; unit < lastUnit; unit++) {
    openAccount(account);
    const first = (firstUnit + unit) * multiplier;
    for (let n = from; n < to; n++) {
      const sample = deltas + ((<usize>n * elements) << 2);
      let source = task.scores + <usize>n * rowBytes;
      for (let position = first; position < elements; position += channels) {
        for (let e = position; e < position + multiplier; e++) {
          const delta = load<f32>(sample + ((<usize>e) << 2));
          if (delta == 0) continue;
          const factor = f32x4.splat(delta);
          const weights = map + <usize>e * rowBytes;
          for (let at: usize = 0; at < rowBytes; at += VECTOR) {
            const change = f32x4.mul(factor, v128.load(weights + at));
            v128.store(row + at, f32x4.add(v128.load(source + at), change));
          }
          source = row;
        }
      }
      if (source == row) scorePair(task, unit, n, row, account);
    }
    const growth = task.lossGrowth + ((<usize>(block * task.units + unit)) << 3);
    store<f64>(growth, closeAccount(account));
  }
}
