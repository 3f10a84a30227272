import assert from 'node:assert/strict';
import {
  classesShown,
  drawExamples,
  exampleAt,
  exampleRect,
  layoutExamples,
  topOf,
} from '../../../src/pictures/examples';
import { drawRecalls, layoutRecalls, recallAt, recallRect, type Recall } from '../../../src/pictures/recalls';
import { svgSurface } from '../../../src/pictures/svgSurface';
import { paperTheme } from '../../../src/pictures/theme';
import type { Example } from '../../../src/protocol/details';

function example(label: number, before: readonly number[], after: readonly number[]): Example {
  return {
    index: 5,
    label,
    input: { kind: 'values', values: Float32Array.of(1, -1), size: 2 },
    flip: 'to_wrong',
    before: Float32Array.from(before),
    after: Float32Array.from(after),
  };
}

describe('examples of a deletion', () => {
  it('name the true class and what was and is likely, likeliest now first', () => {
    const shown = classesShown(example(4, [0.5, 0.3, 0, 0, 0.01, 0.19], [0, 0.1, 0.85, 0, 0.02, 0.03]));
    assert.deepEqual(shown, [2, 1, 4, 0]);
    assert.deepEqual(classesShown(example(1, [0.9, 0.1], [0.2, 0.8])), [1, 0]);
    assert.equal(topOf(Float32Array.of(0.2, 0.5, 0.5)), 1);
  });

  it('stand in cards inside the picture, each found again', () => {
    for (const width of [180, 352, 560, 1500]) {
      const layout = layoutExamples(12, width, ['a', 'a long name of a class']);
      for (let at = 0; at < 12; at++) {
        const { x, y, w, h } = exampleRect(layout, at);
        assert.equal(exampleAt(layout, x + w / 2, y + h / 2), at);
        assert.ok(x >= 0 && x + w <= width && y + h <= layout.height, `${width} ${at}`);
      }
      assert.equal(exampleAt(layout, 0, 0), null);
    }
    assert.ok(layoutExamples(12, 1500, ['a']).columns > layoutExamples(12, 1500, ['a long name']).columns);
  });

  it('say what became of them', () => {
    const layout = layoutExamples(1, 300, ['cat', 'dog']);
    const surface = svgSurface(300, layout.height);
    drawExamples(surface, layout, {
      examples: [example(1, [0.1, 0.9], [0.75, 0.25])],
      classes: ['cat', 'dog'],
      texts: {
        truth: (name) => `true: ${name}`,
        flip: { to_wrong: 'now wrong', to_right: 'now right', none: 'as before' },
      },
      theme: paperTheme,
      hovered: null,
      focused: null,
    });
    const texts = [...surface.toString().matchAll(/<text [^>]*>([^<]*)</g)].map((found) => found[1]);
    assert.deepEqual(texts, ['now wrong', 'true: dog', 'cat', '75 %', 'dog', '25 %']);
  });
});

describe('recalls before and after', () => {
  const recalls: readonly Recall[] = [
    { name: 'lost', before: 0.9, after: 0.4 },
    { name: 'gained', before: 0.5, after: 0.75 },
    { name: 'empty', before: null, after: null },
  ];

  it('are bars of their own length, and of what changed', () => {
    const layout = layoutRecalls(recalls, 400, 14);
    const length = layout.to - layout.from;
    const bars: number[][] = [];
    const surface = {
      ...svgSurface(400, layout.height),
      polygon: (points: readonly (readonly [number, number])[]) =>
        void bars.push([points[0]![0] - layout.from, points[1]![0] - layout.from].map((x) => x / length)),
    };
    const view = { recalls, figure: () => 'x', ticks: [], theme: paperTheme, hovered: null, focused: null };
    drawRecalls(surface, layout, view);
    const rounded = bars.map((bar) => bar.map((x) => Math.round(x * 1e6) / 1e6));
    assert.deepEqual(rounded, [[0, 0.4], [0.4, 0.9], [0, 0.5], [0.5, 0.75]]); // prettier-ignore
    recalls.forEach((_, row) => {
      const { x, y, w, h } = recallRect(layout, row);
      assert.equal(recallAt(layout, x + w / 2, y + h / 2), row);
    });
    assert.equal(recallAt(layout, 10, layout.height - 1), null);
  });
});
