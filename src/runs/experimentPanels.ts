import { enough } from '../core/findings/judge';
import { meanInterval } from '../core/measures/meanInterval';
import { axisOf, placeOn, type Axis } from '../pictures/axis';
import { curveColour } from '../pictures/curves';
import type { Rect, Surface } from '../pictures/surface';
import { svgSurface } from '../pictures/svgSurface';
import { paperTheme } from '../pictures/theme';
import { Markup } from './reportMarkup';

/** Figures of networks, group beside group. */
export interface Panel {
  /** What the vertical axis shows. */
  readonly label: string;
  readonly groups: readonly {
    readonly name: string;
    readonly values: readonly number[];
    /** A published figure to be held against; null for none. */
    readonly reference: number | null;
  }[];
}

const WIDTH = 816;
const GAP = 24;
const HEIGHT = 300;
const [LEFT, TOP, RIGHT, BOTTOM] = [52, 30, 8, 52];
const SIZE = 11;

/** Panels side by side as one SVG: a dot a network, and the mean with its 95 % interval. */
export function panelsFigure(title: string, panels: readonly Panel[]): Markup {
  const surface = svgSurface(WIDTH, HEIGHT, { title, fontFamily: paperTheme.fontFamily });
  surface.fillRect(0, 0, WIDTH, HEIGHT, paperTheme.background);
  const width = (WIDTH - 8 - GAP * (panels.length - 1)) / panels.length;
  panels.forEach((panel, i) => {
    const x = 4 + i * (width + GAP) + LEFT;
    drawPanel(surface, { x, y: TOP, w: width - LEFT - RIGHT, h: HEIGHT - TOP - BOTTOM }, panel);
  });
  return new Markup(surface.toString());
}

function drawPanel(surface: Surface, area: Rect, { label, groups }: Panel): void {
  const { muted, border, foreground, background } = paperTheme;
  const intervals = groups.map(({ values }) => (enough(values) ? meanInterval(values) : null));
  const axis = axisOf(
    groups.flatMap(({ values, reference }, i) => {
      const interval = intervals[i];
      return [
        ...values,
        ...(reference === null ? [] : [reference]),
        ...(interval ? [interval.low, interval.high] : []),
      ];
    }),
    { log: false, factor: 1, ticks: 5 },
  );
  const at = (value: number): number => area.y + (1 - placeOn(axis, value)) * area.h;
  drawAxis(surface, area, axis, label, at);
  const step = area.w / Math.max(1, groups.length);
  groups.forEach(({ name, values, reference }, i) => {
    const middle = area.x + (i + 0.5) * step;
    const colour = curveColour(i, paperTheme);
    const spread = Math.min(14, step / 5);
    const interval = intervals[i] ?? null;
    if (interval !== null) {
      surface.line(middle, at(interval.low), middle, at(interval.high), foreground, 1.5);
      for (const end of [interval.low, interval.high])
        surface.line(middle - 5, at(end), middle + 5, at(end), foreground, 1.5);
      surface.line(middle - 10, at(interval.mean), middle + 10, at(interval.mean), foreground, 2.5);
    }
    values.forEach((value, k) => {
      const x = middle + (values.length === 1 ? 0 : ((k / (values.length - 1)) * 2 - 1) * spread);
      surface.disc(x, at(value), 4.5, background, 1);
      surface.disc(x, at(value), 3.5, colour, 0.9);
    });
    if (reference !== null) surface.strokeRect(middle + spread + 6, at(reference) - 3.5, 7, 7, muted, 1.5);
    drawName(surface, name, middle, area.y + area.h + 14, step);
  });
  surface.line(area.x, area.y + area.h, area.x + area.w, area.y + area.h, border, 1);
}

function drawAxis(
  surface: Surface,
  area: Rect,
  axis: Axis,
  label: string,
  at: (value: number) => number,
): void {
  const text = { colour: paperTheme.muted, size: SIZE, baseline: 'middle' } as const;
  for (const { value, text: mark } of axis.ticks) {
    surface.line(area.x, at(value), area.x + area.w, at(value), paperTheme.border, 0.5);
    surface.text(mark, area.x - 6, at(value), { ...text, align: 'right' });
  }
  surface.text(label, area.x - LEFT + 4, area.y - 16, { ...text, align: 'left' });
}

/** A name below a group, in as many lines as it needs. */
function drawName(surface: Surface, name: string, middle: number, top: number, width: number): void {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`;
    if (lines.length > 0 && surface.measure(longer, SIZE) <= width - 4) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  lines.forEach((line, i) => {
    surface.text(line, middle, top + i * 13, {
      colour: paperTheme.muted,
      size: SIZE,
      align: 'center',
      baseline: 'middle',
    });
  });
}
