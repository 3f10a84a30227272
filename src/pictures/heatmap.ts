import { legendStops, type ColourScale, type Domain } from './colourScale';
import type { UnitOrder } from './gridOrder';
import { LABEL_HEIGHT, rectIn, rectOf, type HeatmapLayout, type SiteLayout } from './heatmapLayout';
import { fade, packedColour, type RasterColours } from './rasterColours';
import { fitText, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** What a heatmap shows; units are named by their row, counted over all sites of the layout. */
export interface HeatmapView {
  /** One value a unit; NaN: not computed. */
  readonly values: ArrayLike<number>;
  /** Colour of a value, `#rrggbb`; never called with NaN. The centre of a unit's cell has exactly it. */
  readonly colour: (value: number) => string;
  /** The same as tables; with them, cells too small for marks are drawn as one image a site. */
  readonly raster?: RasterColours;
  /** Where each unit is shown; in the network's order when absent. */
  readonly order?: UnitOrder | null;
  /** Units whose value is within noise: their cells are drawn smaller, tiny ones paler. */
  readonly muted?: (row: number) => boolean;
  /** Units that never fire: their cells are framed. */
  readonly dead?: (row: number) => boolean;
  /** Units that a filter leaves out: their cells are nearly the ground. */
  readonly faded?: ((row: number) => boolean) | null;
  readonly selected: number | null;
  readonly hovered: number | null;
  /** The unit the keyboard is at, while the picture has the focus. */
  readonly focused: number | null;
  readonly deleted: ReadonlySet<number>;
  readonly theme: PictureTheme;
}

/** The part of a picture that is in view, from top to bottom; the name of a site stays in it. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** Cells from this side on carry marks. */
const MARKED = 6;

/** Draws all cells, the sites' labels, and the marks of deleted, selected, hovered and focused units. */
export function drawHeatmap(surface: Surface, layout: HeatmapLayout, view: HeatmapView): void {
  drawHeatmapCells(surface, layout, view, { top: 0, bottom: layout.height });
  drawHeatmapRings(surface, layout, view);
}

/** Draws what does not follow the pointer: cells, labels, deleted units. */
export function drawHeatmapCells(
  surface: Surface,
  layout: HeatmapLayout,
  view: HeatmapView,
  band: Band,
): void {
  const small = view.raster !== undefined && layout.cell < MARKED ? view.raster : null;
  for (const site of layout.sites) {
    if (site.bottom <= band.top || site.top >= band.bottom) continue;
    const from = Math.max(0, Math.floor((band.top - site.cellsTop) / layout.pitch));
    const to = Math.min(site.rows, Math.ceil((band.bottom - site.cellsTop) / layout.pitch));
    if (small !== null) drawSmallCells(surface, layout, site, { ...view, raster: small }, from, to);
    else drawCells(surface, layout, site, view, from, to);
    if (layout.labels) drawLabel(surface, layout, site, view.theme, band.top);
  }
}

/** Draws the rings round the hovered, the selected and the focused unit. */
export function drawHeatmapRings(
  surface: Surface,
  layout: HeatmapLayout,
  view: Pick<HeatmapView, 'selected' | 'hovered' | 'focused' | 'order' | 'theme'>,
): void {
  const { theme } = view;
  const rect = (row: number | null): Rect | null => {
    const position = row === null ? -1 : positionOf(view.order, row);
    return position >= 0 && position < layout.units ? rectOf(layout, position) : null;
  };
  const hovered = rect(view.hovered);
  if (hovered !== null) drawRing(surface, hovered, 0.5, theme.foreground, 1);
  const selected = rect(view.selected);
  if (selected !== null) {
    // A gap, so that the ring shows on a cell of its own colour.
    drawRing(surface, selected, -0.5, theme.background, 1);
    drawRing(surface, selected, 1, theme.focus, 2);
  }
  const focused = rect(view.focused);
  if (focused !== null) {
    drawRing(surface, focused, 2.5, theme.background, 1);
    drawRing(surface, focused, 3.5, theme.foreground, 1);
  }
}

function positionOf(order: UnitOrder | null | undefined, row: number): number {
  return order == null ? row : (order.positions[row] ?? -1);
}

function drawLabel(
  surface: Surface,
  layout: HeatmapLayout,
  site: SiteLayout,
  theme: PictureTheme,
  bandTop: number,
): void {
  const top = Math.max(site.top, Math.min(bandTop, site.bottom - LABEL_HEIGHT));
  if (top > site.top) surface.fillRect(0, top, layout.width, LABEL_HEIGHT, theme.background);
  const available = layout.width - 2 * layout.left;
  const name = fitText(surface, site.name, 13, available * 0.7);
  const style = { align: 'left', baseline: 'middle' } as const;
  const middle = top + 9;
  surface.text(name, layout.left, middle, { ...style, colour: theme.foreground, size: 13, weight: 600 });
  // Semibold runs about a tenth wider than what `measure` gives.
  const x = layout.left + surface.measure(name, 13) * 1.1 + 8;
  const detail = fitText(surface, site.detail, 12, layout.width - layout.left - x);
  surface.text(detail, x, middle, { ...style, colour: theme.muted, size: 12 });
}

/** Rows `from` … `to` − 1 of a site's cells, each with its marks. */
function drawCells(
  surface: Surface,
  layout: HeatmapLayout,
  site: SiteLayout,
  view: HeatmapView,
  from: number,
  to: number,
): void {
  const { theme } = view;
  const pale = new Map<string, string>();
  const fadedColour = (colour: string): string => {
    const known = pale.get(colour);
    if (known !== undefined) return known;
    const made = fade(colour, theme.background);
    pale.set(colour, made);
    return made;
  };
  const crossed: Rect[] = [];
  for (let unit = from * site.columns; unit < Math.min(site.units, to * site.columns); unit++) {
    const row = view.order?.rows[site.first + unit] ?? site.first + unit;
    const value = view.values[row] ?? NaN;
    const rect = rectIn(layout, site, unit);
    const faded = view.faded?.(row) ?? false;
    const colour = Number.isNaN(value) ? null : view.colour(value);
    const muted = view.muted?.(row) ?? false;
    drawCell(surface, rect, colour === null || !faded ? colour : fadedColour(colour), muted, theme);
    if (view.dead?.(row) === true && !faded) drawFrame(surface, rect, theme);
    if (view.deleted.has(row)) crossed.push(rect);
  }
  for (const rect of crossed) drawCross(surface, rect, theme);
}

/** The same as an image of one pixel a cell. */
function drawSmallCells(
  surface: Surface,
  layout: HeatmapLayout,
  site: SiteLayout,
  view: HeatmapView & { readonly raster: RasterColours },
  from: number,
  to: number,
): void {
  if (to <= from) return;
  const { raster, values, order, muted, faded, deleted } = view;
  const width = site.columns;
  const height = to - from;
  const pixels = new Uint32Array(width * height);
  const first = from * width;
  const cells = Math.min(site.units - first, pixels.length);
  const mark = packedColour(view.theme.foreground);
  for (let at = 0; at < cells; at++) {
    const position = site.first + first + at;
    const row = order == null ? position : order.rows[position]!;
    const value = values[row] ?? NaN;
    if (deleted.has(row)) pixels[at] = mark;
    else if (!Number.isNaN(value)) {
      const table =
        faded?.(row) === true ? raster.faded : muted?.(row) === true ? raster.muted : raster.plain;
      pixels[at] = table[raster.index(value)]!;
    }
  }
  surface.pixels(
    {
      x: layout.left,
      y: site.cellsTop + from * layout.pitch,
      w: width * layout.pitch,
      h: height * layout.pitch,
    },
    { width, height, rgba: new Uint8ClampedArray(pixels.buffer) },
  );
}

function inset(cell: number): number {
  return cell < 4 ? 0 : Math.max(1, Math.round(cell * 0.25));
}

/** @param colour null: the unit has no value */
function drawCell(
  surface: Surface,
  rect: Rect,
  colour: string | null,
  muted: boolean,
  theme: PictureTheme,
): void {
  if (colour === null) {
    if (rect.w < 4) return;
    surface.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1, theme.border, 1);
    surface.line(rect.x + 1, rect.y + rect.h - 1, rect.x + rect.w - 1, rect.y + 1, theme.border, 1);
    return;
  }
  const by = muted ? inset(rect.w) : 0;
  surface.fillRect(rect.x + by, rect.y + by, rect.w - 2 * by, rect.h - 2 * by, colour);
}

/** A frame round the whole cell; over the edge of a full cell, round a muted one. */
function drawFrame(surface: Surface, rect: Rect, theme: PictureTheme): void {
  if (rect.w >= MARKED) {
    surface.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1, theme.border, 1);
  }
}

function drawCross(surface: Surface, { x, y, w, h }: Rect, theme: PictureTheme): void {
  const strokes = [
    [theme.background, 4],
    [theme.foreground, 2],
  ] as const;
  for (const [colour, width] of strokes) {
    surface.line(x, y, x + w, y + h, colour, width);
    surface.line(x, y + h, x + w, y, colour, width);
  }
}

function drawRing(surface: Surface, rect: Rect, by: number, colour: string, width: number): void {
  surface.strokeRect(rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by, colour, width);
}

/** Height of a legend that {@link drawLegend} fills well, pixels. */
export const LEGEND_HEIGHT = 44;

/**
 * Draws a colour bar with its label above and lowest, middle and highest value below.
 *
 * @param format how a value is written, such as `+1.2 points`
 */
export function drawLegend(
  surface: Surface,
  rect: Rect,
  scale: ColourScale,
  domain: Domain,
  label: string,
  format: (value: number) => string,
): void {
  const { theme } = scale;
  const text = { colour: theme.muted, size: 11, baseline: 'middle' } as const;
  const barTop = rect.y + 16;
  const barHeight = Math.max(6, rect.h - 16 - 16);
  const name = fitText(surface, label, 11, rect.w);
  surface.text(name, rect.x, rect.y + 7, { ...text, colour: theme.foreground, align: 'left' });
  const count = Math.max(2, Math.floor(rect.w));
  legendStops(scale, domain, count).forEach(({ colour }, i) => {
    // To the bar's end, so that no seams show where the picture is scaled.
    surface.fillRect(rect.x + i, barTop, count - i, barHeight, colour);
  });
  const aligns = ['left', 'center', 'right'] as const;
  legendStops(scale, domain, 3).forEach(({ value }, i) => {
    const x = rect.x + (count * i) / 2;
    const tick = Math.min(rect.x + count - 0.5, Math.max(rect.x + 0.5, x));
    surface.line(tick, barTop + barHeight, tick, barTop + barHeight + 3, theme.muted, 1);
    surface.text(format(value), x, barTop + barHeight + 10, { ...text, align: aligns[i] ?? 'center' });
  });
}
