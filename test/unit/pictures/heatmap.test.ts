import assert from 'node:assert/strict';
import fc from 'fast-check';
import { colourOf, diverging } from '../../../src/pictures/colourScale';
import { drawHeatmap, drawLegend, type HeatmapView } from '../../../src/pictures/heatmap';
import {
  cellAt,
  layoutHeatmap,
  neighbour,
  rectOf,
  type HeatmapLayout,
  type Move,
} from '../../../src/pictures/heatmapLayout';
import type { Rect, Surface } from '../../../src/pictures/surface';
import { svgSurface } from '../../../src/pictures/svgSurface';
import { paperTheme } from '../../../src/pictures/theme';

interface Filled extends Rect {
  readonly colour: string;
}

/** Remembers what is drawn; `pixel` is the colour of the last rectangle filled over a point. */
function recorder(): Surface & {
  readonly texts: string[];
  readonly rings: Filled[];
  readonly lines: string[];
  pixel(x: number, y: number): string | undefined;
} {
  const fills: Filled[] = [];
  const rings: Filled[] = [];
  const texts: string[] = [];
  const lines: string[] = [];
  return {
    texts,
    rings,
    lines,
    fillRect: (x, y, w, h, colour) => void fills.push({ x, y, w, h, colour }),
    strokeRect: (x, y, w, h, colour) => void rings.push({ x, y, w, h, colour }),
    line: (_x1, _y1, _x2, _y2, colour) => void lines.push(colour),
    polyline: (_points, colour) => void lines.push(colour),
    polygon: () => undefined,
    disc: () => undefined,
    pixels: () => undefined,
    text: (text) => void texts.push(text),
    measure: (text, size) => text.length * size * 0.5,
    pixel: (x, y) =>
      fills.findLast((one) => x >= one.x && x < one.x + one.w && y >= one.y && y < one.y + one.h)?.colour,
  };
}

const sites = [
  { name: 'conv_1', units: 45, kind: 'convolution' },
  { name: 'dense_1', units: 7, kind: 'dense' },
  { name: 'dense_2', units: 128, kind: 'dense' },
];

function centre(rect: Rect): readonly [number, number] {
  return [rect.x + rect.w / 2, rect.y + rect.h / 2];
}

const anyLayout = fc
  .record({
    units: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
    width: fc.integer({ min: 20, max: 1500 }),
    cell: fc.integer({ min: 1, max: 40 }),
    labels: fc.boolean(),
  })
  .map(({ units, width, cell, labels }) =>
    layoutHeatmap(
      units.map((count, i) => ({ name: `site ${i}`, units: count, kind: 'dense' })),
      width,
      { cell, labels },
    ),
  );

describe('heatmap layout', () => {
  it('finds every unit again at the centre and at the corner of its cell', () => {
    fc.assert(
      fc.property(anyLayout, (layout) => {
        for (let index = 0; index < layout.units; index++) {
          const rect = rectOf(layout, index);
          assert.equal(cellAt(layout, ...centre(rect)), index);
          assert.equal(cellAt(layout, rect.x, rect.y), index);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keeps cells inside the picture, apart where they are 6 px or more, on whole pixels', () => {
    fc.assert(
      fc.property(anyLayout, (layout) => {
        if (layout.cell >= 6) assert.ok(layout.pitch - layout.cell >= 1);
        for (let index = 0; index < layout.units; index++) {
          const { x, y, w, h } = rectOf(layout, index);
          assert.ok(Number.isInteger(x) && Number.isInteger(y));
          assert.ok(y + h <= layout.height);
          if (layout.width > 60) assert.ok(x + w <= layout.width);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('finds nothing between sites, after the last unit of a row, and outside', () => {
    const layout = layoutHeatmap(sites, 300, { cell: 10 });
    const last = rectOf(layout, 51);
    assert.equal(cellAt(layout, last.x + layout.pitch + 1, last.y + 1), null);
    assert.equal(cellAt(layout, last.x, (layout.sites[1]?.top ?? 0) + 2), null);
    assert.equal(cellAt(layout, -1, last.y), null);
    assert.equal(cellAt(layout, last.x, layout.height + 5), null);
  });

  it('moves by keys within and across sites and never leaves the units', () => {
    const layout: HeatmapLayout = layoutHeatmap(sites, 20 * 11 + 8, { cell: 10 });
    assert.equal(layout.sites[0]?.columns, 20);
    const moves: readonly (readonly [number, Move, number])[] = [
      [0, 'left', 0],
      [44, 'right', 45],
      [45, 'left', 44],
      [0, 'down', 20],
      [26, 'down', 44],
      [43, 'down', 48],
      [48, 'up', 43],
      [51, 'up', 44],
      [48, 'down', 55],
      [25, 'home', 20],
      [25, 'end', 39],
      [42, 'end', 44],
      [25, 'nextSite', 45],
      [50, 'previousSite', 0],
      [100, 'nextSite', 100],
      [50, 'first', 0],
      [50, 'last', 179],
      [179, 'right', 179],
      [179, 'down', 179],
      [3, 'up', 3],
    ];
    for (const [from, move, to] of moves) assert.equal(neighbour(layout, from, move), to, `${from} ${move}`);
  });
});

describe('heatmap drawing', () => {
  const layout = layoutHeatmap(sites, 400);
  const values = Float64Array.from({ length: 180 }, (_, i) => (i === 3 ? NaN : (i - 60) / 1000));
  const colour = colourOf(diverging(paperTheme), [-0.2, 0.2]);
  const view: HeatmapView = {
    values,
    colour,
    muted: (index) => index % 2 === 0,
    selected: 11,
    hovered: null,
    focused: null,
    deleted: new Set(),
    theme: paperTheme,
  };

  it('gives the centre of every cell exactly the colour of its value, within noise or not', () => {
    const surface = recorder();
    drawHeatmap(surface, layout, view);
    values.forEach((value, index) => {
      const drawn = surface.pixel(...centre(rectOf(layout, index)));
      assert.equal(drawn, Number.isNaN(value) ? undefined : colour(value), `unit ${index}`);
    });
  });

  it('draws a unit within noise smaller', () => {
    const surface = recorder();
    drawHeatmap(surface, layout, view);
    const corner = (index: number): string | undefined => {
      const rect = rectOf(layout, index);
      return surface.pixel(rect.x + 1, rect.y + 1);
    };
    assert.equal(corner(10), undefined);
    assert.notEqual(corner(9), undefined);
  });

  it('outlines a unit without value, rings the selected one, crosses out the deleted', () => {
    const surface = recorder();
    drawHeatmap(surface, layout, { ...view, deleted: new Set([20, 999]) });
    const without = rectOf(layout, 3);
    assert.ok(
      surface.rings.some((ring) => Math.abs(ring.x - without.x) < 1 && ring.colour === paperTheme.border),
    );
    const selected = rectOf(layout, 11);
    const rings = surface.rings.filter((ring) => ring.colour === paperTheme.focus);
    assert.equal(rings.length, 1);
    assert.ok(rings[0] !== undefined && rings[0].x < selected.x && rings[0].w > selected.w);
    assert.equal(surface.lines.filter((line) => line === paperTheme.foreground).length, 2);
  });

  it('names each site with kind and number of units, shortened where there is no room', () => {
    const surface = recorder();
    drawHeatmap(surface, layout, view);
    assert.ok(surface.texts.includes('conv_1'));
    assert.ok(surface.texts.includes('convolution · 45 units'));
    const narrow = recorder();
    const long = [{ name: 'a'.repeat(200), units: 1, kind: 'dense' }];
    drawHeatmap(narrow, layoutHeatmap(long, 150), { ...view, selected: null });
    const [name] = narrow.texts;
    assert.ok(name?.endsWith('…') && name.length < 30);
  });

  it('writes SVG that carries any text unharmed and unharmful', () => {
    const surface = svgSurface(300, 60, { title: 'a < b & "c"' });
    surface.text("<script>alert(1)</script>\u0000 & 'q'", 0, 0, {
      colour: '"/><x',
      size: 12,
      align: 'left',
      baseline: 'top',
    });
    drawLegend(
      surface,
      { x: 0, y: 0, w: 100, h: 44 },
      diverging(paperTheme),
      [-1, 1],
      'drop',
      (v) => `${v} <`,
    );
    const svg = surface.toString();
    assert.ok(!svg.includes('<script') && !svg.includes('<x') && !svg.includes('\u0000'));
    assert.ok(svg.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
    assert.ok(svg.includes('<title>a &lt; b &amp; &quot;c&quot;</title>'));
  });
});
