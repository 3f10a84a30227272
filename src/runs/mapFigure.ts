import { colourOf } from '../pictures/colourScale';
import { drawLegend, LEGEND_HEIGHT } from '../pictures/heatmap';
import { drawMap, type MapTexts } from '../pictures/networkMap';
import { layoutMap } from '../pictures/networkMapLayout';
import { movedBy } from '../pictures/surface';
import { svgSurface } from '../pictures/svgSurface';
import { paperTheme } from '../pictures/theme';
import type { StoredRun } from '../protocol/engine';
import { importanceShading } from './reportFigures';
import { count, Markup } from './reportMarkup';

const WIDTH = 960;
const EDGE = 16;
const LEGEND_WIDTH = 260;

/** The network as SVG: one cell a unit, shaded by importance, one block a site, from the input to the classes. */
export function mapFigure(run: StoredRun): Markup {
  const { record, table } = run;
  const shape = record.data.shape.map((size) => count(size)).join(' × ');
  const { classes } = record;
  const texts: MapTexts = {
    input: 'Input',
    shape,
    output: 'Output',
    outputDetail: classes.length === 1 ? '1 class' : `${count(classes.length)} classes`,
    classes,
    count,
    detail: (kind, units) => `${kind} · ${count(units)}`,
  };
  const layout = layoutMap(record.sites, WIDTH, texts);
  const head = LEGEND_HEIGHT + EDGE;
  const [width, height] = [layout.width + 2 * EDGE, layout.height + head + 2 * EDGE];
  const title = 'The network: one cell a unit, shaded by importance';
  const surface = svgSurface(width, height, { title, fontFamily: paperTheme.fontFamily });
  surface.fillRect(0, 0, width, height, paperTheme.background);
  const { values, muted, scale, domain, label, format } = importanceShading(run);
  const legend = { x: EDGE + layout.width - LEGEND_WIDTH, y: EDGE, w: LEGEND_WIDTH, h: LEGEND_HEIGHT };
  drawLegend(surface, legend, scale, domain, label, format);
  const view = {
    values,
    colour: colourOf(scale, domain),
    muted: (row: number) => muted?.[row] === 1,
    dead: (row: number) => table.columns.dead[row] === 1,
    deleted: new Set<number>(),
    theme: paperTheme,
  };
  drawMap(movedBy(surface, EDGE, EDGE + head), layout, view, texts);
  return new Markup(surface.toString());
}
