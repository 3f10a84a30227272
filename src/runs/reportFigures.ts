import {
  colourOf,
  diverging,
  domainOf,
  SELECTIVITY_DOMAIN,
  sequential,
  type ColourScale,
  type Domain,
} from '../pictures/colourScale';
import { drawHeatmap, drawLegend, LEGEND_HEIGHT } from '../pictures/heatmap';
import { layoutHeatmap } from '../pictures/heatmapLayout';
import { movedBy } from '../pictures/surface';
import { svgSurface } from '../pictures/svgSurface';
import { paperTheme } from '../pictures/theme';
import type { StoredRun } from '../protocol/engine';
import { Markup, points } from './reportMarkup';

const WIDTH = 816;
const MARGIN = 4;
const LEGEND_WIDTH = 260;

/** How a measure of all units is shaded. */
export interface Shading {
  readonly label: string;
  readonly values: Float64Array;
  readonly muted?: Float64Array;
  readonly scale: ColourScale;
  readonly domain: Domain;
  readonly format: (value: number) => string;
}

function draw(run: StoredRun, title: string, figure: Shading): Markup {
  const layout = layoutHeatmap(run.record.sites, WIDTH - 2 * MARGIN);
  const height = layout.height + LEGEND_HEIGHT + 10 + 2 * MARGIN;
  const surface = svgSurface(WIDTH, height, { title, fontFamily: paperTheme.fontFamily });
  surface.fillRect(0, 0, WIDTH, height, paperTheme.background);
  const inner = movedBy(surface, MARGIN, MARGIN);
  const { muted } = figure;
  const { dead } = run.table.columns;
  drawHeatmap(inner, layout, {
    values: figure.values,
    colour: colourOf(figure.scale, figure.domain),
    ...(muted === undefined ? {} : { muted: (index: number) => muted[index] === 1 }),
    dead: (index) => dead[index] === 1,
    selected: null,
    hovered: null,
    focused: null,
    deleted: new Set(),
    theme: paperTheme,
  });
  const legend = { x: layout.left, y: layout.height + 10, w: LEGEND_WIDTH, h: LEGEND_HEIGHT };
  drawLegend(inner, legend, figure.scale, figure.domain, figure.label, figure.format);
  return new Markup(surface.toString());
}

/** The importance heatmap as SVG. */
export function importanceFigure(run: StoredRun): Markup {
  return draw(run, 'Importance of every unit: one cell a unit, one block a site', importanceShading(run));
}

/** The selectivity heatmap as SVG. */
export function selectivityFigure(run: StoredRun): Markup {
  return draw(run, 'Class selectivity of every unit: one cell a unit, one block a site', {
    label: 'Class selectivity index',
    values: run.table.columns.selectivity,
    scale: sequential(paperTheme),
    domain: SELECTIVITY_DOMAIN,
    format: (value) => value.toFixed(1),
  });
}

/** How importance is shaded: within noise it is muted. */
export function importanceShading(run: StoredRun): Shading {
  const values = run.table.columns.accuracy_drop;
  const domain = domainOf(values);
  return {
    label: 'Importance (accuracy drop in points)',
    values,
    muted: run.table.columns.within_noise,
    scale: diverging(paperTheme),
    domain,
    format: (value) =>
      `${value > 0 ? '+' : ''}${points(value, domain[1] < 0.0015 ? 3 : domain[1] < 0.1 ? 2 : 1)}`,
  };
}
