import { cellValue, farthest, levelFor, reduced, type Pyramid } from './gridPyramid';
import type { RasterColours } from './rasterColours';
import type { Rect } from './surface';

/** Where the cells of a matrix are; lengths in CSS pixels, of the whole matrix and not only what is in view. */
export interface MatrixLayout {
  readonly rows: number;
  readonly columns: number;
  /** Of one cell; a row may be lower than a pixel. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Room for the rows' names on the left and the columns' names above. */
  readonly gutter: number;
  readonly header: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a matrix that is in view, and where it begins. */
export interface MatrixPort {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

/** A cell of a matrix: its row's position and its column. */
export interface MatrixCell {
  readonly position: number;
  readonly column: number;
}

export const HEADER = 24;
/** Room for rings round the outermost cells. */
const EDGE = 3;
const WIDEST = 150;
/** Columns grow with the rows up to this width where there are too many of them. */
const LEGIBLE = 28;

/** Rows can be this high, pixels. */
export const HIGHEST_ROW = 36;
/** Rows are not higher than that unless someone wishes it. */
const USUAL_ROW = 22;

/** The height of a row at which all rows are in view: whole device pixels where one is more than a pixel. */
export function fittingRow(rows: number, height: number, ratio: number): number {
  const fit = Math.min(USUAL_ROW, (height - HEADER - EDGE) / Math.max(1, rows));
  return evenHeight(fit, ratio);
}

/** A height near the given one at which all rows are equally high on the screen. */
export function evenHeight(height: number, ratio: number): number {
  return height * ratio < 1 ? height : Math.floor(height * ratio + 1e-6) / ratio;
}

/** Lays out a matrix in a width; wider only where columns grow with the rows. */
export function layoutMatrix(
  size: { readonly rows: number; readonly columns: number },
  width: number,
  cellHeight: number,
  gutter: number,
): MatrixLayout {
  const { rows, columns } = size;
  const fit = Math.max(1e-3, (width - gutter - EDGE) / Math.max(1, columns));
  const wide = Math.min(WIDEST, Math.max(fit, Math.min(cellHeight, LEGIBLE)));
  const cellWidth = wide >= 4 ? Math.floor(wide) : wide;
  return {
    rows,
    columns,
    cellWidth,
    cellHeight,
    gutter,
    header: HEADER,
    width: gutter + columns * cellWidth + EDGE,
    height: Math.ceil(HEADER + rows * cellHeight + EDGE),
  };
}

/** Where a cell is in the whole matrix. */
export function matrixRect(layout: MatrixLayout, { position, column }: MatrixCell): Rect {
  return {
    x: layout.gutter + column * layout.cellWidth,
    y: layout.header + position * layout.cellHeight,
    w: layout.cellWidth,
    h: layout.cellHeight,
  };
}

/**
 * The cell at a point of the whole matrix; null outside. Where many cells share a pixel, the one whose colour it has,
 * or for means the first.
 */
export function matrixCellAt(
  layout: MatrixLayout,
  pyramid: Pyramid,
  x: number,
  y: number,
  ratio: number,
): MatrixCell | null {
  const column = Math.floor((x - layout.gutter) / layout.cellWidth);
  const position = Math.floor((y - layout.header) / layout.cellHeight);
  if (column < 0 || column >= layout.columns || position < 0 || position >= layout.rows) return null;
  if (layout.cellHeight * ratio >= 1 || pyramid.reduction === 'mean') return { position, column };
  const [from, to] = rowsOfPixel(layout, Math.floor((y - layout.header) * ratio), ratio);
  return { position: farthest(pyramid.grid, from, to, column), column };
}

/** Positions of the rows in a row of device pixels, counted from the first cell on. */
function rowsOfPixel(
  { rows, cellHeight }: MatrixLayout,
  pixel: number,
  ratio: number,
): readonly [from: number, to: number] {
  const from = Math.floor(pixel / (ratio * cellHeight) + 1e-9);
  const to = Math.max(from + 1, Math.ceil((pixel + 1) / (ratio * cellHeight) - 1e-9));
  return [Math.min(from, rows - 1), Math.min(to, rows)];
}

/** What is in view of a matrix as an image, and where it goes in the port. */
export interface MatrixImage {
  readonly rect: Rect;
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * The cells in view: one pixel a cell where cells are a device pixel or more, one a device pixel where they are less.
 * What is not known stays empty. Null where nothing is in view.
 */
export function matrixImage(
  layout: MatrixLayout,
  pyramid: Pyramid,
  port: MatrixPort,
  colours: RasterColours,
): MatrixImage | null {
  const across = spanOf(layout.columns, layout.cellWidth, port.left, port.width - layout.gutter, port.ratio);
  const down = spanOf(layout.rows, layout.cellHeight, port.top, port.height - layout.header, port.ratio);
  if (across === null || down === null) return null;
  const [width, height] = [across.starts.length, down.starts.length];
  const pixels = new Uint32Array(width * height);
  const level = levelFor(pyramid, 1 / (layout.cellHeight * port.ratio));
  const single = down.single && across.single;
  const { plain, index } = colours;
  for (let y = 0; y < height; y++) {
    const from = down.starts[y]!;
    const to = down.ends[y]!;
    for (let x = 0; x < width; x++) {
      const value = single
        ? cellValue(pyramid.grid, from, across.starts[x]!)
        : reduced(pyramid, level, from, to, across.starts[x]!, across.ends[x]!);
      if (!Number.isNaN(value)) pixels[y * width + x] = plain[index(value)]!;
    }
  }
  return {
    rect: {
      x: layout.gutter + across.at - port.left,
      y: layout.header + down.at - port.top,
      w: across.length,
      h: down.length,
    },
    width,
    height,
    rgba: new Uint8ClampedArray(pixels.buffer),
  };
}

/** What is in view along one axis: the cells of each pixel of the image, and where they begin, CSS pixels. */
interface Span {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Each pixel is one cell. */
  readonly single: boolean;
  readonly at: number;
  readonly length: number;
}

function spanOf(cells: number, size: number, scrolled: number, room: number, ratio: number): Span | null {
  const end = Math.min(cells * size, scrolled + room);
  if (end <= scrolled || cells === 0) return null;
  if (size * ratio >= 1) {
    const first = Math.floor(scrolled / size);
    const last = Math.min(cells, Math.ceil(end / size));
    const starts = Int32Array.from({ length: last - first }, (_, at) => first + at);
    const ends = starts.map((start) => start + 1);
    return { starts, ends, single: true, at: first * size, length: (last - first) * size };
  }
  const first = Math.floor(scrolled * ratio);
  const last = Math.ceil(end * ratio - 1e-6);
  const starts = new Int32Array(last - first);
  const ends = new Int32Array(last - first);
  for (let at = 0; at < starts.length; at++) {
    const from = Math.min(cells - 1, Math.floor((first + at) / (ratio * size) + 1e-9));
    starts[at] = from;
    ends[at] = Math.min(cells, Math.max(from + 1, Math.ceil((first + at + 1) / (ratio * size) - 1e-9)));
  }
  return { starts, ends, single: false, at: first / ratio, length: (last - first) / ratio };
}
