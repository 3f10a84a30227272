import type { Connection } from '../protocol/details';
import type { UnitRef } from '../protocol/study';
import { curve } from './networkMap';
import { ring } from './networkMapCells';
import { classPoint, columnOf, rectOf, type MapLayout } from './networkMapLayout';
import type { Point, Rect, Surface } from './surface';
import type { PictureTheme } from './theme';

/** What lies over a map's cells; it changes with every move of the pointer. Units by their row. */
export interface MapMarks {
  readonly hovered: number | null;
  readonly selected: number | null;
  /** The unit the keyboard is at, while the map has the focus. */
  readonly focused: number | null;
  /** Units taken by a drag or with Shift, and the rectangle that took them. */
  readonly taken: { readonly rect: Rect; readonly rows: readonly number[] } | null;
  readonly lines: MapLines | null;
  /** Colours of positive and negative weights. */
  readonly signColour: (sign: 1 | -1) => string;
  readonly theme: PictureTheme;
}

/** What a unit is connected with. */
export interface MapLines {
  readonly row: number;
  readonly incoming: readonly Connection[];
  readonly outgoing: readonly Connection[];
  /** Its weights to the classes; null where it does not feed the output. */
  readonly to_classes: ArrayLike<number> | null;
}

/** So many lines to each side of a unit say enough. */
const MOST_LINES = 8;
/** So many taken cells are ringed one by one; of more the rectangle tells. */
const MOST_RINGS = 2000;
const WIDEST = 4;

/** Draws what lies over the cells. */
export function drawMapMarks(surface: Surface, layout: MapLayout, marks: MapMarks): void {
  const { theme, taken, hovered, selected, focused } = marks;
  const exists = (row: number | null): row is number => row !== null && row >= 0 && row < layout.units;
  if (marks.lines !== null && exists(marks.lines.row)) drawLines(surface, layout, marks.lines, marks);
  if (taken !== null) {
    const { x, y, w, h } = taken.rect;
    const corners: Point[] = [
      [x, y],
      [x + w, y],
      [x + w, y + h],
      [x, y + h],
    ];
    surface.polygon(corners, theme.focus, 0.12);
    surface.polyline([...corners, [x, y]], theme.focus, 1, [4, 3]);
    if (taken.rows.length <= MOST_RINGS) {
      for (const row of taken.rows) around(surface, layout, row, 0.5, theme.foreground, 1);
    }
  }
  if (exists(hovered)) around(surface, layout, hovered, 1, theme.foreground, 1.5);
  if (exists(selected)) {
    // A gap, so that the ring shows on a cell of its own colour.
    around(surface, layout, selected, 0.5, theme.background, 1);
    around(surface, layout, selected, 2, theme.focus, 2);
  }
  if (exists(focused)) {
    around(surface, layout, focused, 3.5, theme.background, 1);
    around(surface, layout, focused, 4.5, theme.foreground, 1);
  }
}

function around(
  surface: Surface,
  layout: MapLayout,
  row: number,
  by: number,
  colour: string,
  width: number,
): void {
  const rect = rectOf(layout, row);
  if (columnOf(layout, row).look === 'dots') ring(surface, rect, by, colour, width);
  else surface.strokeRect(rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by, colour, width);
}

function drawLines(surface: Surface, layout: MapLayout, lines: MapLines, marks: MapMarks): void {
  const incoming = lines.incoming.slice(0, MOST_LINES);
  const outgoing = lines.outgoing.slice(0, MOST_LINES);
  const toClasses = strongest(lines.to_classes ?? []);
  const draw = (from: Point, to: Point, weight: number, share: number): void => {
    const colour = marks.signColour(weight < 0 ? -1 : 1);
    const path = curve(from, to);
    const width = Math.max(1, WIDEST * share);
    surface.polyline(path, marks.theme.background, width + 1.5, []);
    surface.polyline(path, colour, width, []);
  };
  const connect = (
    links: readonly Connection[],
    ends: (row: number) => readonly [from: number, to: number],
  ): void => {
    const largest = Math.max(0, ...links.map(({ strength }) => strength));
    // Weakest first: the strongest lie on top.
    for (const { unit, weight, strength } of [...links].reverse()) {
      const row = rowOf(layout, unit);
      if (row === null) continue;
      join(layout, ...ends(row), (from, to) => draw(from, to, weight, strength / largest));
      around(surface, layout, row, 0.5, marks.signColour(weight < 0 ? -1 : 1), 1.5);
    }
  };
  connect(incoming, (row) => [row, lines.row]);
  connect(outgoing, (row) => [lines.row, row]);
  const most = Math.abs(toClasses[0]?.weight ?? 0);
  for (const { index, weight } of toClasses.reverse()) {
    const to = classPoint(layout.output, index);
    const from = sideOf(layout, lines.row, 'right');
    if (columnOf(layout, lines.row).band === layout.bands.length - 1)
      draw(from, to, weight, Math.abs(weight) / most);
  }
}

function strongest(weights: ArrayLike<number>): { readonly index: number; readonly weight: number }[] {
  return Array.from(weights, (weight, index) => ({ weight, index }))
    .filter(({ weight }) => weight !== 0 && Number.isFinite(weight))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST_LINES);
}

function rowOf(layout: MapLayout, unit: UnitRef): number | null {
  const column = layout.columns.find(({ name }) => name === unit.site);
  return column === undefined || unit.unit >= column.units ? null : column.first + unit.unit;
}

function sideOf(layout: MapLayout, row: number, side: 'left' | 'right'): Point {
  const { x, y, w, h } = rectOf(layout, row);
  return [side === 'left' ? x : x + w, y + h / 2];
}

/** From one unit to the next, or out of its band and into the other's. */
function join(layout: MapLayout, from: number, to: number, draw: (a: Point, b: Point) => void): void {
  const start = sideOf(layout, from, 'right');
  const end = sideOf(layout, to, 'left');
  if (columnOf(layout, from).band === columnOf(layout, to).band) {
    draw(start, end);
    return;
  }
  draw(start, [layout.width, start[1]]);
  draw([0, end[1]], end);
}
