import type { Rect, Surface } from './surface';
import type { PictureTheme } from './theme';

/** Cells that the pointer and the keyboard are at; null for none. */
export interface Marks {
  readonly hovered: number | null;
  readonly focused: number | null;
}

/** Relative luminance at which black and white have the same contrast, 4.58 to 1. */
const MIDDLE = Math.sqrt(1.05 * 0.05) - 0.05;

/** Black or white, whichever is read more easily on a colour, `#rrggbb`: at least 4.5 to 1 (WCAG 2, 1.4.3). */
export function readableOn(colour: string): string {
  const linear = (at: number): number => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5) > MIDDLE ? '#000000' : '#ffffff';
}

/** Every how many-th row or column is labelled, so that labels of that length do not meet. */
export function labelStep(pitch: number, length: number): number {
  const least = Math.ceil(length / pitch);
  return least <= 2 ? least : least <= 5 ? 5 : Math.ceil(least / 10) * 10;
}

/** Rings round the hovered and the focused cell. */
export function drawMarks(
  surface: Surface,
  { hovered, focused }: Marks,
  rectOf: (at: number) => Rect,
  theme: PictureTheme,
): void {
  if (hovered !== null) ring(surface, rectOf(hovered), 0.5, theme.foreground);
  if (focused === null) return;
  ring(surface, rectOf(focused), 0.5, theme.background);
  ring(surface, rectOf(focused), 2, theme.focus);
}

function ring(surface: Surface, { x, y, w, h }: Rect, by: number, colour: string): void {
  surface.strokeRect(x - by, y - by, w + 2 * by, h + 2 * by, colour, by > 1 ? 2 : 1);
}
