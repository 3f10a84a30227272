/** Lanes of a float32 vector. */
export const LANES: usize = 4;
/** Bytes of a vector. */
export const VECTOR: usize = 16;

/** Below this, exp is taken as exp of this: the least normal number. */
const LEAST_EXPONENT: f32 = -87.0;

/**
 * exp of four numbers ≤ 0: x / ln 2 = n + r, then 2ⁿ times a polynomial of r, of degree 5 with the least largest
 * relative error (1e-7) among those that are 1 at 0. What rounding x / ln 2 adds, |x| · 6e-8, is largest where exp
 * itself is nothing beside the 1 of the largest score. exp(0) is 1.
 */
export function exponential(x: v128): v128 {
  const scaled = f32x4.mul(f32x4.pmax(x, f32x4.splat(LEAST_EXPONENT)), f32x4.splat(1.44269504088896341));
  // Adding 1.5 · 2²³ rounds to a whole number, which is then in the low bits.
  const rounded = f32x4.add(scaled, f32x4.splat(12582912.0));
  const r = f32x4.sub(scaled, f32x4.sub(rounded, f32x4.splat(12582912.0)));
  let sum = f32x4.splat(1.3264727272203896e-3);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(9.671512739071379e-3));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(5.550733743982764e-2));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(2.402224208385024e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(6.931469775982095e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0));
  // 2ⁿ is added to the exponent.
  return i32x4.add(sum, i32x4.shl(rounded, 23));
}

/** Natural logarithm of a finite number > 0: x = 2ⁿ m with m near 1, log m = 2 artanh((m − 1) / (m + 1)). */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  const s = (m - 1.0) / (m + 1.0);
  const q = s * s;
  let sum: f64 = 1.0 / 17.0;
  sum = sum * q + 1.0 / 15.0;
  sum = sum * q + 1.0 / 13.0;
  sum = sum * q + 1.0 / 11.0;
  sum = sum * q + 1.0 / 9.0;
  sum = sum * q + 1.0 / 7.0;
  sum = sum * q + 1.0 / 5.0;
  sum = sum * q + 1.0 / 3.0;
  sum = sum * q + 1.0;
  return 2.0 * s * sum + <f64>exponent * 0.6931471805599453;
}

/**
 * Largest of four lanes. Here and elsewhere `pmax` and `pmin`, which are one instruction, stand for `max` and `min`,
 * which are several for the sake of NaN.
 */
export function largestLane(x: v128): f32 {
  const pairs = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Sum of four lanes. */
export function sumOfLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}
