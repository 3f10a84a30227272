import { colourOf, type ColourScale, type Domain } from '../../../../src/pictures/colourScale';
import { drawHeatmap, drawLegend, LEGEND_HEIGHT } from '../../../../src/pictures/heatmap';
import { layoutHeatmap } from '../../../../src/pictures/heatmapLayout';
import { rasterColours } from '../../../../src/pictures/rasterColours';
import { movedBy, type Surface } from '../../../../src/pictures/surface';
import type { PictureTheme } from '../../../../src/pictures/theme';
import type { StudyStore } from '../../../shared/store';
import type { ExportedPicture } from '../../frame/exportPicture';
import { roomyCell } from './cellSize';
import type { HeatmapState } from './heatmapState';
import { scaleOf, type Measure } from './measures';
import { siteDetail } from './siteDetail';

export const EXPORT_WIDTH = 900;
export const EXPORT_MARGIN = 16;
/** Room above the cells for title and legend. */
export const EXPORT_HEAD = 64;

/** Title on the left, legend on the right. */
export function drawHead(
  surface: Surface,
  theme: PictureTheme,
  title: string,
  explanation: string,
  legend: {
    readonly scale: ColourScale;
    readonly domain: Domain;
    readonly label: string;
    readonly format: (value: number) => string;
  },
): void {
  const style = { align: 'left', baseline: 'top' } as const;
  surface.text(title, EXPORT_MARGIN, 14, { ...style, colour: theme.foreground, size: 15, weight: 600 });
  surface.text(explanation, EXPORT_MARGIN, 36, { ...style, colour: theme.muted, size: 12 });
  const bar = { x: EXPORT_WIDTH - EXPORT_MARGIN - 220, y: 10, w: 220, h: LEGEND_HEIGHT };
  drawLegend(surface, bar, legend.scale, legend.domain, legend.label, legend.format);
}

/** One measure of all units as a picture, as it is sorted, filtered and zoomed. */
export function exportUnits(
  store: StudyStore,
  state: HeatmapState,
  measure: Measure,
): ExportedPicture | null {
  const table = store.table.value?.table;
  const sites = store.record.value?.sites;
  if (table === undefined || sites === undefined) return null;
  const width = EXPORT_WIDTH - 2 * EXPORT_MARGIN;
  const cell = state.choices.value.cell ?? roomyCell(sites, width);
  const layout = layoutHeatmap(sites, width, { cell, detail: siteDetail });
  const domain = state.domain(measure.column);
  const inside = state.inside.value;
  return {
    width: EXPORT_WIDTH,
    height: EXPORT_HEAD + layout.height + EXPORT_MARGIN,
    draw(surface, theme) {
      const scale = scaleOf(domain, theme);
      const { title, explanation, legend: label, format } = measure;
      drawHead(surface, theme, title, explanation, { scale, domain, label, format });
      drawHeatmap(movedBy(surface, EXPORT_MARGIN, EXPORT_HEAD), layout, {
        values: table.columns[measure.column],
        colour: colourOf(scale, domain),
        raster: rasterColours(scale, domain),
        order: state.order.value,
        muted: (row) => measure.muted(table, row),
        dead: (row) => table.columns.dead[row] === 1,
        faded: inside === null ? null : (row) => inside[row] === 0,
        selected: store.selected.value,
        hovered: null,
        focused: null,
        deleted: store.deleted.value,
        theme,
      });
    },
  };
}
