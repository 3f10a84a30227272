import assert from 'node:assert/strict';
import fc from 'fast-check';
import { colourOf, diverging, domainOf, legendStops, sequential } from '../../../src/pictures/colourScale';
import { parseColour, toHex, type Lab } from '../../../src/pictures/oklab';
import { paperTheme, type PictureTheme } from '../../../src/pictures/theme';

const themes: readonly PictureTheme[] = [
  paperTheme,
  { ...paperTheme, kind: 'dark', background: '#1e1e1e', foreground: '#cccccc' },
  { ...paperTheme, kind: 'hc-dark', background: 'rgb(0, 0, 0)', foreground: '#ffffff' },
  { ...paperTheme, kind: 'hc-light', background: '#ffffff', foreground: '#000000' },
  { ...paperTheme, kind: 'light', background: '#fdf6e3', foreground: '#586e75' },
];

function lab(colour: string): Lab {
  const parsed = parseColour(colour);
  assert.ok(parsed, colour);
  return parsed;
}

function apart(p: Lab, q: Lab): number {
  return Math.hypot(p.L - q.L, p.a - q.a, p.b - q.b);
}

/** What a person without red (protan) or green (deutan) cones sees: Viénot, Brettel and Mollon 1999, linear RGB. */
function colourBlind(hex: string, kind: 'protan' | 'deutan'): Lab {
  const linear = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const [r = 0, g = 0, b = 0] = linear;
  const [share, leak] = kind === 'protan' ? [0.11238, 0.00401] : [0.29275, -0.02234];
  const yellow = share * r + (1 - share) * g;
  const rest = leak * r - leak * g + b;
  const back = [yellow, yellow, rest].map((channel) => {
    const held = Math.min(1, Math.max(0, channel));
    return Math.round(255 * (held <= 0.0031308 ? 12.92 * held : 1.055 * held ** (1 / 2.4) - 0.055));
  });
  return lab(`#${back.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`);
}

describe('colour scales', () => {
  for (const theme of themes) {
    const dark = theme.kind === 'dark' || theme.kind === 'hc-dark';
    const background = lab(theme.background);

    describe(`on ${theme.kind} ${theme.background}`, () => {
      it('sequential: lightness leaves the background steadily, and even steps look even', () => {
        const scale = sequential(theme);
        const colours = Array.from({ length: 33 }, (_, i) => lab(scale.colour(i / 32)));
        const steps = colours.slice(1).map((colour, i) => apart(colour, colours[i] as Lab));
        colours.slice(1).forEach((colour, i) => {
          const before = colours[i] as Lab;
          assert.ok(dark ? colour.L > before.L : colour.L < before.L, `lightness turns at step ${i}`);
        });
        assert.ok(Math.max(...steps) / Math.min(...steps) < 1.4, `uneven: ${steps.join(' ')}`);
        const low = colours[0] as Lab;
        assert.ok(apart(low, background) > 0.05, 'low end drowns in the background');
        assert.ok(apart(colours[32] as Lab, background) > 0.6, 'high end is too close to the background');
      });

      it('diverging: neutral at zero, the sides equally strong and told apart by colour-blind eyes', () => {
        const scale = diverging(theme);
        const zero = lab(scale.colour(0));
        assert.ok(Math.hypot(zero.a, zero.b) < 0.01, 'zero is not grey');
        assert.ok(apart(zero, background) > 0.05 && apart(zero, background) < 0.35);
        const negative = lab(scale.colour(-1));
        const positive = lab(scale.colour(1));
        assert.ok(negative.b < -0.05, 'negative is not blue');
        assert.ok(positive.a > 0.03 && positive.b > 0.05, 'positive is not orange');
        const ratio = apart(zero, negative) / apart(zero, positive);
        assert.ok(ratio > 0.85 && ratio < 1.18, `sides differ: ${ratio}`);
        for (const kind of ['protan', 'deutan'] as const) {
          for (const size of [0.25, 0.5, 1]) {
            const gap = apart(colourBlind(scale.colour(size), kind), colourBlind(scale.colour(-size), kind));
            assert.ok(gap > 0.15 * size, `${kind} at ±${size}: ${gap}`);
          }
        }
      });
    });
  }

  it('clamps outside the domain and refuses NaN', () => {
    const colour = colourOf(diverging(paperTheme), [-0.02, 0.02]);
    assert.equal(colour(7), colour(0.02));
    assert.equal(colour(-7), colour(-0.02));
    assert.notEqual(colour(0.001), colour(0));
    assert.throws(() => colour(NaN), RangeError);
  });

  it('a legend runs from one end of the domain to the other in the colours of the cells', () => {
    const scale = sequential(paperTheme);
    const stops = legendStops(scale, [0, 1], 5);
    assert.deepEqual(
      stops.map((stop) => stop.value),
      [0, 0.25, 0.5, 0.75, 1],
    );
    assert.deepEqual(
      stops.map((stop) => stop.colour),
      [0, 0.25, 0.5, 0.75, 1].map((value) => scale.colour(value)),
    );
  });

  it('reads and writes colours without loss', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (rgb) => {
        const hex = `#${rgb.toString(16).padStart(6, '0')}`;
        assert.equal(toHex(lab(hex)), hex);
      }),
    );
    assert.equal(toHex(lab('#abc')), '#aabbcc');
    assert.equal(toHex(lab('rgba(1, 2, 3, 0.5)')), '#010203');
    assert.equal(parseColour('var(--x)'), null);
  });
});

describe('the domain of importance', () => {
  it('is symmetric, holds every value, is never 0 and holds still under small changes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noDefaultInfinity: true, min: -1, max: 1 })), (values) => {
        const [low, high] = domainOf(values);
        assert.ok(high > 0);
        assert.equal(low, -high);
        for (const value of values) assert.ok(Number.isNaN(value) || Math.abs(value) <= high * (1 + 1e-8));
      }),
    );
    assert.deepEqual(domainOf([]), [-0.01, 0.01]);
    assert.deepEqual(domainOf([NaN, 0]), [-0.01, 0.01]);
    assert.deepEqual(domainOf([0.0051, -0.002]), [-0.006, 0.006]);
    assert.deepEqual(domainOf([0.0058]), domainOf([0.0054]));
  });
});
