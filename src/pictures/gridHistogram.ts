import { legendStops, type ColourScale, type Domain } from './colourScale';
import { fitText, type Surface } from './surface';

/** Height that {@link drawDistribution} fills, pixels. */
export const DISTRIBUTION_HEIGHT = 76;
const LABEL = 16;
const BARS = 32;
const BAR_GAP = 1;
const COLOURS = 8;

/** How many values fall into each of `bins` even parts of a domain; what lies outside counts at its ends. */
export function histogram(values: Float64Array, [low, high]: Domain, bins: number): Uint32Array {
  const counts = new Uint32Array(bins);
  const scale = bins / (high - low);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = Math.floor((value - low) * scale);
    counts[Math.min(bins - 1, Math.max(0, bin))]!++;
  }
  return counts;
}

/** Where a value lies in a domain, 0 … 1. */
export function shareOf([low, high]: Domain, value: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** A range of values: open where an end is infinite. */
export type Range = readonly [low: number, high: number];

/** Rows whose values lie in all of some ranges, marked 1; null where there are no ranges. */
export function rowsInside(
  rows: number,
  ranges: readonly { readonly values: Float64Array; readonly range: Range }[],
): Uint8Array | null {
  if (ranges.length === 0) return null;
  const inside = new Uint8Array(rows).fill(1);
  for (const { values, range } of ranges) {
    const [low, high] = range;
    for (let row = 0; row < rows; row++) if (!(values[row]! >= low && values[row]! <= high)) inside[row] = 0;
  }
  return inside;
}

/**
 * Draws how values are distributed, over the colours that they have: a label, bars (as high as the root of their
 * count, so that few show beside many), the colour bar and three values under it.
 *
 * @param range what is chosen of it, as shares of the domain; null: all
 */
export function drawDistribution(
  surface: Surface,
  width: number,
  counts: Uint32Array,
  range: Range | null,
  scale: ColourScale,
  domain: Domain,
  label: string,
  format: (value: number) => string,
): void {
  const { theme } = scale;
  const text = { size: 11, baseline: 'middle' } as const;
  surface.text(fitText(surface, label, 11, width), 0, 7, {
    ...text,
    colour: theme.foreground,
    align: 'left',
  });
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  const step = width / counts.length;
  const floor = LABEL + BARS;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const height = Math.max(1, Math.round(BARS * Math.sqrt(count / most)));
    const middle = (bin + 0.5) / counts.length;
    const chosen = range === null || (middle >= range[0] && middle <= range[1]);
    const x = Math.round(bin * step);
    const w = Math.max(1, Math.round((bin + 1) * step) - x - BAR_GAP);
    surface.fillRect(x, floor - height, w, height, chosen ? theme.muted : theme.border);
  });
  const barTop = floor + 2;
  const pixels = Math.max(2, Math.floor(width));
  legendStops(scale, domain, pixels).forEach(({ colour }, i) => {
    // To the bar's end, so that no seams show where the picture is scaled.
    surface.fillRect(i, barTop, pixels - i, COLOURS, colour);
  });
  const aligns = ['left', 'center', 'right'] as const;
  legendStops(scale, domain, 3).forEach(({ value }, i) => {
    const x = (pixels * i) / 2;
    const tick = Math.min(pixels - 0.5, Math.max(0.5, x));
    surface.line(tick, barTop + COLOURS, tick, barTop + COLOURS + 3, theme.muted, 1);
    surface.text(format(value), x, barTop + COLOURS + 11, {
      ...text,
      colour: theme.muted,
      align: aligns[i] ?? 'center',
    });
  });
}
