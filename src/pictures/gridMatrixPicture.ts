import { matrixImage, matrixRect, type MatrixCell, type MatrixLayout, type MatrixPort } from './gridMatrix';
import type { Pyramid } from './gridPyramid';
import type { RasterColours } from './rasterColours';
import { fitText, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** Rows that stand together under a name, such as a site's. */
export interface MatrixSection {
  readonly name: string;
  /** Position of its first row. */
  readonly first: number;
  readonly rows: number;
}

/** What a matrix shows beside its values. */
export interface MatrixView {
  readonly pyramid: Pyramid;
  readonly colours: RasterColours;
  readonly columnNames: readonly string[];
  /** Name of the row at a position. */
  readonly rowName: (position: number) => string;
  /** Where rows are too low for their names: the sites, or null where the order does not keep them together. */
  readonly sections: readonly MatrixSection[] | null;
  /** How a row's number is written, from 1; told instead of sites. */
  readonly rankName: (rank: number) => string;
  /** Positions of the rows that are crossed out. */
  readonly deleted: readonly number[];
  readonly theme: PictureTheme;
}

/** What is ringed: a row whichever its column, and single cells. */
export interface MatrixRings {
  readonly selected: number | null;
  readonly hovered: MatrixCell | null;
  /** A row that is pointed at in another picture. */
  readonly hoveredRow: number | null;
  readonly focused: MatrixCell | null;
  readonly theme: PictureTheme;
}

/** Rows from this height on carry their names. */
const NAMED = 11;
/** Cells from this height on stand apart. */
const APART = 10;
const FONT = 11;
/** Least distance between two rows' numbers. */
const RANK_PITCH = 48;

/** Draws what is in view of a matrix: cells, the names of rows and columns, deleted rows. */
export function drawMatrix(surface: Surface, layout: MatrixLayout, port: MatrixPort, view: MatrixView): void {
  const { theme } = view;
  const image = matrixImage(layout, view.pyramid, port, view.colours);
  if (image !== null) {
    surface.pixels(image.rect, image);
    if (layout.cellHeight >= APART) drawGaps(surface, layout, port, theme);
  }
  for (const position of view.deleted) drawDeleted(surface, layout, port, position, theme);
  // Over cells that are partly in view.
  surface.fillRect(0, 0, layout.gutter, port.height, theme.background);
  surface.fillRect(0, 0, port.width, layout.header, theme.background);
  drawColumnNames(surface, layout, port, view);
  if (layout.cellHeight >= NAMED) drawRowNames(surface, layout, port, view);
  else if (view.sections !== null) drawSections(surface, layout, port, view, view.sections);
  else drawRanks(surface, layout, port, view);
}

/** Draws the rings over {@link drawMatrix}. */
export function drawMatrixRings(
  surface: Surface,
  layout: MatrixLayout,
  port: MatrixPort,
  rings: MatrixRings,
): void {
  const { theme } = rings;
  const ring = (rect: Rect, by: number, colour: string, width: number): void =>
    surface.strokeRect(rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by, colour, width);
  const cell = (at: MatrixCell): Rect | null => inView(layout, port, matrixRect(layout, at));
  const row = (position: number): Rect | null => {
    const { y, h } = matrixRect(layout, { position, column: 0 });
    const w = layout.columns * layout.cellWidth;
    return inView(layout, port, { x: layout.gutter, y, w, h });
  };
  const hoveredRow = rings.hoveredRow === null ? null : row(rings.hoveredRow);
  if (hoveredRow !== null) ring(hoveredRow, 0.5, theme.foreground, 1);
  const selected = rings.selected === null ? null : row(rings.selected);
  if (selected !== null) {
    ring(selected, 1, theme.focus, 2);
    const middle = selected.y + selected.h / 2;
    const tip = layout.gutter - 3;
    surface.polygon(
      [
        [tip, middle],
        [tip - 6, middle - 4],
        [tip - 6, middle + 4],
      ],
      theme.focus,
      1,
    );
  }
  const hovered = rings.hovered === null ? null : cell(rings.hovered);
  if (hovered !== null) {
    ring(hovered, -0.5, theme.background, 1);
    ring(hovered, 0.5, theme.foreground, 1);
  }
  const focused = rings.focused === null ? null : cell(rings.focused);
  if (focused !== null) {
    ring(focused, 0.5, theme.background, 1);
    ring(focused, 1.5, theme.foreground, 1);
  }
}

/** A rectangle of the matrix in the port, at least 3 pixels high; null where it is out of view. */
function inView(layout: MatrixLayout, port: MatrixPort, rect: Rect): Rect | null {
  const h = Math.max(3, rect.h);
  const y = rect.y - port.top - (h - rect.h) / 2;
  const x = rect.x - port.left;
  if (y + h <= layout.header - 1 || y >= port.height || x + rect.w <= layout.gutter || x >= port.width)
    return null;
  const top = Math.max(layout.header, y);
  const left = Math.max(layout.gutter, x);
  return { x: left, y: top, w: x + rect.w - left, h: Math.max(1, y + h - top) };
}

/** Positions of the rows that are at least partly in view. */
function rowsInView(layout: MatrixLayout, port: MatrixPort): readonly [from: number, to: number] {
  const from = Math.max(0, Math.floor(port.top / layout.cellHeight));
  const to = Math.min(layout.rows, Math.ceil((port.top + port.height - layout.header) / layout.cellHeight));
  return [from, to];
}

function drawGaps(surface: Surface, layout: MatrixLayout, port: MatrixPort, theme: PictureTheme): void {
  const [from, to] = rowsInView(layout, port);
  const right = layout.gutter + layout.columns * layout.cellWidth - port.left;
  const bottom = layout.header + layout.rows * layout.cellHeight - port.top;
  for (let position = from; position < to; position++) {
    const { y, h } = matrixRect(layout, { position, column: 0 });
    surface.fillRect(layout.gutter, y + h - 1 - port.top, right - layout.gutter, 1, theme.background);
  }
  if (layout.cellWidth < APART) return;
  for (let column = 0; column < layout.columns; column++) {
    const x = layout.gutter + (column + 1) * layout.cellWidth - 1 - port.left;
    if (x > layout.gutter && x < port.width) {
      surface.fillRect(x, layout.header, 1, Math.min(port.height, bottom) - layout.header, theme.background);
    }
  }
}

function drawDeleted(
  surface: Surface,
  layout: MatrixLayout,
  port: MatrixPort,
  position: number,
  theme: PictureTheme,
): void {
  const { y, h } = matrixRect(layout, { position, column: 0 });
  const middle = y + h / 2 - port.top;
  if (middle < layout.header || middle > port.height) return;
  const right = layout.gutter + layout.columns * layout.cellWidth - port.left;
  if (h >= 4) surface.line(layout.gutter, middle, right, middle, theme.background, 3);
  surface.line(layout.gutter, middle, right, middle, theme.foreground, 1);
}

function drawColumnNames(surface: Surface, layout: MatrixLayout, port: MatrixPort, view: MatrixView): void {
  const widest = view.columnNames.reduce((most, name) => Math.max(most, surface.measure(name, FONT)), 0);
  // Every so many columns have room for a name.
  const every = Math.max(1, Math.ceil(Math.min(widest + 8, 44) / layout.cellWidth));
  for (let column = 0; column < layout.columns; column += every) {
    const x = layout.gutter + column * layout.cellWidth - port.left;
    const room = every * layout.cellWidth - 4;
    if (x + layout.cellWidth < layout.gutter + 8 || x > port.width) continue;
    const name = fitText(surface, view.columnNames[column] ?? String(column), FONT, room);
    const centred = every === 1;
    surface.text(name, centred ? x + layout.cellWidth / 2 : x, layout.header - 8, {
      colour: view.theme.muted,
      size: FONT,
      align: centred ? 'center' : 'left',
      baseline: 'alphabetic',
    });
  }
  // Names of columns that are partly out of view do not run over the rows' names.
  if (port.left > 0) surface.fillRect(0, 0, layout.gutter - 2, layout.header, view.theme.background);
}

function drawRowNames(surface: Surface, layout: MatrixLayout, port: MatrixPort, view: MatrixView): void {
  const [from, to] = rowsInView(layout, port);
  for (let position = from; position < to; position++) {
    const { y, h } = matrixRect(layout, { position, column: 0 });
    const middle = y + h / 2 - port.top;
    if (middle < layout.header + 3) continue;
    const name = fitText(surface, view.rowName(position), FONT, layout.gutter - 12);
    surface.text(name, layout.gutter - 10, middle, {
      colour: view.theme.foreground,
      size: FONT,
      align: 'right',
      baseline: 'middle',
    });
  }
}

/** The names of sites, each kept in view as long as one of its rows is. */
function drawSections(
  surface: Surface,
  layout: MatrixLayout,
  port: MatrixPort,
  { theme }: MatrixView,
  sections: readonly MatrixSection[],
): void {
  let free = layout.header;
  for (const { name, first, rows } of sections) {
    const top = layout.header + first * layout.cellHeight - port.top;
    const bottom = top + rows * layout.cellHeight;
    if (bottom <= layout.header || top >= port.height) continue;
    if (first > 0 && top > layout.header) surface.line(0, top, layout.gutter - 2, top, theme.border, 1);
    const at = Math.max(top, free);
    if (Math.min(bottom, port.height) - at < 13) continue;
    const text = fitText(surface, name, 12, layout.gutter - 10);
    const style = { size: 12, align: 'left', baseline: 'top', weight: 600 } as const;
    surface.text(text, 2, at + 3, { ...style, colour: theme.foreground });
    free = at + 18;
  }
}

/** Numbers of the rows, as on an axis. */
function drawRanks(surface: Surface, layout: MatrixLayout, port: MatrixPort, view: MatrixView): void {
  const least = RANK_PITCH / layout.cellHeight;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, power * (least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10));
  const [from, to] = rowsInView(layout, port);
  for (let rank = Math.max(step, Math.ceil(from / step) * step); rank <= to; rank += step) {
    const y = layout.header + (rank - 0.5) * layout.cellHeight - port.top;
    if (y < layout.header + 6) continue;
    surface.line(layout.gutter - 6, y, layout.gutter - 2, y, view.theme.muted, 1);
    surface.text(view.rankName(rank), layout.gutter - 10, y, {
      colour: view.theme.muted,
      size: FONT,
      align: 'right',
      baseline: 'middle',
    });
  }
}
