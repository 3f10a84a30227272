import { seedFrom } from './random';

/**
 * Standard normal numbers by the ziggurat of Marsaglia and Tsang (2000) in the form of Doornik (2005): the strip and
 * the place in it come from different bits. Its random bits are xoshiro128++ (Blackman and Vigna 2019).
 */
const STRIPS = 128;
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;

/** Right ends of the strips, from the widest; the first is the base strip's as if its tail were a rectangle. */
const EDGE = new Float64Array(STRIPS + 1);
/** How much of a strip lies under the curve for sure. */
const SURE = new Float64Array(STRIPS);

const density = (x: number): number => Math.exp(-0.5 * x * x);

EDGE[0] = AREA / density(TAIL);
EDGE[1] = TAIL;
for (let i = 2; i < STRIPS; i++) {
  EDGE[i] = Math.sqrt(-2 * Math.log(AREA / EDGE[i - 1]! + density(EDGE[i - 1]!)));
}
for (let i = 0; i < STRIPS; i++) SURE[i] = EDGE[i + 1]! / EDGE[i]!;

/** Fills `into` with independent numbers from N(0, 1) that belong to `seed` alone. */
export function fillGaussian(into: Float32Array, seed: number): void {
  let a = seedFrom(seed, 0) | 0;
  let b = seedFrom(seed, 1) | 0;
  let c = seedFrom(seed, 2) | 0;
  let d = seedFrom(seed, 3) | 1;
  const bits = (): number => {
    const sum = (a + d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) | 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  /** Uniform in (0, 1]. */
  const uniform = (): number => ((bits() >>> 0) + 1) * 2 ** -32;
  for (let i = 0; i < into.length; i++) {
    for (;;) {
      const place = bits() * 2 ** -31;
      const strip = bits() & (STRIPS - 1);
      const x = place * EDGE[strip]!;
      if (Math.abs(place) < SURE[strip]!) {
        into[i] = x;
        break;
      }
      if (strip === 0) {
        into[i] = place < 0 ? -beyondTail(uniform) : beyondTail(uniform);
        break;
      }
      const [low, high] = [density(EDGE[strip]!), density(EDGE[strip + 1]!)];
      if (low + uniform() * (high - low) < density(x)) {
        into[i] = x;
        break;
      }
    }
  }
}

/** A number from the tail beyond the last strip. */
function beyondTail(uniform: () => number): number {
  for (;;) {
    const x = -Math.log(uniform()) / TAIL;
    if (-2 * Math.log(uniform()) > x * x) return TAIL + x;
  }
}
