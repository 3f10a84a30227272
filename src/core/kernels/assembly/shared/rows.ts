/** Bytes of a panel: twelve scores. */
const PANEL: usize = 48;

/**
 * Writes a row for each of three units: start + Σ over a list of weight · map. The three share each vector of the
 * map, and their sums stay in registers.
 * @param list from `list` to `end` pairs of addresses: the weights of all units, a row of the map
 * @param starts float32, a row for each unit; `rows` the same
 */
export function addThree(
  list: usize,
  end: usize,
  one: usize,
  two: usize,
  three: usize,
  starts: usize,
  rows: usize,
  rowBytes: usize,
): void {
  for (let panel: usize = 0; panel < rowBytes; panel += PANEL) {
    const oneStart = starts + one * rowBytes + panel;
    const twoStart = starts + two * rowBytes + panel;
    const threeStart = starts + three * rowBytes + panel;
    let a = v128.load(oneStart);
    let b = v128.load(oneStart, 16);
    let c = v128.load(oneStart, 32);
    let d = v128.load(twoStart);
    let e = v128.load(twoStart, 16);
    let f = v128.load(twoStart, 32);
    let g = v128.load(threeStart);
    let h = v128.load(threeStart, 16);
    let i = v128.load(threeStart, 32);
    for (let at = list; at < end; at += 8) {
      const weights = <usize>load<u32>(at);
      const row = <usize>load<u32>(at, 4) + panel;
      const x = v128.load(row);
      const y = v128.load(row, 16);
      const z = v128.load(row, 32);
      let weight = v128.load32_splat(weights + (one << 2));
      a = f32x4.add(a, f32x4.mul(weight, x));
      b = f32x4.add(b, f32x4.mul(weight, y));
      c = f32x4.add(c, f32x4.mul(weight, z));
      weight = v128.load32_splat(weights + (two << 2));
      d = f32x4.add(d, f32x4.mul(weight, x));
      e = f32x4.add(e, f32x4.mul(weight, y));
      f = f32x4.add(f, f32x4.mul(weight, z));
      weight = v128.load32_splat(weights + (three << 2));
      g = f32x4.add(g, f32x4.mul(weight, x));
      h = f32x4.add(h, f32x4.mul(weight, y));
      i = f32x4.add(i, f32x4.mul(weight, z));
    }
    storePanel(rows + one * rowBytes + panel, a, b, c);
    storePanel(rows + two * rowBytes + panel, d, e, f);
    storePanel(rows + three * rowBytes + panel, g, h, i);
  }
}

function storePanel(row: usize, a: v128, b: v128, c: v128): void {
  v128.store(row, a);
  v128.store(row, b, 16);
  v128.store(row, c, 32);
}

/** row = from + factor · row. */
export function scaleRow(row: usize, from: usize, factor: f32, rowBytes: usize): void {
  const factors = f32x4.splat(factor);
  for (let panel: usize = 0; panel < rowBytes; panel += PANEL) {
    const to = row + panel;
    const at = from + panel;
    v128.store(to, f32x4.add(v128.load(at), f32x4.mul(factors, v128.load(to))));
    v128.store(to, f32x4.add(v128.load(at, 16), f32x4.mul(factors, v128.load(to, 16))), 16);
    v128.store(to, f32x4.add(v128.load(at, 32), f32x4.mul(factors, v128.load(to, 32))), 32);
  }
}

/** row += factor · from. */
export function addRow(row: usize, from: usize, factor: f32, rowBytes: usize): void {
  const factors = f32x4.splat(factor);
  for (let panel: usize = 0; panel < rowBytes; panel += PANEL) {
    const to = row + panel;
    const at = from + panel;
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(factors, v128.load(at))));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(factors, v128.load(at, 16))), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), f32x4.mul(factors, v128.load(at, 32))), 32);
  }
}
