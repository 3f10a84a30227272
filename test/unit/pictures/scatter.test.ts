import assert from 'node:assert/strict';
import { axisOf, niceStep, placeOn } from '../../../src/pictures/axis';
import { discsImage } from '../../../src/pictures/discs';
import { indexPoints } from '../../../src/pictures/pointIndex';
import { drawScatter, placePoints, plotArea, type ScatterPlot } from '../../../src/pictures/scatter';
import { svgSurface } from '../../../src/pictures/svgSurface';
import { paperTheme } from '../../../src/pictures/theme';
import { uniforms } from '../../support/seeded';

const LINEAR = { log: false, factor: 1, ticks: 5 };

describe('an axis', () => {
  it('marks multiples of 1, 2 or 5 with as many decimals as they need', () => {
    const texts = (values: number[], options = LINEAR): string[] =>
      axisOf(values, options).ticks.map(({ text }) => text);
    assert.deepEqual(texts([0, 1]), ['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    assert.deepEqual(texts([-0.011, 0.024], { ...LINEAR, factor: 100 }), ['−1', '0', '1', '2']);
    assert.deepEqual(texts([-0.0004, 0.0011]), ['0', '0.0005', '0.0010']);
    assert.deepEqual(texts([120, 5300]), ['0', '2000', '4000']);
    assert.deepEqual(texts([2e-6, 9e-6]), ['0', '2e−6', '4e−6', '6e−6', '8e−6']);
    for (const size of [1, 1.01, 2, 3, 5, 7, 10, 0.03, 4e-7]) {
      const step = niceStep(size);
      assert.ok(step >= size * (1 - 1e-9) && step < 2.5 * size + 1e-12, `${size}: ${step}`);
    }
  });

  it('shows every value, with room beyond the outermost', () => {
    const random = uniforms(300, 4);
    for (let trial = 0; trial < 100; trial++) {
      const scale = 10 ** (6 * (random[trial] ?? 0) - 3);
      const values = [random[trial + 100] ?? 0, random[trial + 200] ?? 0].map((one) => (one - 0.4) * scale);
      const axis = axisOf(values, LINEAR);
      for (const value of values) {
        const place = placeOn(axis, value);
        assert.ok(place > 0.02 && place < 0.98, `${value} at ${place}`);
      }
      assert.ok(axis.ticks.length >= 2 && axis.ticks.length <= 7, String(axis.ticks.length));
      for (const { value } of axis.ticks) assert.ok(value >= axis.low && value <= axis.high);
    }
    assert.equal(placeOn(axisOf([], LINEAR), NaN), NaN);
    assert.equal(placeOn(axisOf([3, 3, NaN], LINEAR), 3), 0.5);
  });

  it('makes equal factors equally long on a log axis, which has no place for 0', () => {
    const axis = axisOf([0.01, 1000, -4, 0], { ...LINEAR, log: true });
    const [a, b, c] = [0.1, 1, 10].map((value) => placeOn(axis, value));
    assert.ok(Math.abs(b! - a! - (c! - b!)) < 1e-12);
    assert.ok(Number.isNaN(placeOn(axis, 0)) && Number.isNaN(placeOn(axis, -4)));
    assert.deepEqual(
      axis.ticks.map(({ text }) => text),
      ['0.01', '0.1', '1', '10', '100', '1000'],
    );
    // Less than three powers of ten: more marks.
    assert.ok(axisOf([2, 30], { ...LINEAR, log: true }).ticks.length >= 3);
  });
});

describe('points found by place', () => {
  const COUNT = 2000;
  const [width, height] = [430, 270];
  const random = uniforms(4 * COUNT, 9);
  // On a coarse grid, so that many lie on each other; some outside.
  const xs = Float32Array.from({ length: COUNT }, (_, i) => Math.round((random[i] ?? 0) * 90) * 5 - 10);
  const ys = Float32Array.from({ length: COUNT }, (_, i) => Math.round((random[COUNT + i] ?? 0) * 200) * 1.5);
  const index = indexPoints(xs, ys, width, height);
  const far = (i: number, x: number, y: number): number => (xs[i]! - x) ** 2 + (ys[i]! - y) ** 2;

  it('finds the nearest one, as brute force does, and none beyond reach', () => {
    for (let trial = 0; trial < COUNT; trial++) {
      const x = (random[2 * COUNT + trial] ?? 0) * width;
      const y = (random[3 * COUNT + trial] ?? 0) * height;
      const within = trial % 3 === 0 ? 3 : 20;
      let best: number | null = null;
      for (let i = 0; i < COUNT; i++) {
        if (far(i, x, y) <= within ** 2 && (best === null || far(i, x, y) < far(best, x, y))) best = i;
      }
      assert.equal(index.nearest(x, y, within), best);
    }
  });

  it('finds what a rectangle holds', () => {
    const rect = { x: 60, y: 33, w: 110, h: 120 };
    const held = [...xs.keys()].filter((i) => xs[i]! >= 60 && xs[i]! <= 170 && ys[i]! >= 33 && ys[i]! <= 153);
    assert.ok(held.length > 50);
    assert.deepEqual(index.inside(rect), held);
    assert.deepEqual(index.inside({ x: 61, y: 34, w: 0.1, h: 0.1 }), []);
  });

  it('goes to the side that is asked for', () => {
    const cross = indexPoints(
      Float32Array.of(50, 80, 50, 20, 50, 58),
      Float32Array.of(50, 50, 20, 50, 80, 59),
      100,
      100,
    );
    assert.deepEqual(
      [cross.towards(0, 1, 0), cross.towards(0, 0, -1), cross.towards(0, -1, 0), cross.towards(0, 0, 1)],
      [1, 2, 3, 5],
    );
    assert.equal(cross.towards(1, 1, 0), null);
  });
});

describe('a scatter plot', () => {
  const xs = Float64Array.of(0, 0.25, 0.5, 1, NaN, 0.75);
  const ys = Float64Array.of(-1, 0, 1, 2, 1, NaN);
  const size = {
    width: 400,
    height: 300,
    xAxis: axisOf(xs, LINEAR),
    yAxis: axisOf(ys, LINEAR),
  };
  const points = placePoints(Int32Array.of(0, 1, 2, 3, 4, 5), xs, ys, size);
  const plot: ScatterPlot = {
    ...size,
    xLabel: 'Selectivity',
    yLabel: 'Importance, points',
    points,
    colour: (row) => (row < 2 ? '#0072b2' : '#c04a00'),
    mark: (row) => (row === 0 ? 'dead' : row === 1 ? 'muted' : 'plain'),
    deleted: new Set([3]),
    theme: paperTheme,
  };

  it('leaves out what has no place, and puts the others to scale inside its area', () => {
    assert.deepEqual([...points.rows], [0, 1, 2, 3]);
    const area = plotArea(plot);
    for (let i = 0; i < 4; i++) {
      assert.ok(points.x[i]! > area.x && points.x[i]! < area.x + area.w);
      assert.ok(points.y[i]! > area.y && points.y[i]! < area.y + area.h);
    }
    const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-3, `${a} is not ${b}`);
    near(points.x[1]! - points.x[0]!, points.x[2]! - points.x[1]!);
    near(points.y[0]! - points.y[1]!, points.y[1]! - points.y[2]!);
  });

  it('draws discs, pale ones, rings, crosses and both labels', () => {
    const surface = svgSurface(400, 300);
    drawScatter(surface, plot, 1);
    const svg = surface.toString();
    const discs = [...svg.matchAll(/<circle [^>]*r="([\d.]+)" fill="([^"]+)" fill-opacity="([\d.]+)"/g)];
    assert.equal(discs.length, 3, 'the dead one is a ring');
    const opacity = (k: number): number => Number(discs[k]?.[3]);
    assert.ok(opacity(0) < opacity(1) && Number(discs[0]?.[1]) < Number(discs[1]?.[1]));
    assert.deepEqual(
      discs.map((disc) => disc[2]),
      ['#0072b2', '#c04a00', '#c04a00'],
    );
    assert.match(svg, /<polyline [^>]*fill="none" stroke="#0072b2"/);
    for (const text of ['Selectivity', 'Importance, points']) assert.ok(svg.includes(`>${text}<`), text);
    const crosses = svg.match(new RegExp(`stroke="${paperTheme.foreground}"`, 'g'));
    assert.equal(crosses?.length, 2);
    assert.doesNotMatch(svg, /NaN|undefined/);
  });

  it('draws many points as one image that covers what single discs would', () => {
    const image = discsImage(40, 20, {
      x: Float32Array.of(10, 30),
      y: Float32Array.of(10, 10),
      radius: 4,
      outline: (i) => (i === 1 ? 1 : null),
      colour: (i) => (i === 0 ? '#ff8000' : '#0080ff'),
      opacity: () => 0.5,
    });
    const at = (x: number, y: number): number[] => [
      ...image.rgba.slice((y * 40 + x) * 4, (y * 40 + x) * 4 + 4),
    ];
    assert.deepEqual(at(10, 10), [255, 128, 0, 128]);
    assert.deepEqual(at(20, 10), [0, 0, 0, 0]);
    assert.deepEqual(at(30, 10), [0, 0, 0, 0], 'a ring is hollow');
    assert.ok(at(33, 10)[3]! > 50 && at(33, 10)[2] === 255);
    // Area of the disc, in halves.
    let sum = 0;
    for (let y = 0; y < 20; y++) for (let x = 0; x < 20; x++) sum += at(x, y)[3]! / 128;
    assert.ok(Math.abs(sum - Math.PI * 16) < 2, String(sum));
  });
});
