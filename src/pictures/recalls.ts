import { curveColour } from './curves';
import { drawMarks, type Marks } from './matrix';
import { fitText, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** One class: its recall before and after, 0 … 1; null for a class without samples. */
export interface Recall {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Where the bars are, one class a row. */
export interface RecallLayout {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  /** From one row to the next. */
  readonly pitch: number;
  readonly top: number;
  /** The axis from 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/** How they are drawn. */
export interface RecallView extends Marks {
  readonly recalls: readonly Recall[];
  /** The figures at the end of a row: `97.4 → 81.2 %`. */
  readonly figure: (recall: Recall) => string;
  /** Marks of the axis. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly theme: PictureTheme;
}

const SIZE = 11;
const PITCH = 21;
const AXIS = 18;
const EDGE = 4;

/**
 * Lays out one bar a class.
 * @param figure width of the longest figure, in characters
 */
export function layoutRecalls(recalls: readonly Recall[], width: number, figure: number): RecallLayout {
  const longest = Math.max(2, ...recalls.map(({ name }) => [...name].length));
  const from = Math.min(Math.ceil(longest * SIZE * 0.58) + 12, Math.max(40, Math.floor(width * 0.28)));
  const to = Math.max(from + 40, width - Math.ceil(figure * SIZE * 0.58) - 12);
  const rows = recalls.length;
  return { width, height: EDGE + rows * PITCH + AXIS, rows, pitch: PITCH, top: EDGE, from, to };
}

/** The row at a height; null beside all. */
export function recallAt(layout: RecallLayout, _x: number, y: number): number | null {
  const row = Math.floor((y - layout.top) / layout.pitch);
  return row >= 0 && row < layout.rows ? row : null;
}

/** Where a row is. */
export function recallRect({ width, top, pitch }: RecallLayout, row: number): Rect {
  return { x: EDGE, y: top + row * pitch, w: width - 2 * EDGE, h: pitch - 1 };
}

/**
 * Draws each class's recall as a bar: what is left of it, what is lost or gained in a colour of its own, and a mark
 * where it was.
 */
export function drawRecalls(surface: Surface, layout: RecallLayout, view: RecallView): void {
  const { theme } = view;
  const { from, to, top, pitch } = layout;
  const bottom = top + layout.rows * pitch;
  const x = (share: number): number => from + share * (to - from);
  const small = { size: SIZE, baseline: 'middle', colour: theme.muted } as const;
  view.ticks.forEach(({ at, text }, i) => {
    surface.line(x(at), top, x(at), bottom + 3, theme.border, 0.5);
    const align = i === 0 ? 'left' : i === view.ticks.length - 1 ? 'right' : 'center';
    surface.text(text, x(at), bottom + 11, { ...small, size: 10, align });
  });
  view.recalls.forEach((recall, row) => {
    const y = top + row * pitch;
    const middle = y + pitch / 2;
    const name = fitText(surface, recall.name, SIZE, from - 14);
    const plain = { ...small, colour: theme.foreground } as const;
    surface.text(name, from - 8, middle, { ...plain, align: 'right' });
    surface.text(view.figure(recall), layout.width - EDGE, middle, { ...plain, align: 'right' });
    const { before, after } = recall;
    if (before === null || after === null) return;
    const kept = Math.min(before, after);
    bar(surface, x(0), y + 5, x(kept) - x(0), pitch - 10, theme.muted, 0.55);
    const changed = x(Math.max(before, after)) - x(kept);
    const colour = curveColour(after < before ? 1 : 0, theme);
    bar(surface, x(kept), y + 5, changed, pitch - 10, colour, 1);
    surface.line(x(before), y + 2.5, x(before), y + pitch - 2.5, theme.foreground, 1.5);
  });
  drawMarks(surface, view, (row) => recallRect(layout, row), theme);
}

function bar(
  surface: Surface,
  x: number,
  y: number,
  w: number,
  h: number,
  colour: string,
  opacity: number,
): void {
  if (w <= 0) return;
  const corners = [[x, y], [x + w, y], [x + w, y + h], [x, y + h]] as const; // prettier-ignore
  surface.polygon(corners, colour, opacity);
}
