import { axisOf } from './axis';
import { curveColour } from './curves';
import { fitText, type Point, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** How often a unit has which activation, class by class. */
export interface HistogramPlot {
  /** `[bins + 1]`, rising. */
  readonly edges: Float64Array;
  /** `[classes, bins]`: samples. */
  readonly counts: Float64Array;
  /** The classes drawn, from top to bottom. */
  readonly classes: readonly { readonly index: number; readonly name: string }[];
  /** The class that stands out; −1 for none. */
  readonly preferred: number;
  readonly xLabel: string;
  /** Writes a number with so many decimals. */
  readonly write: (value: number, decimals: number) => string;
  readonly theme: PictureTheme;
}

/** From one class's base line to the next, pixels. */
const ROW = 20;
/** Height of the highest ridge: it reaches into the row above. */
const RIDGE = 32;
const BOTTOM = 36;
const SIZE = 11;
/** Widest names of classes. */
const NAME = 96;

/** Height of a picture of so many classes. */
export function histogramHeight(classes: number): number {
  return RIDGE + classes * ROW + BOTTOM;
}

/**
 * The share of a class's samples in each bin, as the square root (a unit that is silent on most samples would else
 * show nothing but that), 1 for the fullest bin of all shown. `[shown, bins]`
 */
export function ridges({
  edges,
  counts,
  classes,
}: Pick<HistogramPlot, 'edges' | 'counts' | 'classes'>): Float64Array {
  const bins = edges.length - 1;
  const heights = new Float64Array(classes.length * bins);
  let highest = 0;
  classes.forEach(({ index }, row) => {
    const own = counts.subarray(index * bins, (index + 1) * bins);
    const total = own.reduce((sum, count) => sum + count, 0);
    own.forEach((count, bin) => {
      const height = total > 0 ? Math.sqrt(count / total) : 0;
      heights[row * bins + bin] = height;
      highest = Math.max(highest, height);
    });
  });
  return highest > 0 ? heights.map((height) => height / highest) : heights;
}

/** Draws one ridge a class above each other, that of the preferred class in colour. */
export function drawHistogram(surface: Surface, rect: Rect, plot: HistogramPlot): void {
  const { edges, classes, theme, preferred } = plot;
  const bins = edges.length - 1;
  const widest = Math.max(12, ...classes.map(({ name }) => surface.measure(name, SIZE)));
  const left = rect.x + Math.min(NAME, widest) + 8;
  const width = Math.max(1, rect.x + rect.w - left - 8);
  const [low, high] = [edges[0] ?? 0, edges[bins] ?? 1];
  const span = high - low || 1;
  const x = (value: number): number => left + ((value - low) / span) * width;
  const heights = ridges(plot);
  const bottom = rect.y + RIDGE + classes.length * ROW;
  const axis = axisOf([low, high], { log: false, factor: 1, ticks: width / 80, write: plot.write });
  for (const { value, text } of axis.ticks) {
    if (value < low - 1e-9 * span || value > high + 1e-9 * span) continue;
    const at = Math.round(x(value)) + 0.5;
    surface.line(at, rect.y + RIDGE / 2, at, bottom + 4, theme.border, value === 0 ? 0.75 : 0.3);
    const room = surface.measure(text, SIZE) / 2;
    const centre = Math.min(at, rect.x + rect.w - room - 1);
    surface.text(text, centre, bottom + 12, label(theme.muted, 'center'));
  }
  const xLabel = fitText(surface, plot.xLabel, SIZE, rect.w);
  surface.text(xLabel, rect.x + rect.w, bottom + 28, label(theme.muted, 'right'));
  classes.forEach(({ index, name }, row) => {
    const base = rect.y + RIDGE + (row + 1) * ROW;
    const chosen = index === preferred;
    const colour = chosen ? curveColour(0, theme) : theme.muted;
    const outline: Point[] = [];
    for (let bin = 0; bin < bins; bin++) {
      const y = base - (heights[row * bins + bin] ?? 0) * RIDGE;
      outline.push([x(edges[bin] ?? 0), y], [x(edges[bin + 1] ?? 0), y]);
    }
    // What lies behind is covered, so that ridges that overlap can be told apart.
    const area: Point[] = [[left, base], ...outline, [left + width, base]];
    surface.polygon(area, theme.background, 0.75);
    surface.polygon(area, colour, chosen ? 0.65 : 0.25);
    surface.polyline([[left, base], ...outline, [left + width, base]], colour, chosen ? 1.5 : 0.75, []);
    const text = fitText(surface, name, SIZE, Math.min(NAME, widest));
    surface.text(text, left - 8, base - 6, {
      ...label(chosen ? theme.foreground : theme.muted, 'right'),
      ...(chosen ? { weight: 600 } : {}),
    });
  });
  surface.line(left, Math.round(bottom) + 0.5, left + width, Math.round(bottom) + 0.5, theme.border, 1);
}

function label(colour: string, align: 'left' | 'center' | 'right') {
  return { colour, size: SIZE, align, baseline: 'middle' } as const;
}
