import { colourOf, diverging, domainOf, sequential, type ColourScale, type Domain } from './colourScale';
import { drawMarks, labelStep, readableOn, type Marks } from './matrix';
import { fitText, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** Two confusion matrices, `[classes, classes]` each, rows true, columns predicted. */
export interface Confusion {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Which of them is shown, or what the second has more. */
export type ConfusionMode = 'before' | 'after' | 'difference';

/** What the cells say. */
export interface ConfusionValues {
  /** Samples, `[classes, classes]`; of a difference with sign. */
  readonly samples: Float64Array;
  /** What they are shaded by: shares of the true class, or the difference in samples. NaN: no such samples. */
  readonly shades: Float64Array;
  readonly domain: Domain;
}

/** Where the cells are; lengths in CSS pixels, all whole numbers. */
export interface ConfusionLayout {
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  /** From one cell to the next. */
  readonly pitch: number;
  /** Side of a cell. */
  readonly cell: number;
  readonly left: number;
  readonly top: number;
}

/** How a matrix is drawn. */
export interface ConfusionView extends Marks {
  readonly values: ConfusionValues;
  readonly mode: ConfusionMode;
  readonly classes: readonly string[];
  /** A count in the reader's language; of a difference with its sign. */
  readonly number: (count: number, decimals: number) => string;
  /** Names of the axes. */
  readonly axes: { readonly true: string; readonly predicted: string };
  readonly theme: PictureTheme;
}

const SIZE = 11;
const LINE = 17;
/** From this pitch on every column has its label. */
const ROOMY = 26;
const LONGEST = 96;
/** Room round the cells for the ring of the keyboard's. */
const EDGE = 4;

/** The numbers of one mode. */
export function confusionValues(confusion: Confusion, classes: number, mode: ConfusionMode): ConfusionValues {
  const { before, after } = confusion;
  if (mode === 'difference') {
    const samples = after.map((count, at) => count - before[at]!);
    return { samples, shades: samples, domain: domainOf(samples) };
  }
  const samples = mode === 'before' ? before : after;
  const shades = new Float64Array(classes ** 2);
  for (let row = 0; row < classes; row++) {
    const cells = samples.subarray(row * classes, (row + 1) * classes);
    const total = cells.reduce((sum, count) => sum + count, 0);
    cells.forEach((count, column) => (shades[row * classes + column] = total > 0 ? count / total : NaN));
  }
  return { samples, shades, domain: [0, 1] };
}

/** The scale of a mode. Small numbers are told apart: colours go with the square root. */
export function confusionScale(mode: ConfusionMode, theme: PictureTheme): ColourScale {
  const even = mode === 'difference' ? diverging(theme) : sequential(theme);
  return { ...even, colour: (position) => even.colour(Math.sign(position) * Math.sqrt(Math.abs(position))) };
}

/** Lays a square matrix out with its labels, at most `width` wide. */
export function layoutConfusion(names: readonly string[], width: number): ConfusionLayout {
  const classes = names.length;
  const longest = Math.max(4, ...names.map((name) => [...name].length));
  const left = Math.min(Math.ceil(longest * SIZE * 0.56) + 8, Math.max(36, Math.floor(width * 0.24)));
  const top = 2 * LINE + EDGE;
  const most = classes <= 4 ? 84 : 40;
  const pitch = Math.max(2, Math.min(most, Math.floor((width - left - EDGE) / classes)));
  const height = top + classes * pitch + EDGE;
  return { width, height, classes, pitch, cell: pitch - (pitch >= 10 ? 1 : 0), left, top };
}

/** The cell at a point, true class times classes plus predicted; null beside all. */
export function confusionCellAt(layout: ConfusionLayout, x: number, y: number): number | null {
  const column = Math.floor((x - layout.left) / layout.pitch);
  const row = Math.floor((y - layout.top) / layout.pitch);
  const { classes } = layout;
  return row >= 0 && row < classes && column >= 0 && column < classes ? row * classes + column : null;
}

/** Where a cell is. */
export function confusionRect({ classes, left, top, pitch, cell }: ConfusionLayout, at: number): Rect {
  const row = Math.floor(at / classes);
  return { x: left + (at % classes) * pitch, y: top + row * pitch, w: cell, h: cell };
}

/** Draws the matrix: shades, numbers where they fit, and as many labels as there is room for. */
export function drawConfusion(surface: Surface, layout: ConfusionLayout, view: ConfusionView): void {
  const { values, theme } = view;
  const { classes, cell } = layout;
  drawLabels(surface, layout, view);
  const colour = colourOf(confusionScale(view.mode, theme), values.domain);
  // Means over draws have fractions.
  const decimals = values.samples.every((count) => Number.isInteger(count)) ? 0 : 1;
  const text = (count: number): string => view.number(count, decimals);
  const size = numberSize(surface, values.samples, text, cell);
  for (let at = 0; at < classes ** 2; at++) {
    const shade = values.shades[at]!;
    const rect = confusionRect(layout, at);
    if (Number.isNaN(shade)) {
      if (cell >= 4) surface.strokeRect(rect.x + 0.5, rect.y + 0.5, cell - 1, cell - 1, theme.border, 0.5);
      continue;
    }
    const fill = colour(shade);
    surface.fillRect(rect.x, rect.y, cell, cell, fill);
    if (size === null || values.samples[at] === 0) continue;
    const style = { align: 'center', baseline: 'middle', size, colour: readableOn(fill) } as const;
    surface.text(text(values.samples[at]!), rect.x + cell / 2, rect.y + cell / 2 + 0.5, style);
  }
  if (cell >= 8) {
    for (let c = 0; c < classes; c++) {
      const { x, y } = confusionRect(layout, c * (classes + 1));
      surface.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1, theme.muted, 1);
    }
  }
  drawMarks(surface, view, (at) => confusionRect(layout, at), theme);
}

function drawLabels(surface: Surface, layout: ConfusionLayout, view: ConfusionView): void {
  const { theme, classes: names } = view;
  const { classes, left, top, pitch, cell } = layout;
  const style = { size: SIZE, baseline: 'middle', colour: theme.muted } as const;
  const bold = { ...style, colour: theme.foreground, weight: 600 } as const;
  const wide = layout.width - left;
  const predicted = fitText(surface, view.axes.predicted, SIZE, wide / 1.1);
  surface.text(predicted, left, LINE / 2, { ...bold, align: 'left' });
  const truth = fitText(surface, view.axes.true, SIZE, (left - 6) / 1.1);
  surface.text(truth, left - 6, LINE * 1.5, { ...bold, align: 'right' });
  const rows = labelStep(pitch, SIZE + 3);
  const widest = Math.max(...names.map((name) => surface.measure(name, SIZE)));
  // Wide columns have each their label, shortened; of narrow ones some, whole.
  const columns = pitch >= ROOMY ? 1 : labelStep(pitch, Math.min(widest, LONGEST) + 6);
  names.forEach((name, c) => {
    const middle = c * pitch + cell / 2;
    if (c % rows === 0) {
      const shown = fitText(surface, name, SIZE, left - 8);
      surface.text(shown, left - 6, top + middle, { ...style, align: 'right' });
    }
    if (c % columns === 0) {
      const shown = fitText(surface, name, SIZE, Math.max(pitch - 3, columns * pitch - 6));
      const half = surface.measure(shown, SIZE) / 2;
      const x = Math.max(half, Math.min(classes * pitch - half, middle));
      surface.text(shown, left + x, LINE * 1.5, { ...style, align: 'center' });
    }
  });
}

/** The size at which every number fits into a cell; null where none does. */
function numberSize(
  surface: Surface,
  samples: Float64Array,
  text: (count: number) => string,
  cell: number,
): number | null {
  const longest = [...new Set(samples)].map(text).reduce((a, b) => (b.length > a.length ? b : a), '');
  return (
    [13, 12, 11, 10, 9].find((size) => surface.measure(longest, size) <= cell - 5 && size <= cell - 6) ?? null
  );
}
