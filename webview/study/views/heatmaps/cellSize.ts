import { defaultCell, layoutHeatmap } from '../../../../src/pictures/heatmapLayout';
import type { SiteInfo } from '../../../../src/protocol/study';

/** Sides that a heatmap cell can be zoomed to, pixels. */
export const CELL_SIDES: readonly number[] = [2, 3, 4, 6, 8, 12, 15, 18, 21, 24, 28, 36, 44];

/** A picture of few neurons is enlarged up to this height and this cell. */
const ROOMY_HEIGHT = 380;
const ROOMY_CELL = 28;

/** The cell side when the user has chosen none: the usual one, or larger where the picture stays low. */
export function roomyCell(sites: readonly SiteInfo[], width: number): number {
  const usual = defaultCell(sites.reduce((sum, site) => sum + site.units, 0));
  const fits = (cell: number): boolean => layoutHeatmap(sites, width, { cell }).height <= ROOMY_HEIGHT;
  return CELL_SIDES.findLast((cell) => cell > usual && cell <= ROOMY_CELL && fits(cell)) ?? usual;
}
