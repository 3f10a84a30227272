import { sumOfLanes, VECTOR } from './mathematics';

/** Bytes of a panel's part for four hidden units: 12 scores of 4 weights. */
export const PANEL_BYTES: usize = 192;

/**
 * Adds to 12 scores the products of some hidden units' changes with a panel of the map.
 * @param values vectors of four changes
 * @param places of each vector the bytes from the start of the panel
 */
export function addProducts(row: usize, values: usize, places: usize, count: u32, panel: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  let s8 = s0;
  let s9 = s0;
  let s10 = s0;
  let s11 = s0;
  const end = places + ((<usize>count) << 2);
  while (places < end) {
    const x = v128.load(values);
    const at = panel + <usize>load<u32>(places);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(at)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(at, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(at, 32)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(at, 48)));
    s4 = f32x4.add(s4, f32x4.mul(x, v128.load(at, 64)));
    s5 = f32x4.add(s5, f32x4.mul(x, v128.load(at, 80)));
    s6 = f32x4.add(s6, f32x4.mul(x, v128.load(at, 96)));
    s7 = f32x4.add(s7, f32x4.mul(x, v128.load(at, 112)));
    s8 = f32x4.add(s8, f32x4.mul(x, v128.load(at, 128)));
    s9 = f32x4.add(s9, f32x4.mul(x, v128.load(at, 144)));
    s10 = f32x4.add(s10, f32x4.mul(x, v128.load(at, 160)));
    s11 = f32x4.add(s11, f32x4.mul(x, v128.load(at, 176)));
    values += VECTOR;
    places += 4;
  }
  addSums(row, s0, s1, s2, s3);
  addSums(row + 16, s4, s5, s6, s7);
  addSums(row + 32, s8, s9, s10, s11);
}

function addSums(row: usize, a: v128, b: v128, c: v128, d: v128): void {
  store<f32>(row, load<f32>(row) + sumOfLanes(a));
  store<f32>(row, load<f32>(row, 4) + sumOfLanes(b), 4);
  store<f32>(row, load<f32>(row, 8) + sumOfLanes(c), 8);
  store<f32>(row, load<f32>(row, 12) + sumOfLanes(d), 12);
}
