import { drawMapCells, type MapView } from './networkMapCells';
import { classPoint, type MapColumn, type MapLayout } from './networkMapLayout';
import { fitText, type Point, type Surface, type TextStyle } from './surface';
import type { PictureTheme } from './theme';

/** What is written on a map. */
export interface MapTexts {
  readonly input: string;
  /** Shape of the input: `28 × 28`. */
  readonly shape: string;
  readonly output: string;
  readonly outputDetail: string;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** `128`. */
  readonly count: (units: number) => string;
  /** `dense · 128`. */
  readonly detail: (kind: string, units: number) => string;
}

/** Strokes that a ribbon between two columns is bundled into, at each end. */
const STRANDS = 3;

/** Draws the network: ribbons between neighbours, heads, input and output, and every unit's cell. */
export function drawMap(surface: Surface, layout: MapLayout, view: MapView, texts: MapTexts): void {
  const { theme } = view;
  drawRibbons(surface, layout, theme);
  drawEnds(surface, layout, theme, texts);
  for (const column of layout.columns) {
    const { top } = layout.bands[column.band]!;
    const long = texts.detail(column.kind, column.units);
    const room = column.width - 14;
    const detail = surface.measure(long, 11) <= room ? long : texts.count(column.units);
    drawHead(surface, column.left + column.width / 2, top, room, column.name, detail, theme);
    drawMapCells(surface, column, view);
  }
}

function drawHead(
  surface: Surface,
  x: number,
  top: number,
  room: number,
  name: string,
  detail: string,
  theme: PictureTheme,
): void {
  const style = { align: 'center', baseline: 'middle' } as const;
  // Semibold runs about a tenth wider than what `measure` gives.
  const title = fitText(surface, name, 12, room / 1.1);
  surface.text(title, x, top + 12, { ...style, colour: theme.foreground, size: 12, weight: 600 });
  surface.text(fitText(surface, detail, 11, room), x, top + 28, { ...style, colour: theme.muted, size: 11 });
}

function drawEnds(surface: Surface, layout: MapLayout, theme: PictureTheme, texts: MapTexts): void {
  const { input, output, bands, columns } = layout;
  const top = bands[0]!.top;
  const inputMiddle = input.x + input.w / 2;
  const inputRoom =
    columns[0] === undefined ? layout.width : 2 * Math.min(inputMiddle, columns[0].left - inputMiddle);
  drawHead(surface, inputMiddle, top, inputRoom, texts.input, texts.shape, theme);
  drawBar(surface, input.x, input.y, input.w, input.h, theme);
  const lastTop = bands.at(-1)!.top;
  const style: TextStyle = {
    align: 'left',
    baseline: 'middle',
    colour: theme.foreground,
    size: 12,
    weight: 600,
  };
  const room = layout.width - output.x;
  surface.text(fitText(surface, texts.output, 12, room / 1.1), output.x, lastTop + 12, style);
  const whole = surface.measure(texts.outputDetail, 11) <= room;
  const detail = whole ? texts.outputDetail : texts.count(texts.classes.length);
  surface.text(detail, output.x, lastTop + 28, { ...style, colour: theme.muted, size: 11, weight: 400 });
  if (output.pitch === 0) {
    drawBar(surface, output.x, output.y, 12, output.h, theme);
    return;
  }
  texts.classes.forEach((name, index) => {
    const [x, y] = classPoint(output, index);
    const radius = Math.min(5, output.pitch / 2 - 2);
    surface.disc(x, y, radius, theme.muted, 1);
    surface.disc(x, y, radius - 1, theme.background, 1);
    const label = fitText(surface, name, 11, room - 18);
    surface.text(label, output.x + 16, y, { ...style, size: 11, weight: 400 });
  });
}

function drawBar(surface: Surface, x: number, y: number, w: number, h: number, theme: PictureTheme): void {
  surface.fillRect(x, y, w, h, theme.background);
  surface.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1, theme.muted, 1);
}

/** A side of something that ribbons end at. */
interface Side {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

function leftSide(column: MapColumn): Side {
  const { cellsLeft, cellsTop, rows, pitch } = column;
  return { x: cellsLeft - 4, top: cellsTop, bottom: cellsTop + rows * pitch };
}

function rightSide(column: MapColumn): Side {
  const { cellsLeft, columns, pitch } = column;
  return { ...leftSide(column), x: cellsLeft + columns * pitch + 2 };
}

function drawRibbons(surface: Surface, layout: MapLayout, theme: PictureTheme): void {
  const { input, output, columns } = layout;
  const last = columns.at(-1);
  if (columns[0] === undefined || last === undefined) return;
  const opacity = theme.kind === 'dark' || theme.kind === 'light' ? 0.045 : 0.06;
  const ribbon = (from: Side, to: Side): void => {
    if (to.x - from.x < 6) return;
    for (let i = 0; i < STRANDS; i++) {
      for (let j = 0; j < STRANDS; j++) {
        surface.polygon(strand(part(from, i), part(to, j)), theme.foreground, opacity);
      }
    }
  };
  const inputSide = { x: input.x + input.w + 3, top: input.y, bottom: input.y + input.h };
  ribbon(inputSide, leftSide(columns[0]));
  for (let i = 1; i < columns.length; i++) {
    const [before, column] = [columns[i - 1]!, columns[i]!];
    if (before.band === column.band) {
      ribbon(rightSide(before), leftSide(column));
      continue;
    }
    // On to the edge, and from the edge of the next band.
    const from = rightSide(before);
    const to = leftSide(column);
    ribbon(from, { ...from, x: Math.min(layout.width, before.left + before.width + 8) });
    ribbon({ ...to, x: column.left - 8 }, to);
  }
  ribbon(rightSide(last), { x: output.x - 4, top: output.y, bottom: output.y + output.h });
}

function part({ x, top, bottom }: Side, index: number): Side {
  const step = (bottom - top) / STRANDS;
  return { x, top: top + index * step, bottom: top + (index + 1) * step };
}

/** A band that leaves and arrives level. */
function strand(from: Side, to: Side): Point[] {
  const upper = curve([from.x, from.top], [to.x, to.top]);
  const lower = curve([from.x, from.bottom], [to.x, to.bottom]);
  return [...upper, ...lower.reverse()];
}

/** A line that leaves and arrives level. */
export function curve([x1, y1]: Point, [x2, y2]: Point): Point[] {
  const steps = 20;
  return Array.from({ length: steps + 1 }, (_, i): Point => {
    const t = i / steps;
    return [x1 + t * (x2 - x1), y1 + t * t * (3 - 2 * t) * (y2 - y1)];
  });
}
