import assert from 'node:assert/strict';
import {
  curveColour,
  curveDash,
  curvesHeight,
  drawCurves,
  type CurvePlot,
} from '../../../src/pictures/curves';
import type { Point, Surface } from '../../../src/pictures/surface';
import { svgSurface } from '../../../src/pictures/svgSurface';
import { paperTheme } from '../../../src/pictures/theme';

const SHARES = [0, 0.5, 1].map((at) => ({ at, text: `${100 * at} %` }));

const plot: CurvePlot = {
  title: 'Digits',
  curves: [
    {
      name: 'random',
      figure: 'AUC 0.500 ± 0.100',
      points: [
        [0, 1],
        [0.5, 0.5],
        [1, 0],
      ],
      band: [
        [0.9, 1.1],
        [0.4, 0.6],
        [-0.1, 0.1],
      ],
      colour: 0,
      repeats: [],
      dash: 0,
    },
    {
      name: 'importance, most first',
      figure: 'AUC 0.250',
      points: [
        [0, 1],
        [1, 0],
      ],
      band: null,
      colour: 1,
      repeats: [],
      dash: 1,
    },
  ],
  xLabel: 'deleted',
  yLabel: 'accuracy',
  xTicks: SHARES,
  yTicks: SHARES,
  levels: [{ at: 0.1, text: 'chance' }],
  cursor: null,
  theme: paperTheme,
};

/** Remembers lines, areas and texts with their places. */
function recorder() {
  const lines: { points: readonly Point[]; colour: string; width: number; dash: readonly number[] }[] = [];
  const discs: { at: Point; colour: string }[] = [];
  const areas: (readonly Point[])[] = [];
  const texts: string[] = [];
  const places: Point[] = [];
  const surface: Surface = {
    fillRect: () => undefined,
    strokeRect: () => undefined,
    disc: (x, y, _radius, colour) => void discs.push({ at: [x, y], colour }),
    pixels: () => undefined,
    line: (x1, y1, x2, y2) => void places.push([x1, y1], [x2, y2]),
    polyline: (points, colour, width, dash) => {
      lines.push({ points, colour, width, dash });
      places.push(...points);
    },
    polygon: (points) => {
      areas.push(points);
      places.push(...points);
    },
    text: (text, x, y) => {
      texts.push(text);
      places.push([x, y]);
    },
    measure: (text, size) => text.length * size * 0.5,
  };
  return { surface, lines, discs, areas, texts, places };
}

describe('a plot of curves', () => {
  const rect = { x: 10, y: 20, w: 400, h: curvesHeight(plot, 200) };

  it('has axes as high as asked for, and everything inside its rectangle', () => {
    const { surface, lines, areas, places } = recorder();
    drawCurves(surface, rect, plot);
    const [random] = lines.filter(({ points }) => points.length === 3);
    const [first, middle, last] = random!.points;
    assert.equal(last![1] - first![1], 200);
    assert.deepEqual(middle, [(first![0] + last![0]) / 2, (first![1] + last![1]) / 2]);
    for (const [x, y] of places) {
      assert.ok(x >= rect.x && x <= rect.x + rect.w, `x ${x}`);
      assert.ok(y >= rect.y && y <= rect.y + rect.h, `y ${y}`);
    }
    // One band, cut off where accuracy ends: its upper edge begins at the top of the axes.
    assert.equal(areas.length, 1);
    assert.deepEqual(areas[0]![0], first);
    assert.equal(areas[0]!.length, 6);
  });

  it('names every curve with its figure, in its colour and dash, and the level', () => {
    const { surface, lines, texts } = recorder();
    drawCurves(surface, rect, plot);
    for (const text of [
      'Digits',
      'random',
      'AUC 0.500 ± 0.100',
      'importance, most first',
      'AUC 0.250',
      'chance',
    ])
      assert.ok(texts.includes(text), text);
    for (const { colour, dash: index } of plot.curves) {
      const own = lines.filter((line) => line.colour === curveColour(colour, paperTheme));
      assert.equal(own.length, 2, 'the curve and its place in the legend');
      for (const { dash } of own) assert.deepEqual(dash, curveDash(index));
    }
  });

  it('draws repeats thin, and a cursor with a dot where it meets each curve', () => {
    const { surface, lines, discs } = recorder();
    const repeats = [plot.curves[1]!.points, plot.curves[1]!.points];
    const curves = [{ ...plot.curves[0]!, repeats }, plot.curves[1]!];
    drawCurves(surface, rect, { ...plot, curves, cursor: 0.5 });
    const [mean] = lines.filter(({ points }) => points.length === 3);
    const own = lines.filter((line) => line.colour === mean!.colour && line.points.length === 2);
    assert.equal(own.filter(({ width }) => width < mean!.width).length, 2);
    // A ring of the ground round each dot. The second curve is half way down between its two points.
    assert.equal(discs.length, 4);
    assert.deepEqual(discs[1]!.at, mean!.points[1]);
    assert.equal(discs[3]!.at[1] - mean!.points[0]![1], 100);
    assert.equal(discs[3]!.colour, curveColour(1, paperTheme));
  });

  it('is SVG too', () => {
    const surface = svgSurface(420, rect.h + 40);
    drawCurves(surface, rect, plot);
    const svg = surface.toString();
    assert.equal(svg.match(/<polygon /g)?.length, 1);
    assert.match(
      svg,
      /<polyline points="[\d.,\s]+" fill="none" stroke="#c04a00" [^>]*stroke-dasharray="5 3"/,
    );
    assert.doesNotMatch(svg, /NaN|undefined/);
  });
});
