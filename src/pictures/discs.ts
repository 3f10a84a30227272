import type { Pixels } from './surface';

/** Round marks of one size, to be drawn over each other in order. Lengths in pixels of the image. */
export interface Discs {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly radius: number;
  /** Only an outline, of that width; null for filled ones. */
  readonly outline: (i: number) => number | null;
  /** `#rrggbb` */
  readonly colour: (i: number) => string;
  readonly opacity: (i: number) => number;
}

/**
 * An image of discs. Where they are many this is several times faster than asking a canvas for each, and an SVG
 * file stays small.
 */
export function discsImage(width: number, height: number, discs: Discs): Pixels {
  const { x, y, radius } = discs;
  // Premultiplied by opacity, 0 … 1.
  const sum = new Float32Array(width * height * 4);
  const inner = Math.max(0, radius - 0.5) ** 2;
  const outer = (radius + 1) ** 2;
  // Neighbours are mostly of one colour.
  let text = '';
  let [red, green, blue] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [cx, cy, outline, opacity] = [x[i]!, y[i]!, discs.outline(i), discs.opacity(i)];
    const own = discs.colour(i);
    if (own !== text) [red, green, blue] = parseHex(own);
    text = own;
    const reach = radius + 1;
    const bottom = Math.min(height - 1, Math.floor(cy + reach));
    const right = Math.min(width - 1, Math.floor(cx + reach));
    for (let row = Math.max(0, Math.floor(cy - reach)); row <= bottom; row++) {
      for (let column = Math.max(0, Math.floor(cx - reach)); column <= right; column++) {
        const square = (column + 0.5 - cx) ** 2 + (row + 0.5 - cy) ** 2;
        if (square >= outer) continue;
        let share = opacity;
        if (outline !== null || square > inner) {
          const far = Math.sqrt(square);
          const inside = outline === null ? radius - far : outline / 2 - Math.abs(far - radius);
          if (inside <= -0.5) continue;
          share *= Math.min(1, inside + 0.5);
        }
        const at = (row * width + column) * 4;
        const rest = 1 - share;
        sum[at] = sum[at]! * rest + red * share;
        sum[at + 1] = sum[at + 1]! * rest + green * share;
        sum[at + 2] = sum[at + 2]! * rest + blue * share;
        sum[at + 3] = sum[at + 3]! * rest + share;
      }
    }
  }
  const rgba = new Uint8ClampedArray(sum.length);
  for (let at = 0; at < sum.length; at += 4) {
    const alpha = sum[at + 3]!;
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) rgba[at + channel] = (sum[at + channel]! / alpha) * 255;
    rgba[at + 3] = alpha * 255;
  }
  return { width, height, rgba };
}

function parseHex(colour: string): readonly [red: number, green: number, blue: number] {
  const value = parseInt(colour.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
