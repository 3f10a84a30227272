import { axisOf } from '../pictures/axis';
import { curveColour } from '../pictures/curves';
import { relationsOf } from '../pictures/relation';
import { drawScatter, placePoints } from '../pictures/scatter';
import { fitText, movedBy } from '../pictures/surface';
import { svgSurface } from '../pictures/svgSurface';
import { paperTheme } from '../pictures/theme';
import type { StoredRun } from '../protocol/engine';
import { decimal, Markup } from './reportMarkup';

const WIDTH = 712;
const PLOT = { width: 680, height: 408 };
const EDGE = 16;
const LINE = 20;
/** Device pixels a CSS pixel of an image of very many points. */
const FINENESS = 2;

/** Importance against selectivity as SVG, a point a unit, coloured by site; below it Spearman’s ρ of each site. */
export function scatterFigure(run: StoredRun): Markup {
  const { record, table, correlations } = run;
  const { selectivity, accuracy_drop, within_noise, selectivity_valid, dead } = table.columns;
  const siteOf = record.sites.flatMap(({ units }, at) => Array<number>(units).fill(at));
  const size = {
    ...PLOT,
    xAxis: axisOf([], { log: false, factor: 1, ticks: 7, ends: [0, 1] }),
    yAxis: axisOf(accuracy_drop, { log: false, factor: 100, ticks: 8 }),
  };
  const height = PLOT.height + EDGE + record.sites.length * LINE + 2 * EDGE;
  const title = 'Importance against class selectivity: one point a unit';
  const surface = svgSurface(WIDTH, height, { title, fontFamily: paperTheme.fontFamily });
  surface.fillRect(0, 0, WIDTH, height, paperTheme.background);
  const plot = {
    ...size,
    xLabel: 'class selectivity index',
    yLabel: 'importance, points of accuracy lost',
    points: placePoints(Int32Array.from(siteOf.keys()), selectivity, accuracy_drop, size),
    colour: (row: number) => curveColour(siteOf[row]!, paperTheme),
    mark: (row: number) => {
      if (dead[row] === 1) return 'dead';
      return within_noise[row] === 1 || selectivity_valid[row] === 0 ? 'muted' : 'plain';
    },
    deleted: new Set<number>(),
    theme: paperTheme,
  } as const;
  drawScatter(movedBy(surface, EDGE, EDGE), plot, FINENESS);
  const relations =
    correlations === undefined ? [] : relationsOf(correlations, 'selectivity', 'accuracy_drop');
  record.sites.forEach(({ name }, index) => {
    const y = EDGE + PLOT.height + EDGE + index * LINE;
    const relation = relations.find(({ site }) => site === name);
    const figure =
      relation === undefined || Number.isNaN(relation.rho)
        ? ''
        : `: ρ ${decimal(relation.rho, 2)} (${decimal(relation.low, 2)} … ${decimal(relation.high, 2)})`;
    surface.disc(EDGE + 5, y, 5, curveColour(index, paperTheme), 1);
    const text = fitText(surface, `${name}${figure}`, 12, WIDTH - 3 * EDGE);
    surface.text(text, EDGE + 18, y, {
      colour: paperTheme.foreground,
      size: 12,
      align: 'left',
      baseline: 'middle',
    });
  });
  return new Markup(surface.toString());
}
