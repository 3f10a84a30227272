import assert from 'node:assert/strict';
import {
  barScale,
  classFiguresHeight,
  drawClassFigures,
  shownClasses,
} from '../../../src/pictures/classFigures';
import { curveColour } from '../../../src/pictures/curves';
import { drawHistogram, histogramHeight, ridges, type HistogramPlot } from '../../../src/pictures/histogram';
import { drawSampleInput, shrunk } from '../../../src/pictures/sampleInput';
import { drawStrip } from '../../../src/pictures/strip';
import { svgSurface } from '../../../src/pictures/svgSurface';
import { paperTheme } from '../../../src/pictures/theme';

const CLASSES = ['cat', 'dog', 'owl'].map((name, index) => ({ index, name }));

describe('an activation histogram', () => {
  const plot: HistogramPlot = {
    edges: Float64Array.of(0, 1, 2, 3, 4),
    // 100, 25 and no samples.
    counts: Float64Array.of(64, 36, 0, 0, 0, 9, 0, 16, 0, 0, 0, 0),
    classes: CLASSES,
    preferred: 1,
    xLabel: 'Activation',
    write: (value, decimals) => value.toFixed(decimals),
    theme: paperTheme,
  };

  it('shows shares of each class, as square roots, on one scale', () => {
    const heights = [...ridges(plot)];
    const expected = [1, 0.6 / 0.8, 0, 0, 0, 0.6 / 0.8, 0, 1, 0, 0, 0, 0];
    heights.forEach((height, i) => assert.ok(Math.abs(height - expected[i]!) < 1e-12, `${i}: ${height}`));
    // Shown in another order, and not all.
    const few = ridges({ ...plot, classes: [CLASSES[1]!] });
    assert.deepEqual(
      [...few].map((height) => Math.round(height * 100)),
      [0, 75, 0, 100],
    );
  });

  it('draws a ridge a class, the preferred one in colour, and nothing outside', () => {
    const height = histogramHeight(3);
    const surface = svgSurface(300, height);
    drawHistogram(surface, { x: 0, y: 0, w: 300, h: height }, plot);
    const svg = surface.toString();
    const lines = [...svg.matchAll(/<polyline points="([^"]+)" fill="none" stroke="([^"]+)"/g)];
    assert.deepEqual(
      lines.map((line) => line[2]),
      [paperTheme.muted, curveColour(0, paperTheme), paperTheme.muted],
    );
    // Its highest bin is as high as the one of the first class.
    const rise = (k: number): number => {
      const ys = (lines[k]?.[1] ?? '').split(' ').map((point) => Number(point.split(',')[1]));
      return Math.max(...ys) - Math.min(...ys);
    };
    assert.equal(rise(0), rise(1));
    assert.equal(rise(2), 0);
    for (const { name } of CLASSES) assert.ok(svg.includes(`>${name}<`));
    for (const [, x, y] of svg.matchAll(/([\d.]+),([\d.]+)/g)) {
      assert.ok(Number(x) >= 0 && Number(x) <= 300 && Number(y) >= 0 && Number(y) <= height, `${x}, ${y}`);
    }
    assert.doesNotMatch(svg, /NaN|undefined/);
  });
});

describe('figures of the classes', () => {
  it('begin their bars at 0, to one scale', () => {
    assert.deepEqual(barScale([3, -1, NaN], 80), { zero: 20, unit: 20 });
    assert.deepEqual(barScale([2, 1], 80), { zero: 0, unit: 40 });
    assert.deepEqual(barScale([0, NaN], 80), { zero: 0, unit: 80 });
  });

  it('are the highest first where there are too many', () => {
    const values = [0.1, NaN, 0.9];
    const names = CLASSES.map(({ name }) => name);
    assert.deepEqual(shownClasses(names, values, 3), CLASSES);
    assert.deepEqual(
      shownClasses(names, values, 2).map(({ name }) => name),
      ['owl', 'cat'],
    );
  });

  it('are drawn as a bar and a text each', () => {
    const surface = svgSurface(400, classFiguresHeight(3));
    drawClassFigures(
      surface,
      { x: 0, y: 0, w: 400, h: classFiguresHeight(3) },
      {
        classes: CLASSES,
        preferred: 2,
        columns: [
          { title: 'Mean', values: [1, 3, NaN], format: (value) => value.toFixed(1), colours: [0, 0] },
          { title: 'Lost', values: [-2, 2, 0], format: (value) => `${value} points`, colours: [1, 2] },
        ],
        theme: paperTheme,
      },
    );
    const svg = surface.toString();
    const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*fill="([^"]+)"/g)];
    assert.deepEqual(
      bars.map((bar) => bar[4]),
      [0, 0, 2, 1].map((colour) => curveColour(colour, paperTheme)),
    );
    const [one, three, minus, plus] = bars.map((bar) => ({ x: Number(bar[1]), w: Number(bar[3]) }));
    assert.ok(Math.abs(three!.w - 3 * one!.w) < 0.05 && three!.x === one!.x);
    assert.ok(Math.abs(minus!.x + minus!.w - plus!.x) < 0.05 && minus!.w === plus!.w);
    for (const text of ['1.0', '3.0', '–', '-2 points']) assert.ok(svg.includes(`>${text}<`), text);
    assert.match(svg, /font-weight="600"[^>]*>owl</);
  });
});

describe('small pictures of a unit', () => {
  it('mark where its value lies among its site', () => {
    const at = (value: number): number => {
      const surface = svgSurface(212, 26);
      const spread = { low: -1, high: 3, counts: [4, 0, 1, 1] };
      drawStrip(surface, { x: 0, y: 0, w: 212, h: 26 }, spread, value, paperTheme);
      const dot = /<circle cx="([\d.]+)"[^>]*fill="#c04a00"/.exec(surface.toString());
      return Number(dot?.[1]);
    };
    assert.deepEqual([at(-1), at(1), at(3)], [6, 106, 206]);
    assert.ok(Number.isNaN(at(NaN)), 'no value, no dot');
  });

  it('shrink large images by their means, and leave small ones as they are', () => {
    const rgba = new Uint8ClampedArray(4 * 2 * 4);
    rgba.set([10, 0, 0, 255, 30, 0, 0, 255], 0);
    rgba.set([20, 0, 0, 255, 40, 0, 0, 255], 16);
    const image = { width: 4, height: 2, rgba };
    const half = shrunk(image, 2);
    assert.deepEqual([half.width, half.height, ...half.rgba.slice(0, 4)], [2, 1, 25, 0, 0, 255]);
    assert.equal(shrunk(image, 1), image);
  });

  it('draw a series as a line a channel and values as bars from 0', () => {
    const square = { x: 0, y: 0, w: 60, h: 60 };
    const series = svgSurface(60, 60);
    const values = Float32Array.of(0, 5, 1, 4, 2, 3);
    drawSampleInput(series, square, { kind: 'series', steps: 3, channels: 2, values }, paperTheme);
    const lines = [...series.toString().matchAll(/<polyline points="([^"]+)"/g)];
    assert.deepEqual(
      lines.map((line) => line[1]),
      ['3,57 30,46.2 57,35.4', '3,3 30,13.8 57,24.6'],
    );
    const bars = svgSurface(60, 60);
    const four = Float32Array.of(1, -1, 0, 0.5);
    drawSampleInput(bars, square, { kind: 'values', values: four, size: 40 }, paperTheme);
    const rects = [...bars.toString().matchAll(/<rect [^>]*y="([\d.]+)"[^>]*height="([\d.]+)" fill="#/g)];
    assert.deepEqual(
      rects.map((rect) => [Number(rect[1]), Number(rect[2])]),
      [
        [3, 27],
        [30, 27],
        [16.5, 13.5],
      ],
    );
  });
});
