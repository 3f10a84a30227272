import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  boundsOf,
  cellAt,
  classPoint,
  columnOf,
  headAt,
  layoutMap,
  rectOf,
  unitsIn,
  type MapLayout,
} from '../../../src/pictures/networkMapLayout';
import { mapNeighbour, type MapMove } from '../../../src/pictures/networkMapMoves';
import type { Point, Rect } from '../../../src/pictures/surface';

const dense = (name: string, units: number): { name: string; units: number; kind: string } => ({
  name,
  units,
  kind: 'dense',
});
const digits = [dense('conv2d_1', 24), dense('dense_1', 128), dense('dense_2', 64)];
const ends = { shape: '28 × 28', classes: Array.from({ length: 10 }, (_, digit) => String(digit)) };

function centre({ x, y, w, h }: Rect): Point {
  return [x + w / 2, y + h / 2];
}

const anyLayout = fc
  .record({
    units: fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 700 }) }, fc.integer({ min: 1, max: 9000 })),
      { minLength: 1, maxLength: 30 },
    ),
    width: fc.integer({ min: 330, max: 2400 }),
    classes: fc.integer({ min: 2, max: 300 }),
  })
  .map(({ units, width, classes }) =>
    layoutMap(
      units.map((count, i) => dense(`layer_${i}`, count)),
      width,
      { shape: '224 × 224 × 3', classes: Array.from({ length: classes }, (_, i) => `class ${i}`) },
    ),
  );

/** Some rows of a layout, its first and last among them. */
function sample(layout: MapLayout, count = 200): number[] {
  const step = Math.max(1, Math.floor(layout.units / count));
  const rows = Array.from({ length: Math.ceil(layout.units / step) }, (_, i) => i * step);
  return [...rows, layout.units - 1];
}

describe('layout of the network map', () => {
  it('finds every unit again at the centre of its cell', () => {
    fc.assert(
      fc.property(anyLayout, (layout) => {
        for (let row = 0; row < layout.units; row++) {
          assert.equal(cellAt(layout, ...centre(rectOf(layout, row))), row);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets no two cells overlap and keeps all of them inside', () => {
    fc.assert(
      fc.property(anyLayout, (layout) => {
        const { columns } = layout;
        columns.forEach((column, i) => {
          const right = column.cellsLeft + column.columns * column.pitch;
          const bottom = column.cellsTop + column.rows * column.pitch;
          assert.ok(column.cell >= 1 && column.cell <= column.pitch);
          assert.ok(column.columns * column.rows >= column.units);
          assert.ok(column.columns * (column.rows - 1) < column.units, 'no empty row');
          assert.ok(Number.isInteger(column.cellsLeft) && Number.isInteger(column.cellsTop));
          assert.ok(column.cellsLeft >= layout.input.x + layout.input.w, 'right of the input');
          assert.ok(right <= layout.width && bottom <= layout.height, 'inside the picture');
          const band = layout.bands[column.band]!;
          assert.ok(
            column.cellsTop >= band.cellsTop - 1 && bottom <= band.cellsBottom + 1,
            'inside its band',
          );
          const next = columns[i + 1];
          if (next?.band === column.band) assert.ok(next.cellsLeft > right, 'sites do not touch');
        });
        const last = columns.at(-1)!;
        assert.ok(last.cellsLeft + last.columns * last.pitch <= layout.output.x, 'left of the output');
        assert.ok(layout.output.x + layout.output.w <= layout.width + 1);
        layout.bands.forEach((band, i) => {
          const next = layout.bands[i + 1];
          if (next !== undefined) assert.ok(next.top > band.cellsBottom);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('finds no unit between sites, and a site at its name', () => {
    const layout = layoutMap(digits, 900, ends);
    const [first, second] = layout.columns as [(typeof layout.columns)[0], (typeof layout.columns)[0]];
    const between = (first.cellsLeft + first.columns * first.pitch + second.cellsLeft) / 2;
    assert.equal(cellAt(layout, between, second.cellsTop + 50), null);
    assert.equal(cellAt(layout, -5, 100), null);
    assert.equal(headAt(layout, second.left + second.width / 2, 10)?.name, 'dense_1');
    assert.equal(headAt(layout, second.left + second.width / 2, second.cellsTop + 5), null);
  });

  it('takes the units whose centres a rectangle holds', () => {
    fc.assert(
      fc.property(
        anyLayout,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (layout, parts) => {
          const [a, b, c, d] = parts as [number, number, number, number];
          const x = Math.min(a, b) * layout.width;
          const y = Math.min(c, d) * layout.height;
          const rect = { x, y, w: Math.abs(a - b) * layout.width, h: Math.abs(c - d) * layout.height };
          const found = new Set(unitsIn(layout, rect));
          for (const row of sample(layout)) {
            const [cx, cy] = centre(rectOf(layout, row));
            const held = cx >= rect.x && cx <= rect.x + rect.w && cy >= rect.y && cy <= rect.y + rect.h;
            assert.equal(found.has(row), held, `row ${row}`);
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  it('takes at least the units that a rectangle was put round', () => {
    fc.assert(
      fc.property(anyLayout, fc.nat(), fc.nat(), (layout, a, b) => {
        const rows = [a % layout.units, b % layout.units];
        const found = unitsIn(layout, boundsOf(layout, rows));
        assert.ok(rows.every((row) => found.includes(row)));
      }),
    );
  });

  it('draws few units large and round, hundreds as a grid, tens of thousands as pixels', () => {
    const layout = layoutMap([dense('few', 24), dense('hundreds', 512), dense('many', 30_000)], 1400, ends);
    assert.deepEqual(
      layout.columns.map(({ look }) => look),
      ['dots', 'grid', 'density'],
    );
    const pitches = layout.columns.map(({ pitch }) => pitch);
    assert.deepEqual(
      pitches,
      [...pitches].sort((a, b) => b - a),
    );
    assert.ok(pitches[0]! >= 16 && pitches[2]! >= 2);
  });

  it('sets a small network side by side, also in 340 pixels', () => {
    for (const width of [340, 376, 560, 940, 2000]) {
      const layout = layoutMap(digits, width, ends);
      assert.equal(layout.bands.length, 1, `${width} wide`);
      assert.ok(layout.height <= 460);
    }
  });

  it('goes on in further bands where sites do not fit side by side', () => {
    const sites = Array.from({ length: 24 }, (_, i) => dense(`layer_${i}`, 64 << (i % 4)));
    const wide = layoutMap(sites, 900, ends);
    const narrow = layoutMap(sites, 376, ends);
    assert.ok(wide.bands.length > 1 && narrow.bands.length > wide.bands.length);
    assert.deepEqual(
      wide.columns.map(({ band }) => band),
      [...wide.columns.map(({ band }) => band)].sort((a, b) => a - b),
    );
  });

  it('gives 100,000 units of one site a place each', () => {
    const layout = layoutMap([dense('embedding', 100_000)], 376, ends);
    for (const row of sample(layout)) assert.equal(cellAt(layout, ...centre(rectOf(layout, row))), row);
    assert.ok(layout.height < 1200);
  });

  it('names as many classes as there is room for', () => {
    assert.ok(layoutMap(digits, 900, ends).output.pitch >= 13);
    const thousand = layoutMap(digits, 900, { ...ends, classes: Array.from({ length: 1000 }, String) });
    assert.equal(thousand.output.pitch, 0);
    const [x, y] = classPoint(thousand.output, 700);
    assert.ok(x >= thousand.output.x && y > thousand.output.y && y < thousand.output.y + thousand.output.h);
  });
});

describe('keyboard moves on the network map', () => {
  const layout = layoutMap(digits, 900, ends);
  const bands = layoutMap(
    Array.from({ length: 9 }, (_, i) => dense(`layer_${i}`, 50 + i)),
    500,
    ends,
  );

  it('lead to the neighbour in the picture', () => {
    fc.assert(
      fc.property(anyLayout, fc.nat(), (any, seed) => {
        const row = seed % any.units;
        const here = rectOf(any, row);
        const column = columnOf(any, row);
        const at = (move: MapMove): Rect => rectOf(any, mapNeighbour(any, row, move));
        const same = (move: MapMove): boolean => columnOf(any, mapNeighbour(any, row, move)) === column;
        if (same('right') && at('right').x !== here.x) {
          assert.deepEqual([at('right').x, at('right').y], [here.x + column.pitch, here.y]);
        }
        if (same('down') && at('down').y !== here.y) {
          assert.deepEqual([at('down').x, at('down').y], [here.x, here.y + column.pitch]);
        }
        const right = mapNeighbour(any, row, 'right');
        if (!same('right') && columnOf(any, right).band === column.band) {
          assert.ok(at('right').x > here.x);
          // The row of cells that is level with it, or the nearest end of the block.
          const next = columnOf(any, right);
          const level = Math.min(
            Math.max(here.y + here.h / 2, next.cellsTop + next.cell / 2),
            next.cellsTop + (next.rows - 0.5) * next.pitch,
          );
          assert.ok(Math.abs(at('right').y + next.cell / 2 - level) <= 2 * next.pitch);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('come to every site with Right, and back with Left', () => {
    for (const any of [layout, bands]) {
      let row = 0;
      const seen = new Set<string>();
      for (let i = 0; i < 2000; i++) {
        seen.add(columnOf(any, row).name);
        row = mapNeighbour(any, row, 'right');
      }
      assert.equal(seen.size, any.columns.length);
      assert.equal(columnOf(any, row), any.columns.at(-1));
      for (let i = 0; i < 2000; i++) row = mapNeighbour(any, row, 'left');
      assert.equal(columnOf(any, row), any.columns[0]);
    }
  });

  it('go down into the next band, to what lies below', () => {
    const row = mapNeighbour(bands, 0, 'end');
    const below = mapNeighbour(bands, row, 'down');
    assert.equal(columnOf(bands, below).band, 1);
    assert.ok(Math.abs(rectOf(bands, below).x - rectOf(bands, row).x) < 150);
    assert.equal(columnOf(bands, mapNeighbour(bands, below, 'up')).band, 0);
  });

  it('know the ends of a site and of the network', () => {
    assert.equal(mapNeighbour(layout, 60, 'home'), 24);
    assert.equal(mapNeighbour(layout, 60, 'end'), 151);
    assert.equal(mapNeighbour(layout, 60, 'first'), 0);
    assert.equal(mapNeighbour(layout, 60, 'last'), 215);
    assert.equal(mapNeighbour(layout, 60, 'nextSite'), 152);
    assert.equal(mapNeighbour(layout, 60, 'previousSite'), 24);
    assert.equal(mapNeighbour(layout, 24, 'previousSite'), 0);
    assert.equal(mapNeighbour(layout, 215, 'right'), 215);
    assert.equal(mapNeighbour(layout, 0, 'up'), 0);
  });
});
