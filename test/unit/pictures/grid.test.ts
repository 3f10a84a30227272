import assert from 'node:assert/strict';
import fc from 'fast-check';
import { colourOf, diverging, domainFromZero, sequential } from '../../../src/pictures/colourScale';
import { histogram, rowsInside } from '../../../src/pictures/gridHistogram';
import {
  evenHeight,
  fittingRow,
  layoutMatrix,
  matrixCellAt,
  matrixImage,
} from '../../../src/pictures/gridMatrix';
import { orderOf, orderWithinSites, rowRange, sortedRows } from '../../../src/pictures/gridOrder';
import {
  buildPyramid,
  cellValue,
  levelFor,
  reduced,
  updatePositions,
  updatePyramid,
  type Grid,
  type Reduction,
} from '../../../src/pictures/gridPyramid';
import { drawHeatmapCells } from '../../../src/pictures/heatmap';
import { layoutHeatmap } from '../../../src/pictures/heatmapLayout';
import { rasterColours } from '../../../src/pictures/rasterColours';
import type { Pixels, Rect, Surface } from '../../../src/pictures/surface';
import { paperTheme } from '../../../src/pictures/theme';
import { uniforms } from '../../support/seeded';

const value = fc.oneof(
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(NaN, 0, -0, 0.5, -1e-300, 1e300),
);

/** A pixel as `#rrggbb`; empty where nothing is drawn. */
function colourAt(rgba: Uint8ClampedArray, at: number): string {
  const [r = 0, g = 0, b = 0, a = 0] = rgba.subarray(4 * at, 4 * at + 4);
  return a === 0 ? '' : `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Values of a grid: seeded, some of them not known. */
function gridOf(rows: number, columns: number, order = rowRange(0, rows)): Grid {
  const random = uniforms(2 * rows * columns, 5);
  const values = Float64Array.from({ length: rows * columns }, (_, i) =>
    random[2 * i]! < 0.1 ? NaN : random[2 * i + 1]! ** 3 * 2 - 1,
  );
  return { rows: order, columns, values };
}

/** The same as {@link reduced}, from the cells themselves. */
function bruteForce(
  grid: Grid,
  reduction: Reduction,
  from: number,
  to: number,
  left: number,
  right: number,
): number {
  const known: number[] = [];
  for (let row = from; row < Math.min(to, grid.rows.length); row++) {
    for (let column = left; column < right; column++) {
      const one = cellValue(grid, row, column);
      if (!Number.isNaN(one)) known.push(one);
    }
  }
  if (known.length === 0) return NaN;
  if (reduction === 'mean') return known.reduce((sum, one) => sum + one, 0) / known.length;
  return known.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most));
}

describe('order of units', () => {
  it('goes from the largest value down, what has none last, ties as they were', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), (list) => {
        const values = Float64Array.from(list);
        const rows = rowRange(0, values.length);
        const expected = [...rows].sort((a, b) => {
          const [p, q] = [values[a]!, values[b]!];
          if (Number.isNaN(p) || Number.isNaN(q))
            return Number(Number.isNaN(p)) - Number(Number.isNaN(q)) || a - b;
          return q - p || a - b;
        });
        assert.deepEqual([...sortedRows(rows, values)], expected);
      }),
    );
  });

  it('is the same for many, which are sorted another way', () => {
    const random = uniforms(5000, 9);
    const special = [NaN, 0, -0, 1e-310, -1e-310, 1e308, -1e308, Infinity, -Infinity];
    const values = random.map((one, i) => special[i % 400] ?? Math.round((one - 0.5) * 300) / 7);
    const rows = rowRange(0, values.length).reverse();
    const known = [...rows].filter((row) => !Number.isNaN(values[row]));
    // Sorting is stable.
    const expected = known.sort((a, b) => Number(values[b]! > values[a]!) - Number(values[a]! > values[b]!));
    const unknown = [...rows].filter((row) => Number.isNaN(values[row]));
    assert.ok(unknown.length > 0);
    assert.deepEqual([...sortedRows(rows, values)], [...expected, ...unknown]);
  });

  it('keeps each site together', () => {
    const values = Float64Array.of(1, 3, 2, 9, NaN, 8, 10);
    const { rows, positions } = orderWithinSites([{ units: 3 }, { units: 0 }, { units: 4 }], values);
    assert.deepEqual([...rows], [1, 2, 0, 6, 3, 5, 4]);
    rows.forEach((row, position) => assert.equal(positions[row], position));
    assert.deepEqual([...orderOf(Int32Array.of(4, 2), 5).positions], [-1, -1, 1, -1, 0]);
  });
});

describe('colours of a raster', () => {
  for (const make of [diverging, sequential]) {
    it(`are exactly those of the ${make.name} scale`, () => {
      const scale = make(paperTheme);
      const domain = [make === diverging ? -0.3 : 0, 0.3] as const;
      const [colour, raster] = [colourOf(scale, domain), rasterColours(scale, domain)];
      for (const one of [...uniforms(2000, 4).map((u) => u * 0.8 - 0.4), 0, -0, 0.3, -0.3, 9, -9]) {
        const bytes = new Uint8ClampedArray(Uint32Array.of(raster.plain[raster.index(one)]!).buffer);
        assert.equal(colourAt(bytes, 0), colour(one), String(one));
      }
    });
  }

  it('end on a plain number above 0', () => {
    assert.deepEqual(domainFromZero([0.2, 1.1, NaN]), [0, 1.2]);
    assert.deepEqual(domainFromZero([NaN]), [0, 0.01]);
  });
});

describe('pyramid', () => {
  for (const reduction of ['mean', 'extreme'] as const) {
    it(`holds the ${reduction} of the known cells at every level, in any order of rows`, () => {
      const order = sortedRows(rowRange(0, 203), uniforms(203, 2));
      const grid = gridOf(203, 7, order);
      const pyramid = buildPyramid(grid, reduction);
      assert.equal(pyramid.levels.at(-1)?.rows, 1);
      for (let level = 0; level <= pyramid.levels.length; level++) {
        const size = 2 ** level;
        for (let from = 0; from < 203; from += size) {
          for (const [left, right] of [
            [2, 3],
            [0, 7],
          ] as const) {
            const seen = reduced(pyramid, level, from, from + size, left, right);
            const expected = bruteForce(grid, reduction, from, from + size, left, right);
            if (Number.isNaN(expected)) assert.ok(Number.isNaN(seen));
            else assert.ok(Math.abs(seen - expected) < 1e-6, `level ${level}, ${from}: ${seen}, ${expected}`);
          }
        }
      }
    });

    it(`is the same after an update as built anew (${reduction})`, () => {
      const grid = gridOf(101, 3);
      const [byRange, byPosition] = [buildPyramid(grid, reduction), buildPyramid(grid, reduction)];
      grid.values.fill(0.77, 3 * 40, 3 * 57);
      updatePyramid(byRange, 40, 57);
      updatePositions(byPosition, rowRange(40, 57));
      const anew = buildPyramid(grid, reduction);
      assert.deepEqual(byRange.levels, anew.levels);
      assert.deepEqual(byPosition.levels, anew.levels);
    });
  }

  it('takes a level of which a pixel has a row at least', () => {
    const pyramid = buildPyramid(gridOf(1000, 1), 'mean');
    assert.deepEqual(
      [0.1, 1, 1.9, 2, 7, 8, 1e6].map((rows) => levelFor(pyramid, rows)),
      [0, 0, 0, 1, 2, 3, 10],
    );
  });
});

describe('image of a matrix', () => {
  const grid = gridOf(1000, 12);
  const scale = diverging(paperTheme);
  const colour = colourOf(scale, [-1, 1]);
  const colours = rasterColours(scale, [-1, 1]);

  for (const cellHeight of [14, 2.5, 1, 0.6, 0.31, 0.04]) {
    for (const [ratio, top] of [
      [1, 0],
      [1.5, 7],
      [2, 13],
    ] as const) {
      it(`has the colour of each cell, rows of ${cellHeight} px at ratio ${ratio}`, () => {
        const height = evenHeight(cellHeight, ratio);
        const layout = layoutMatrix({ rows: 1000, columns: 12 }, 500, height, 60);
        const pyramid = buildPyramid(grid, 'extreme');
        const port = { left: 0, top: Math.min(top, layout.height), width: 500, height: 300, ratio };
        const image = matrixImage(layout, pyramid, port, colours);
        assert.ok(image !== null);
        const perPixel = image.rect.h / image.height;
        for (let y = 0; y < image.height; y++) {
          // Which rows are there, by arithmetic alone.
          const from = (image.rect.y - layout.header + port.top + y * perPixel) / height;
          const to = from + perPixel / height;
          for (const x of [0, 5, 11]) {
            const seen = colourAt(image.rgba, y * image.width + x);
            if (height * ratio >= 1) {
              const one = cellValue(grid, Math.floor(from + 1e-6), x);
              assert.equal(seen, Number.isNaN(one) ? '' : colour(one), `pixel ${x}, ${y}`);
            } else {
              const level = 2 ** levelFor(pyramid, 1 / (height * ratio));
              const first = Math.floor(Math.min(999, Math.floor(from + 1e-6)) / level) * level;
              const last = Math.ceil(Math.ceil(to - 1e-6) / level) * level;
              const one = bruteForce(grid, 'extreme', first, last, x, x + 1);
              assert.equal(seen, Number.isNaN(one) ? '' : colour(Math.fround(one)), `pixel ${x}, ${y}`);
            }
          }
        }
      });
    }
  }

  it('shows the one cell among thousands that stands out, and finds it under the pointer', () => {
    const values = new Float64Array(40_000 * 2).fill(0.01);
    values[2 * 31_415 + 1] = -0.9;
    const pyramid = buildPyramid({ rows: rowRange(0, 40_000), columns: 2, values }, 'extreme');
    const height = fittingRow(40_000, 400, 1);
    const layout = layoutMatrix({ rows: 40_000, columns: 2 }, 300, height, 50);
    const image = matrixImage(
      layout,
      pyramid,
      { left: 0, top: 0, width: 300, height: 400, ratio: 1 },
      colours,
    )!;
    const seen = Array.from({ length: image.height }, (_, y) => colourAt(image.rgba, y * 2 + 1));
    const y = seen.indexOf(colour(Math.fround(-0.9)));
    assert.ok(y >= 0);
    const found = [y - 1, y, y + 1].map((at) =>
      matrixCellAt(layout, pyramid, 50 + layout.cellWidth + 3, layout.header + at + 0.5, 1),
    );
    assert.ok(found.some((cell) => cell?.position === 31_415 && cell.column === 1));
  });

  it('takes columns together where there are more than pixels', () => {
    const wide = gridOf(4, 3000);
    const layout = layoutMatrix({ rows: 4, columns: 3000 }, 600, 0.5, 50);
    const port = { left: 0, top: 0, width: 600, height: 200, ratio: 1 };
    const image = matrixImage(layout, buildPyramid(wide, 'mean'), port, colours)!;
    assert.ok(image.width <= 550 && image.width > 500);
    assert.ok(layoutMatrix({ rows: 4, columns: 3000 }, 600, 20, 50).cellWidth === 20);
  });

  it('finds the cell at every centre', () => {
    const pyramid = buildPyramid(grid, 'mean');
    for (const height of [1, 3, 17]) {
      const layout = layoutMatrix({ rows: 1000, columns: 12 }, 500, height, 60);
      for (const [position, column] of [
        [0, 0],
        [999, 11],
        [500, 3],
      ] as const) {
        const x = 60 + (column + 0.5) * layout.cellWidth;
        const y = layout.header + (position + 0.5) * height;
        assert.deepEqual(matrixCellAt(layout, pyramid, x, y, 1), { position, column });
      }
      assert.equal(matrixCellAt(layout, pyramid, 59, 100, 1), null);
      assert.equal(matrixCellAt(layout, pyramid, 100, 5, 1), null);
    }
  });
});

describe('cells too small for marks', () => {
  it('are one image a site, one pixel a cell, paler where muted or filtered out', () => {
    const images: { rect: Rect; image: Pixels }[] = [];
    const nothing = (): undefined => undefined;
    const surface: Surface = {
      fillRect: nothing,
      strokeRect: nothing,
      line: nothing,
      polyline: nothing,
      polygon: nothing,
      disc: nothing,
      pixels: (rect, image) => void images.push({ rect, image }),
      text: nothing,
      measure: () => 10,
    };
    const layout = layoutHeatmap([{ name: 'a', units: 70, kind: 'dense' }], 68, { cell: 2 });
    const values = Float64Array.from({ length: 70 }, (_, i) => (i === 3 ? NaN : i / 70));
    const scale = sequential(paperTheme);
    const raster = rasterColours(scale, [0, 1]);
    const colour = colourOf(scale, [0, 1]);
    const rows = rowRange(0, 70).reverse();
    drawHeatmapCells(
      surface,
      layout,
      {
        values,
        colour,
        raster,
        order: orderOf(rows, 70),
        muted: (row) => row === 10,
        faded: (row) => row === 11,
        selected: null,
        hovered: null,
        focused: null,
        deleted: new Set(),
        theme: paperTheme,
      },
      { top: 0, bottom: layout.height },
    );
    const [{ rect, image } = { rect: null, image: null }] = images;
    assert.ok(rect !== null && images.length === 1);
    assert.deepEqual([image.width, image.height], [30, 3]);
    assert.deepEqual([rect.w, rect.h], [60, 6]);
    const pixel = (row: number): string => colourAt(image.rgba, 69 - row);
    for (const row of [0, 5, 30, 69]) assert.equal(pixel(row), colour(values[row]!));
    assert.equal(pixel(3), '');
    for (const row of [10, 11]) assert.ok(pixel(row) !== '' && pixel(row) !== colour(values[row]!));
  });
});

describe('distribution', () => {
  it('counts every known value once', () => {
    const values = Float64Array.of(-5, 0, 0.1, 0.25, 0.999, 1, 7, NaN);
    assert.deepEqual([...histogram(values, [0, 1], 4)], [3, 1, 0, 3]);
  });

  it('keeps what lies in all ranges; what has no value in none', () => {
    const values = Float64Array.of(0, 1, 2, NaN, 3);
    const others = Float64Array.of(5, 5, 0, 5, 5);
    assert.equal(rowsInside(5, []), null);
    const kept = rowsInside(5, [
      { values, range: [1, Infinity] },
      { values: others, range: [-Infinity, 5] },
    ]);
    assert.deepEqual([...kept!], [0, 1, 1, 0, 1]);
  });
});
