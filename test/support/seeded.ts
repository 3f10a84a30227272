/** Seeded uniform numbers in [0, 1) (mulberry32). */
export function uniforms(count: number, seed: number): Float64Array {
  let state = (seed * 0x9e3779b1) >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  });
}

/** Seeded standard normal numbers (Box–Muller). */
export function normals(count: number, seed: number): Float32Array {
  const random = uniforms(2 * count, seed);
  return Float32Array.from(
    { length: count },
    (_, i) =>
      Math.sqrt(-2 * Math.log(1 - (random[2 * i] as number))) *
      Math.cos(2 * Math.PI * (random[2 * i + 1] as number)),
  );
}
