import assert from 'node:assert/strict';
import { diverging } from '../../../src/pictures/colourScale';
import { drawMap, type MapTexts } from '../../../src/pictures/networkMap';
import type { MapView } from '../../../src/pictures/networkMapCells';
import { classPoint, layoutMap, rectOf } from '../../../src/pictures/networkMapLayout';
import { drawMapMarks, type MapLines } from '../../../src/pictures/networkMapMarks';
import type { Pixels, Point, Rect, Surface } from '../../../src/pictures/surface';
import { svgSurface } from '../../../src/pictures/svgSurface';
import { paperTheme } from '../../../src/pictures/theme';

const dense = (name: string, units: number): { name: string; units: number; kind: string } => ({
  name,
  units,
  kind: 'dense',
});
const shade = diverging(paperTheme);
const digits = [dense('conv2d_1', 24), dense('dense_1', 128), dense('dense_2', 64)];
const ends = { shape: '28 × 28', classes: Array.from({ length: 10 }, (_, digit) => String(digit)) };

const texts: MapTexts = {
  input: 'Input',
  output: 'Output',
  outputDetail: '10 classes',
  ...ends,
  count: String,
  detail: (kind, units) => `${kind} · ${units}`,
};

/** What was drawn, in order. */
interface Drawn {
  readonly what: 'disc' | 'fill' | 'frame' | 'path' | 'line' | 'text' | 'polygon';
  readonly colour: string;
  readonly points: readonly Point[];
  readonly width: number;
  readonly text: string;
}

function recorder(): Surface & { readonly drawn: Drawn[]; readonly images: (Rect & { image: Pixels })[] } {
  const drawn: Drawn[] = [];
  const images: (Rect & { image: Pixels })[] = [];
  const add = (what: Drawn['what'], colour: string, points: readonly Point[], width = 0, text = ''): void =>
    void drawn.push({ what, colour, points, width, text });
  return {
    drawn,
    images,
    fillRect: (x, y, w, h, colour) => add('fill', colour, [[x + w / 2, y + h / 2]], w),
    strokeRect: (x, y, w, h, colour, width) =>
      add(
        'frame',
        colour,
        [
          [x, y],
          [x + w, y + h],
        ],
        width,
      ),
    line: (x1, y1, x2, y2, colour, width) =>
      add(
        'line',
        colour,
        [
          [x1, y1],
          [x2, y2],
        ],
        width,
      ),
    polyline: (points, colour, width) => add('path', colour, points, width),
    polygon: (points, colour, opacity) => add('polygon', colour, points, opacity),
    disc: (x, y, radius, colour) => add('disc', colour, [[x, y]], 2 * radius),
    pixels: (rect, image) => void images.push({ ...rect, image }),
    text: (text, x, y, { colour }) => add('text', colour, [[x, y]], 0, text),
    measure: (text, size) => text.length * size * 0.55,
  };
}

function centre({ x, y, w, h }: Rect): Point {
  return [x + w / 2, y + h / 2];
}

function viewOf(values: ArrayLike<number>, more: Partial<MapView> = {}): MapView {
  return {
    values,
    colour: (value) => shade.colour(value),
    muted: () => false,
    dead: () => false,
    deleted: new Set(),
    theme: paperTheme,
    ...more,
  };
}

describe('drawing of the network map', () => {
  const layout = layoutMap(digits, 900, ends);
  const values = Array.from({ length: 216 }, (_, row) => (row % 21) / 10 - 1);

  function at(drawn: readonly Drawn[], row: number): Drawn[] {
    const [x, y] = centre(rectOf(layout, row));
    return drawn.filter(({ what, points }) => what === 'disc' && points[0]?.[0] === x && points[0][1] === y);
  }

  it('gives every unit the colour of its value, and the muted ones a smaller dot', () => {
    const surface = recorder();
    drawMap(surface, layout, viewOf(values, { muted: (row) => row === 30 }), texts);
    for (const row of [0, 23, 24, 100, 215]) {
      const [cell] = at(surface.drawn, row);
      assert.equal(cell?.colour, shade.colour(values[row]!));
      assert.equal(cell.width, rectOf(layout, row).w);
    }
    const [socket, dot] = at(surface.drawn, 30) as [Drawn, Drawn];
    assert.equal(dot.colour, shade.colour(values[30]!));
    assert.ok(dot.width < 0.7 * socket.width);
  });

  it('leaves dead units and missing values hollow', () => {
    const surface = recorder();
    drawMap(
      surface,
      layout,
      viewOf(
        values.map((value, row) => (row === 3 ? NaN : value)),
        { dead: (row) => row === 5 },
      ),
      texts,
    );
    assert.deepEqual([at(surface.drawn, 3), at(surface.drawn, 5)], [[], []]);
    const rings = surface.drawn.filter(({ what }) => what === 'path');
    assert.equal(rings.length, 2);
    const [missing, dead] = rings as [Drawn, Drawn];
    assert.equal(missing.colour, paperTheme.border);
    assert.match(dead.colour, /^#(..)\1\1$/);
  });

  it('greys and crosses the deleted', () => {
    const surface = recorder();
    drawMap(surface, layout, viewOf(values, { deleted: new Set([40]) }), texts);
    const [cell] = at(surface.drawn, 40);
    assert.match(cell?.colour ?? '', /^#(..)\1\1$/);
    const { x, y, w, h } = rectOf(layout, 40);
    const strokes = surface.drawn.filter(
      ({ what, colour }) => what === 'line' && colour === paperTheme.foreground,
    );
    assert.deepEqual(
      strokes.map(({ points }) => points),
      [
        [
          [x, y],
          [x + w, y + h],
        ],
        [
          [x, y + h],
          [x + w, y],
        ],
      ],
    );
  });

  it('draws very many units as pixels of their colours', () => {
    const many = layoutMap([dense('wide', 20_000)], 900, ends);
    const surface = recorder();
    const shades = Float64Array.from({ length: 20_000 }, (_, row) => (row % 3) - 1);
    shades[7] = NaN;
    drawMap(
      surface,
      many,
      viewOf(shades, { dead: (row) => row === 9, muted: (row) => row === 10, deleted: new Set([11]) }),
      texts,
    );
    const [{ image, ...place }] = surface.images as [Rect & { image: Pixels }];
    const column = many.columns[0]!;
    assert.deepEqual([place.w, place.h], [image.width * column.pitch, image.height * column.pitch]);
    const pixel = (row: number): string =>
      [...image.rgba.slice(4 * row, 4 * row + 3)].map((part) => part.toString(16).padStart(2, '0')).join('');
    const opacity = (row: number): number => image.rgba[4 * row + 3]!;
    for (const row of [0, 1, 2, 19_999]) {
      assert.equal(`#${pixel(row)}`, shade.colour(shades[row]!));
      assert.equal(opacity(row), 255);
    }
    assert.ok(opacity(7) < 128 && opacity(9) === 0 && opacity(10) < 255 && opacity(10) > 50);
    assert.match(pixel(11), /^(..)\1\1$/);
  });

  it('names the sites, shortened where there is no room, with input and classes', () => {
    const surface = recorder();
    drawMap(surface, layout, viewOf(values), texts);
    const written = surface.drawn.filter(({ what }) => what === 'text').map(({ text }) => text);
    for (const text of ['Input', '28 × 28', 'conv2d_1', 'dense · 128', 'Output', '10 classes', '0', '9']) {
      assert.ok(written.includes(text), text);
    }
    const long = layoutMap(
      [dense('a_name_that_goes_on_and_on_and_never_ends_at_all', 8), dense('b', 8)],
      340,
      ends,
    );
    const narrow = recorder();
    drawMap(narrow, long, viewOf(values), texts);
    const heads = narrow.drawn.filter(({ what }) => what === 'text').map(({ text }) => text);
    assert.ok(heads.some((text) => text.startsWith('a_n') && text.endsWith('…')));
    assert.ok(heads.includes('8'), 'the count stays where kind and count do not fit');
  });

  it('shows connections wider the stronger, by sign, to units and classes', () => {
    const lines: MapLines = {
      row: 30,
      incoming: [
        { unit: { site: 'conv2d_1', unit: 2 }, weight: 2, strength: 2 },
        { unit: { site: 'conv2d_1', unit: 9 }, weight: -1, strength: 1 },
        { unit: { site: 'gone', unit: 0 }, weight: 1, strength: 1 },
      ],
      outgoing: [{ unit: { site: 'dense_2', unit: 63 }, weight: -3, strength: 3 }],
      to_classes: [0, 0.5, 0, 0, 0, 0, 0, 0, 0, -1],
    };
    const surface = recorder();
    drawMapMarks(surface, layout, {
      hovered: null,
      selected: null,
      focused: null,
      taken: null,
      lines,
      signColour: (sign) => shade.colour(sign),
      theme: paperTheme,
    });
    // Without the rings round the cells, which end where they begin.
    const paths = surface.drawn.filter(
      ({ what, colour, points }) =>
        what === 'path' && colour !== paperTheme.background && points.at(-1)![0] - points[0]![0] > 1,
    );
    const ends = paths.map(({ colour, width, points }) => ({
      colour,
      width,
      from: points[0],
      to: points.at(-1),
    }));
    const side = (row: number, right: boolean): Point => {
      const { x, y, w, h } = rectOf(layout, row);
      return [right ? x + w : x, y + h / 2];
    };
    const positive = shade.colour(1);
    const negative = shade.colour(-1);
    assert.deepEqual(ends, [
      { colour: negative, width: 2, from: side(9, true), to: side(30, false) },
      { colour: positive, width: 4, from: side(2, true), to: side(30, false) },
      { colour: negative, width: 4, from: side(30, true), to: side(152 + 63, false) },
      { colour: positive, width: 2, from: side(30, true), to: classPoint(layout.output, 1) },
      { colour: negative, width: 4, from: side(30, true), to: classPoint(layout.output, 9) },
    ]);
  });

  it('leads connections between bands out at the side', () => {
    const sites = Array.from({ length: 9 }, (_, i) => dense(`layer_${i}`, 20));
    const bands = layoutMap(sites, 500, ends);
    const last = bands.columns.findLastIndex(({ band }) => band === 0);
    const row = bands.columns[last]!.first;
    const unit = { site: `layer_${last + 1}`, unit: 0 };
    const surface = recorder();
    const lines = { row, incoming: [], outgoing: [{ unit, weight: 1, strength: 1 }], to_classes: null };
    drawMapMarks(surface, bands, {
      hovered: null,
      selected: null,
      focused: null,
      taken: null,
      lines,
      signColour: (sign) => shade.colour(sign),
      theme: paperTheme,
    });
    const reached = surface.drawn
      .filter(({ what }) => what === 'path')
      .map(({ points }) => [points[0]?.[0], points.at(-1)?.[0]]);
    assert.ok(reached.some(([, to]) => to === bands.width) && reached.some(([from]) => from === 0));
  });

  it('makes an SVG picture, names escaped', () => {
    const surface = svgSurface(layout.width, layout.height);
    const sites = layoutMap([dense('<b>&"', 12)], 900, ends);
    drawMap(surface, sites, viewOf(values), texts);
    const svg = surface.toString();
    assert.ok(svg.includes('&lt;b&gt;&amp;&quot;') && !svg.includes('<b>'));
  });
});
