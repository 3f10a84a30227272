import { curveColour } from './curves';
import { fitText, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** A figure of each class, as a column of bars. */
export interface ClassColumn {
  readonly title: string;
  /** By class; NaN where there is none. */
  readonly values: ArrayLike<number>;
  readonly format: (value: number) => string;
  /** Which of the colours its bars have, above 0 and below. */
  readonly colours: readonly [above: number, below: number];
}

/** Columns of bars beside each other, a row a class. */
export interface ClassFigures {
  readonly classes: readonly { readonly index: number; readonly name: string }[];
  /** The class that stands out; −1 for none. */
  readonly preferred: number;
  readonly columns: readonly ClassColumn[];
  readonly theme: PictureTheme;
}

const ROW = 20;
const HEAD = 24;
const NAME = 110;
const VALUE = 58;
const GAP = 24;
const SIZE = 12;

/** Height of so many classes. */
export function classFiguresHeight(classes: number): number {
  return HEAD + classes * ROW + 4;
}

/** Where bars of values between these begin and how long 1 is, in pixels of a track. */
export function barScale(
  values: readonly number[],
  width: number,
): { readonly zero: number; readonly unit: number } {
  const known = values.filter((value) => Number.isFinite(value));
  const least = Math.min(0, ...known);
  const span = Math.max(0, ...known) - least || 1;
  return { zero: (Math.abs(least) / span) * width, unit: width / span };
}

/** Draws names, bars and figures into `rect`. */
export function drawClassFigures(surface: Surface, rect: Rect, figures: ClassFigures): void {
  const { classes, columns, theme, preferred } = figures;
  const widest = Math.max(12, ...classes.map(({ name }) => surface.measure(name, SIZE)));
  const names = Math.min(NAME, widest * 1.1);
  const each = (rect.w - names - GAP * columns.length) / Math.max(1, columns.length);
  const style = { size: SIZE, baseline: 'middle' } as const;
  classes.forEach(({ index, name }, row) => {
    const y = rect.y + HEAD + (row + 0.5) * ROW;
    const weight = index === preferred ? { weight: 600 } : {};
    const text = fitText(surface, name, SIZE, names);
    surface.text(text, rect.x, y, { ...style, ...weight, align: 'left', colour: theme.foreground });
  });
  columns.forEach((column, at) => {
    const left = rect.x + names + GAP + at * (each + GAP);
    const track = Math.max(8, each - VALUE);
    const title = fitText(surface, column.title, 11, each);
    surface.text(title, left, rect.y + 9, { ...style, size: 11, align: 'left', colour: theme.muted });
    const values = classes.map(({ index }) => column.values[index] ?? NaN);
    const { zero, unit } = barScale(values, track);
    values.forEach((value, row) => {
      const y = rect.y + HEAD + row * ROW;
      const known = Number.isFinite(value);
      const length = known ? Math.abs(value) * unit : 0;
      const colour = curveColour(column.colours[value < 0 ? 1 : 0], theme);
      if (length > 0)
        surface.fillRect(left + zero - (value < 0 ? length : 0), y + 4, length, ROW - 8, colour);
      const text = known ? column.format(value) : '–';
      surface.text(text, left + each, y + ROW / 2, { ...style, align: 'right', colour: theme.foreground });
    });
    const x = Math.round(left + zero) + 0.5;
    surface.line(x, rect.y + HEAD, x, rect.y + HEAD + classes.length * ROW, theme.border, 1);
  });
}

/**
 * The classes to draw, all in their order where there are at most `most`; else those with the highest value first.
 * @param values by class; NaN counts least
 */
export function shownClasses(
  names: readonly string[],
  values: ArrayLike<number>,
  most: number,
): readonly { readonly index: number; readonly name: string }[] {
  const all = names.map((name, index) => ({ index, name }));
  if (all.length <= most) return all;
  const value = (index: number): number => {
    const own = values[index] ?? NaN;
    return Number.isNaN(own) ? -Infinity : own;
  };
  return all.sort((a, b) => value(b.index) - value(a.index) || a.index - b.index).slice(0, most);
}
