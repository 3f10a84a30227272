import type { SiteInfo } from '../protocol/study';
import type { Rect } from './surface';

/** Where one site's cells are. */
export interface SiteLayout {
  readonly name: string;
  /** `convolution · 64 units`. */
  readonly detail: string;
  /** Index of its first unit among all units of the layout. */
  readonly first: number;
  readonly units: number;
  readonly columns: number;
  readonly rows: number;
  /** Top of the site, label included. */
  readonly top: number;
  /** Top of its cells. */
  readonly cellsTop: number;
  readonly bottom: number;
}

/** Cells of all units, sites one under another; lengths in CSS pixels, all whole numbers. */
export interface HeatmapLayout {
  readonly width: number;
  readonly height: number;
  /** Side of a cell, and from one cell to the next. */
  readonly cell: number;
  readonly pitch: number;
  /** Left edge of the first column. */
  readonly left: number;
  readonly labels: boolean;
  readonly units: number;
  readonly sites: readonly SiteLayout[];
}

/** A keyboard movement: `home`/`end` within the row of cells, `first`/`last` of all units. */
export type Move =
  'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'previousSite' | 'nextSite' | 'first' | 'last';

/** Room for rings around the outermost cells. */
const MARGIN = 4;
/** Height of a site's name above its cells. */
export const LABEL_HEIGHT = 20;
const SITE_GAP = 10;

/** A cell size that keeps a network of that many units on about a screen. */
export function defaultCell(units: number): number {
  if (units <= 600) return 18;
  if (units <= 2500) return 12;
  if (units <= 10_000) return 8;
  return units <= 60_000 ? 4 : 2;
}

/**
 * Lays out one row of cells a site, wrapped to the width.
 *
 * @param width of the whole picture, pixels
 * @param options `cell` side of a cell in pixels (default: by the number of units), `labels` above the sites,
 *   `detail` what stands beside a site's name
 */
export function layoutHeatmap(
  sites: readonly Pick<SiteInfo, 'name' | 'units' | 'kind'>[],
  width: number,
  options: {
    readonly cell?: number;
    readonly labels?: boolean;
    readonly detail?: (site: Pick<SiteInfo, 'units' | 'kind'>) => string;
  } = {},
): HeatmapLayout {
  const units = sites.reduce((sum, site) => sum + site.units, 0);
  const cell = Math.max(1, Math.round(options.cell ?? defaultCell(units)));
  const gap = cell >= 12 ? 2 : cell >= 6 ? 1 : 0;
  const pitch = cell + gap;
  const { labels = true, detail = englishDetail } = options;
  const fitting = Math.max(1, Math.floor((width - 2 * MARGIN + gap) / pitch));
  // Rows of whole tens make a unit's number readable off the picture.
  const columns = fitting >= 20 ? fitting - (fitting % 10) : fitting;
  let top = MARGIN;
  let first = 0;
  const placed = sites.map((site): SiteLayout => {
    const rows = Math.ceil(site.units / columns);
    const cellsTop = top + (labels ? LABEL_HEIGHT : 0);
    const bottom = cellsTop + Math.max(0, rows * pitch - gap);
    const here: SiteLayout = {
      name: site.name,
      detail: detail(site),
      first,
      units: site.units,
      columns: Math.min(columns, site.units),
      rows,
      top,
      cellsTop,
      bottom,
    };
    first += site.units;
    top = bottom + SITE_GAP;
    return here;
  });
  const height = (placed.at(-1)?.bottom ?? MARGIN) + MARGIN;
  return { width, height, cell, pitch, left: MARGIN, labels, units, sites: placed };
}

function englishDetail({ kind, units }: Pick<SiteInfo, 'units' | 'kind'>): string {
  return `${kind} · ${units} ${units === 1 ? 'unit' : 'units'}`;
}

/** The site that holds a unit index. Throws RangeError outside 0 … units − 1. */
export function siteOf(layout: HeatmapLayout, index: number): SiteLayout {
  const site = layout.sites.find((one) => index >= one.first && index < one.first + one.units);
  if (site === undefined) throw new RangeError(`no unit ${index} in a heatmap of ${layout.units}`);
  return site;
}

/** The cell of a unit, by its index among all units. */
export function rectOf(layout: HeatmapLayout, index: number): Rect {
  const site = siteOf(layout, index);
  return rectIn(layout, site, index - site.first);
}

/** The cell of a site's `unit`, without looking for the site. */
export function rectIn(layout: HeatmapLayout, site: SiteLayout, unit: number): Rect {
  const row = Math.floor(unit / site.columns);
  return {
    x: layout.left + (unit - row * site.columns) * layout.pitch,
    y: site.cellsTop + row * layout.pitch,
    w: layout.cell,
    h: layout.cell,
  };
}

/** The unit whose cell (with the gap right of and below it) holds the point, or null. */
export function cellAt(layout: HeatmapLayout, x: number, y: number): number | null {
  const site = layout.sites.find((one) => y >= one.cellsTop && y < one.bottom);
  if (site === undefined) return null;
  const column = Math.floor((x - layout.left) / layout.pitch);
  if (column < 0 || column >= site.columns) return null;
  const unit = Math.floor((y - site.cellsTop) / layout.pitch) * site.columns + column;
  return unit < site.units ? site.first + unit : null;
}

/** Where a movement leads from a unit; the unit itself at an edge. */
export function neighbour(layout: HeatmapLayout, index: number, move: Move): number {
  const sites = layout.sites.filter((one) => one.units > 0);
  const site = siteOf(layout, index);
  const at = sites.indexOf(site);
  const unit = index - site.first;
  const column = unit % site.columns;
  const row = Math.floor(unit / site.columns);
  const enter = (next: SiteLayout | undefined, nextRow: 'top' | 'bottom'): number => {
    if (next === undefined) return index;
    const start = nextRow === 'top' ? 0 : (next.rows - 1) * next.columns;
    return next.first + Math.min(next.units - 1, start + Math.min(column, next.columns - 1));
  };
  switch (move) {
    case 'left':
      return Math.max(0, index - 1);
    case 'right':
      return Math.min(layout.units - 1, index + 1);
    case 'up':
      return row > 0 ? index - site.columns : enter(sites[at - 1], 'bottom');
    case 'down':
      if (row === site.rows - 1) return enter(sites[at + 1], 'top');
      return site.first + Math.min(site.units - 1, unit + site.columns);
    case 'home':
      return index - column;
    case 'end':
      return site.first + Math.min(site.units - 1, (row + 1) * site.columns - 1);
    case 'previousSite':
      return sites[at - 1]?.first ?? site.first;
    case 'nextSite':
      return sites[at + 1]?.first ?? index;
    case 'first':
      return 0;
    case 'last':
      return layout.units - 1;
  }
}
