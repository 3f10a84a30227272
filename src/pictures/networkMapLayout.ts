import type { SiteInfo } from '../protocol/study';
import { blockOf, type Block } from './networkMapBlock';
import type { Point, Rect } from './surface';

/** One site of the map: a block of cells, row after row, under the site's name. */
export interface MapColumn extends Block {
  readonly name: string;
  readonly kind: string;
  /** Row of its first unit among all units. */
  readonly first: number;
  readonly units: number;
  /** Index of the band that it stands in. */
  readonly band: number;
  /** Room for its name: left edge and width. */
  readonly left: number;
  readonly width: number;
  readonly cellsLeft: number;
  readonly cellsTop: number;
}

/** A line of the map; a network of many sites goes on in the next. */
export interface MapBand {
  readonly top: number;
  readonly cellsTop: number;
  readonly cellsBottom: number;
}

/** The output: a place for each class, or (`pitch` 0) one bar for all of them. */
export interface MapOutput extends Rect {
  readonly classes: number;
  readonly pitch: number;
}

/** Where everything of the map is; lengths in CSS pixels, cells at whole numbers. */
export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly units: number;
  /** The sites, in order. */
  readonly columns: readonly MapColumn[];
  readonly bands: readonly MapBand[];
  readonly input: Rect;
  readonly output: MapOutput;
}

/** Height of a column's head: its name, its kind and count. */
export const HEAD_HEIGHT = 40;

/** Room for rings around the outermost cells. */
const MARGIN = 6;
const BAND_GAP = 20;
/** The least width of a site and the least gap beside it: usually, and in a narrow panel. */
const LEAST = { slot: 52, gap: 24 };
const LEAST_NARROW = { slot: 44, gap: 18 };
const NARROW = 560;
const MAX_GAP = 200;
/** A network of several bands stands in slots of at least this width: usually, and in a narrow panel. */
const BAND_SLOT = 104;
const BAND_SLOT_NARROW = 80;
/** A class's name is written where it has that much room. */
const CLASS_PITCH = 13;
const MOST_CLASS_PITCH = 24;
const INPUT_BAR = 12;
/** A site of more units may be wider. */
const MANY = 8000;

/** Sides of a cell with its gap, the largest first: the map takes the first at which all sites fit side by side. */
const PITCHES: readonly number[] = [22, 20, 18, 16, 15, 14, 13, 12, 11, 10, 9, 8];

interface Ends {
  readonly input: number;
  readonly output: number;
}

/** What the slots of sites are laid out from: per site its block, and where its slot begins. */
interface Slots {
  readonly blocks: readonly Block[];
  readonly lefts: readonly number[];
  readonly widths: readonly number[];
  /** Sites in a band. */
  readonly perBand: number;
  readonly inputLeft: number;
  readonly outputLeft: number;
}

/**
 * Lays out sites from left to right between the input and the classes; where they do not fit side by side, in
 * several bands one under another.
 *
 * @param width of the whole picture, pixels
 * @param ends the input's shape as it is written, and the names of the classes
 */
export function layoutMap(
  sites: readonly Pick<SiteInfo, 'name' | 'units' | 'kind'>[],
  width: number,
  { shape, classes }: { readonly shape: string; readonly classes: readonly string[] },
): MapLayout {
  const ends = endWidths(width, shape, classes);
  const high = width < NARROW ? 340 : 400;
  const slots = sideBySide(sites, width, ends, high) ?? inBands(sites, width, ends);
  const bands: MapBand[] = [];
  const columns: MapColumn[] = [];
  let first = 0;
  let top = 0;
  for (let from = 0; from === 0 || from < sites.length; from += slots.perBand) {
    const blocks = slots.blocks.slice(from, from + slots.perBand);
    const several = sites.length > slots.perBand;
    const tallest = Math.max(0, ...blocks.map(({ rows, pitch }) => rows * pitch));
    const height = Math.max(tallest, several ? 60 : Math.min(high, classes.length * MOST_CLASS_PITCH, 240));
    const cellsTop = top + HEAD_HEIGHT + MARGIN;
    blocks.forEach((block, i) => {
      const site = sites[from + i]!;
      const left = slots.lefts[from + i] ?? 0;
      const slot = slots.widths[from + i] ?? 0;
      columns.push({
        ...block,
        name: site.name,
        kind: site.kind,
        first,
        units: site.units,
        band: bands.length,
        left,
        width: slot,
        cellsLeft: Math.round(left + (slot - block.columns * block.pitch) / 2),
        cellsTop: Math.round(cellsTop + (height - block.rows * block.pitch) / 2),
      });
      first += site.units;
    });
    bands.push({ top, cellsTop, cellsBottom: cellsTop + height });
    top = cellsTop + height + BAND_GAP;
  }
  const height = (bands.at(-1)?.cellsBottom ?? 0) + MARGIN;
  const input = inputBar(bands[0]!, slots.inputLeft, ends.input);
  const output = outputPlaces(bands.at(-1)!, slots.outputLeft, ends.output, classes.length);
  return { width, height, units: first, columns, bands, input, output };
}

function endWidths(width: number, shape: string, classes: readonly string[]): Ends {
  const narrow = width < NARROW;
  const longest = Math.max(0, ...classes.map((name) => name.length));
  return {
    input: Math.min(narrow ? 56 : 100, Math.max(44, 6 + shape.length * 6.5)),
    output: Math.min(narrow ? 48 : 110, Math.max(narrow ? 44 : 62, 20 + longest * 7)),
  };
}

/** All sites in one band, with cells as large as they may be; null where they do not fit. */
function sideBySide(
  sites: readonly Pick<SiteInfo, 'units'>[],
  width: number,
  ends: Ends,
  high: number,
): Slots | null {
  const free = width - 2 * MARGIN - ends.input - ends.output;
  const gaps = sites.length + 1;
  const least = width < NARROW ? LEAST_NARROW : LEAST;
  const gap = Math.min(90, Math.max(least.gap, (0.3 * free) / gaps));
  for (const most of PITCHES) {
    const blocks = sites.map(({ units }) =>
      blockOf(units, { most, width: (units > MANY ? 28 : 15) * most, height: high }),
    );
    const widths = blocks.map(({ columns, pitch }) => Math.max(least.slot, columns * pitch));
    const taken = widths.reduce((sum, one) => sum + one, 0);
    if (taken + gaps * gap > free) continue;
    const step = Math.min(MAX_GAP, (free - taken) / gaps);
    const inputLeft = MARGIN + (free - taken - gaps * step) / 2;
    // A slot takes in half the gaps beside it, so that names have more room than cells.
    let left = inputLeft + ends.input + step / 2;
    const lefts = widths.map((one) => {
      const here = left;
      left += one + step;
      return here;
    });
    const outputLeft = left + step / 2;
    return {
      blocks,
      lefts,
      widths: widths.map((one) => one + step),
      perBand: Math.max(1, sites.length),
      inputLeft,
      outputLeft,
    };
  }
  return null;
}

/** Bands of equal slots, which stand exactly under one another. */
function inBands(sites: readonly Pick<SiteInfo, 'units'>[], width: number, ends: Ends): Slots {
  const free = Math.max(LEAST.slot, width - 2 * MARGIN - ends.input - ends.output);
  const least = width < NARROW ? BAND_SLOT_NARROW : BAND_SLOT;
  const bands = Math.ceil(sites.length / Math.max(1, Math.floor(free / least)));
  const perBand = Math.ceil(sites.length / bands);
  const slot = free / perBand;
  const block = { most: 16, width: Math.max(LEAST_NARROW.slot, slot - LEAST.gap), height: 240 };
  const left = MARGIN + ends.input;
  return {
    blocks: sites.map(({ units }) => blockOf(units, block)),
    lefts: sites.map((_, i) => left + (i % perBand) * slot),
    widths: sites.map(() => slot),
    perBand,
    inputLeft: MARGIN,
    outputLeft: left + (((sites.length - 1) % perBand) + 1) * slot,
  };
}

function inputBar(band: MapBand, left: number, width: number): Rect {
  const { cellsTop, cellsBottom } = band;
  const h = Math.round(Math.min(240, (cellsBottom - cellsTop) * 0.7));
  const y = Math.round((cellsTop + cellsBottom - h) / 2);
  return { x: Math.round(left + (width - INPUT_BAR) / 2), y, w: INPUT_BAR, h };
}

function outputPlaces(band: MapBand, left: number, width: number, classes: number): MapOutput {
  const { cellsTop, cellsBottom } = band;
  const room = cellsBottom - cellsTop;
  const pitch = Math.min(MOST_CLASS_PITCH, Math.floor(room / Math.max(1, classes)));
  const named = classes > 0 && pitch >= CLASS_PITCH;
  const h = named ? pitch * classes : Math.round(Math.min(240, room * 0.7));
  const y = Math.round((cellsTop + cellsBottom - h) / 2);
  return { x: Math.round(left), y, w: width, h, classes, pitch: named ? pitch : 0 };
}

/** Where lines to a class end; the middle of the bar where classes have no places. */
export function classPoint(output: MapOutput, index: number): Point {
  const y = output.pitch === 0 ? output.h / 2 : (index + 0.5) * output.pitch;
  return [output.x + 6, output.y + y];
}

/** The site of a unit, by the unit's row. Throws RangeError outside 0 … units − 1. */
export function columnOf(layout: MapLayout, row: number): MapColumn {
  const { columns } = layout;
  let low = 0;
  let high = columns.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (columns[middle]!.first <= row) low = middle;
    else high = middle - 1;
  }
  const column = columns[low];
  if (column === undefined || row < 0 || row >= layout.units) {
    throw new RangeError(`no unit ${row} in a map of ${layout.units}`);
  }
  return column;
}

/** The cell of a site's `unit`. */
export function rectIn(column: MapColumn, unit: number): Rect {
  const { columns, pitch, cell, cellsLeft, cellsTop } = column;
  const row = Math.floor(unit / columns);
  const x = cellsLeft + (unit - row * columns) * pitch;
  return { x, y: cellsTop + row * pitch, w: cell, h: cell };
}

/** The cell of a unit, by its row among all units. */
export function rectOf(layout: MapLayout, row: number): Rect {
  const column = columnOf(layout, row);
  return rectIn(column, row - column.first);
}

/** The unit whose cell (with the gap right of and below it) holds the point, or null. */
export function cellAt(layout: MapLayout, x: number, y: number): number | null {
  for (const column of layout.columns) {
    const across = Math.floor((x - column.cellsLeft) / column.pitch);
    const down = Math.floor((y - column.cellsTop) / column.pitch);
    if (across < 0 || across >= column.columns || down < 0 || down >= column.rows) continue;
    const unit = down * column.columns + across;
    return unit < column.units ? column.first + unit : null;
  }
  return null;
}

/** The site whose head holds the point, or null. */
export function headAt(layout: MapLayout, x: number, y: number): MapColumn | null {
  const inside = (column: MapColumn): boolean => {
    const { top } = layout.bands[column.band]!;
    return x >= column.left && x < column.left + column.width && y >= top && y < top + HEAD_HEIGHT;
  };
  return layout.columns.find(inside) ?? null;
}

/** The units whose cells have their centres in a rectangle, in order. */
export function unitsIn(layout: MapLayout, { x, y, w, h }: Rect): number[] {
  const found: number[] = [];
  for (const column of layout.columns) {
    const { columns, rows, pitch, cell, cellsLeft, cellsTop } = column;
    const from = Math.max(0, Math.ceil((x - cellsLeft - cell / 2) / pitch));
    const to = Math.min(columns - 1, Math.floor((x + w - cellsLeft - cell / 2) / pitch));
    const above = Math.max(0, Math.ceil((y - cellsTop - cell / 2) / pitch));
    const below = Math.min(rows - 1, Math.floor((y + h - cellsTop - cell / 2) / pitch));
    for (let down = above; down <= below; down++) {
      for (let across = from; across <= to; across++) {
        const unit = down * columns + across;
        if (unit < column.units) found.push(column.first + unit);
      }
    }
  }
  return found;
}

/** The rectangle round the cells of some units, at least one. */
export function boundsOf(layout: MapLayout, rows: readonly number[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const row of rows) {
    const { x, y, w, h } = rectOf(layout, row);
    left = Math.min(left, x - 2);
    top = Math.min(top, y - 2);
    right = Math.max(right, x + w + 2);
    bottom = Math.max(bottom, y + h + 2);
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
}
