import { drawLegend, LEGEND_HEIGHT } from '../../../../src/pictures/heatmap';
import { drawMap } from '../../../../src/pictures/networkMap';
import { layoutMap } from '../../../../src/pictures/networkMapLayout';
import { drawMapMarks } from '../../../../src/pictures/networkMapMarks';
import { fitText, movedBy } from '../../../../src/pictures/surface';
import type { ExportedPicture } from '../../frame/exportPicture';
import type { ViewProps } from '../../viewProps';
import { LEGEND_WIDTH } from './mapLegend';
import type { MapModel } from './mapModel';

const EDGE = 16;
/** A file is at least that wide, however narrow the panel is. */
const LEAST_WIDTH = 640;

/** The map as it goes into a file, with title and colour bar; null where there is nothing to draw. */
export function exportedMap({ store }: ViewProps, model: MapModel, title: string): ExportedPicture | null {
  const record = store.record.peek();
  if (record === null) return null;
  const layout = layoutMap(record.sites, Math.max(LEAST_WIDTH, model.width.peek()), model.texts.peek());
  const cells = model.cells.peek();
  const { scale, domain } = model.shades.peek();
  const measure = model.measure.peek();
  const head = LEGEND_HEIGHT + EDGE;
  return {
    width: layout.width + 2 * EDGE,
    height: layout.height + head + 2 * EDGE,
    draw(surface, theme) {
      const style = { align: 'left', baseline: 'middle' } as const;
      const room = layout.width - LEGEND_WIDTH - EDGE;
      const name = fitText(surface, title, 15, room / 1.1);
      surface.text(name, EDGE, EDGE + 10, { ...style, colour: theme.foreground, size: 15, weight: 600 });
      const study = fitText(surface, store.state.peek()?.title ?? '', 12, room);
      surface.text(study, EDGE, EDGE + 30, { ...style, colour: theme.muted, size: 12 });
      const legend = { x: EDGE + layout.width - LEGEND_WIDTH, y: EDGE, w: LEGEND_WIDTH, h: LEGEND_HEIGHT };
      drawLegend(surface, legend, scale, domain, measure.legend(), measure.format);
      const place = movedBy(surface, EDGE, EDGE + head);
      drawMap(place, layout, { ...cells, theme }, model.texts.peek());
      drawMapMarks(place, layout, {
        hovered: null,
        selected: store.selected.peek(),
        focused: null,
        taken: null,
        lines: model.lines.peek(),
        signColour: model.signColour.peek(),
        theme,
      });
    },
  };
}
