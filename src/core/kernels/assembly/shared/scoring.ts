import { exponential, largestLane, logarithm, sumOfLanes, VECTOR } from './mathematics';

/** Bytes of the narrowest row: twelve scores. */
const PANEL_BYTES: usize = 48;

/** A product of sums of exponentials beyond this is turned into its logarithm. */
const LARGEST_PRODUCT: f64 = 1e200;

/**
 * What every kernel needs to tell predictions and losses from class scores. Written by `ScoringTask` (scoringTask.ts)
 * in this order, 4 bytes each. A row of scores is `width` float32, a multiple of 4; those beyond the last class
 * are far below all others (for a sigmoid, anything).
 */
@unmanaged
export class Task {
  samples: u32;
  units: u32;
  width: u32;
  /** 1: the only score is the logit of class 1 of two. */
  sigmoid: u32;
  /** See scoring.ts, NEAR_TIE_BOUND. */
  bound: f32;
  /** Float32 `[samples, width]`: class scores of the unablated network. */
  scores: usize;
  /** Int32 `[samples]`. */
  labels: usize;
  /** Float64 `[samples]`: cross-entropies of the unablated network, nats. */
  losses: usize;
  /** Uint16 `[units, samples]`: predicted classes; kernels write those of pairs that change, near-ties aside. */
  predicted: usize;
  /** Uint32: how many, then the pairs, in any order. */
  nearTies: usize;
  /** Float64 `[blocks of samples, units]`: how much the sum of the losses grows. */
  lossGrowth: usize;
}

/** Where the growth of a loss is added up: a sum, and a product whose logarithm is to be added to it. */
export const ACCOUNT: usize = 16;

export function openAccount(account: usize): void {
  store<f64>(account, 0.0);
  store<f64>(account, 1.0, 8);
}

export function closeAccount(account: usize): f64 {
  return load<f64>(account) + logarithm(load<f64>(account, 8));
}

/** Scores one changed pair (unit by number in the task): its prediction, its loss, and whether it is a near-tie. */
export function scorePair(task: Task, unit: u32, sample: u32, row: usize, account: usize): void {
  const label = load<i32>(task.labels + ((<usize>sample) << 2));
  const before = load<f64>(task.losses + ((<usize>sample) << 3));
  let predicted: u32 = 0;
  let near = false;
  let rest: f64 = 0;
  let sum: f64 = 1;
  if (task.sigmoid) {
    const logit = load<f32>(row);
    predicted = logit > 0 ? 1 : 0;
    near = !(abs(logit) >= task.bound);
    rest = <f64>max<f32>(label == 1 ? -logit : logit, 0);
    sum = 1.0 + <f64>f32x4.extract_lane(exponential(f32x4.splat(-abs(logit))), 0);
  } else {
    let rivals: i32 = 0;
    let top: f32 = 0;
    if ((<usize>task.width) << 2 == PANEL_BYTES) {
      // The commonest width, without a loop.
      const x = v128.load(row);
      const y = v128.load(row, 16);
      const z = v128.load(row, 32);
      top = largestLane(f32x4.pmax(f32x4.pmax(x, y), z));
      const tops = f32x4.splat(top);
      const close = f32x4.splat(top - task.bound * max<f32>(1, abs(top)));
      const bits =
        i32x4.bitmask(f32x4.gt(x, close)) |
        (i32x4.bitmask(f32x4.gt(y, close)) << 4) |
        (i32x4.bitmask(f32x4.gt(z, close)) << 8);
      rivals = popcnt(bits);
      predicted = ctz(bits);
      const sums = f32x4.add(
        f32x4.add(exponential(f32x4.sub(x, tops)), exponential(f32x4.sub(y, tops))),
        exponential(f32x4.sub(z, tops)),
      );
      sum = <f64>sumOfLanes(sums);
    } else {
      const end = row + ((<usize>task.width) << 2);
      let highest = v128.load(row);
      for (let at = row + VECTOR; at < end; at += VECTOR) highest = f32x4.pmax(highest, v128.load(at));
      top = largestLane(highest);
      const tops = f32x4.splat(top);
      const close = f32x4.splat(top - task.bound * max<f32>(1, abs(top)));
      let sums = f32x4.splat(0);
      for (let at = row; at < end; at += VECTOR) {
        const x = v128.load(at);
        sums = f32x4.add(sums, exponential(f32x4.sub(x, tops)));
        const bits = i32x4.bitmask(f32x4.gt(x, close));
        rivals += popcnt(bits);
        predicted = select<u32>(<u32>((at - row) >> 2) + <u32>ctz(bits), predicted, bits != 0);
      }
      sum = <f64>sumOfLanes(sums);
    }
    // One that no other comes close to is the prediction; else it is decided elsewhere.
    near = rivals != 1;
    rest = <f64>top - <f64>load<f32>(row + ((<usize>label) << 2));
  }
  let product = load<f64>(account, 8) * sum;
  rest += load<f64>(account) - before;
  // Also where it is NaN.
  if (!(product < LARGEST_PRODUCT)) {
    rest += product == product && product < Infinity ? logarithm(product) : product;
    product = 1.0;
  }
  store<f64>(account, rest);
  store<f64>(account, product, 8);
  const pair = unit * task.samples + sample;
  store<u16>(task.predicted + ((<usize>pair) << 1), <u16>predicted);
  if (near) {
    const at = atomic.add<u32>(task.nearTies, 1);
    store<u32>(task.nearTies + 4 + ((<usize>at) << 2), pair);
  }
}
