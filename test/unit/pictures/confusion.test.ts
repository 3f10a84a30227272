import assert from 'node:assert/strict';
import {
  confusionCellAt,
  confusionRect,
  confusionScale,
  confusionValues,
  drawConfusion,
  layoutConfusion,
} from '../../../src/pictures/confusion';
import { colourOf } from '../../../src/pictures/colourScale';
import { parseColour } from '../../../src/pictures/oklab';
import { labelStep, readableOn } from '../../../src/pictures/matrix';
import { svgSurface } from '../../../src/pictures/svgSurface';
import { paperTheme } from '../../../src/pictures/theme';
import { fixed, signed } from '../../../webview/shared/format';

const before = Float64Array.of(8, 2, 0, 10);
const after = Float64Array.of(5, 5, 1, 9);
const names = (classes: number): string[] => Array.from({ length: classes }, (_, c) => `class ${c}`);

describe('a confusion matrix', () => {
  it('is shaded by the share of the true class, or by the difference about 0', () => {
    assert.deepEqual([...confusionValues({ before, after }, 2, 'before').shades], [0.8, 0.2, 0, 1]);
    assert.deepEqual([...confusionValues({ before, after }, 2, 'after').shades], [0.5, 0.5, 0.1, 0.9]);
    const { samples, shades, domain } = confusionValues({ before, after }, 2, 'difference');
    assert.deepEqual([...samples], [-3, 3, 1, -1]);
    assert.deepEqual([[...shades], domain], [[...samples], [-3, 3]]);
  });

  it('has no shade for a class without samples', () => {
    const { shades } = confusionValues({ before: Float64Array.of(0, 0, 1, 3), after }, 2, 'before');
    assert.deepEqual([...shades], [NaN, NaN, 0.25, 0.75]);
  });

  for (const classes of [2, 10, 26, 100]) {
    for (const width of [300, 460, 900]) {
      it(`finds each of ${classes} × ${classes} cells again in ${width} px, all inside`, () => {
        const layout = layoutConfusion(names(classes), width);
        for (let at = 0; at < classes ** 2; at++) {
          const { x, y, w, h } = confusionRect(layout, at);
          assert.equal(confusionCellAt(layout, x + w / 2, y + h / 2), at);
          assert.ok(x >= layout.left && x + w <= width && y + h <= layout.height);
        }
        assert.equal(confusionCellAt(layout, layout.left - 1, layout.top + 1), null);
        assert.equal(confusionCellAt(layout, layout.left + 1, layout.top - 1), null);
        const end = layout.left + classes * layout.pitch;
        assert.equal(confusionCellAt(layout, end + 1, layout.top + 1), null);
      });
    }
  }

  it('writes every number that is not 0, with its sign in a difference', () => {
    const draw = (mode: 'after' | 'difference', classes: number, width: number): string => {
      const matrix = { before: new Float64Array(classes ** 2), after: new Float64Array(classes ** 2) };
      matrix.before.set(before);
      matrix.after.set(after);
      const layout = layoutConfusion(names(classes), width);
      const surface = svgSurface(width, layout.height);
      drawConfusion(surface, layout, {
        values: confusionValues(matrix, classes, mode),
        mode,
        classes: names(classes),
        number: mode === 'difference' ? signed : fixed,
        axes: { true: 'True', predicted: 'Predicted' },
        theme: paperTheme,
        hovered: null,
        focused: null,
      });
      return surface.toString();
    };
    const texts = (svg: string): string[] =>
      [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map((found) => found[1]!).filter((text) => /^[+−]?\d+$/.test(text)); // prettier-ignore
    assert.deepEqual(texts(draw('difference', 2, 400)), ['−3', '+3', '+1', '−1']);
    assert.deepEqual(texts(draw('after', 2, 400)), ['5', '5', '1', '9']);
    assert.deepEqual(texts(draw('after', 100, 400)), [], 'there is no room');
    const colour = colourOf(confusionScale('difference', paperTheme), [-3, 3]);
    assert.ok(draw('difference', 2, 400).includes(`fill="${colour(-1)}"`));
  });

  it('tells small differences apart better than evenly', () => {
    const scale = confusionScale('difference', paperTheme);
    const lightness = (position: number): number => parseColour(scale.colour(position))!.L;
    assert.ok(lightness(0) - lightness(0.04) > (lightness(0) - lightness(1)) / 6);
    assert.notEqual(scale.colour(0.04), scale.colour(-0.04));
  });

  it('has numbers that can be read on every shade', () => {
    const luminance = (colour: string): number => {
      const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
      const [r = 0, g = 0, b = 0] = channels.map((c) =>
        c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const kind of ['light', 'dark', 'hc-dark', 'hc-light'] as const) {
      const background = kind.endsWith('dark') ? '#1f1f1f' : '#ffffff';
      const theme = { ...paperTheme, kind, background };
      for (const mode of ['after', 'difference'] as const) {
        const scale = confusionScale(mode, theme);
        for (let step = mode === 'after' ? 0 : -50; step <= 50; step++) {
          const colour = scale.colour(step / 50);
          const [one, other] = [luminance(colour), luminance(readableOn(colour))].sort((a, b) => b - a);
          assert.ok((one! + 0.05) / (other! + 0.05) >= 4.5, `${kind} ${mode} ${step} ${colour}`);
        }
      }
    }
  });

  it('labels as many rows as there is room for', () => {
    assert.deepEqual([labelStep(30, 14), labelStep(8, 14), labelStep(5, 14), labelStep(2, 14), labelStep(1, 14)], [1, 2, 5, 10, 20]); // prettier-ignore
  });
});
