import { fromPolar, parseColour, toHex, type Lab } from './oklab';
import { isDark, type PictureTheme } from './theme';

/** Lowest and highest value a scale shows; what lies outside gets the colour of the nearer end. */
export type Domain = readonly [low: number, high: number];

/** A colour scale made for a theme. Values are never told by hue alone: lightness runs with them. */
export interface ColourScale {
  /** `sequential` takes 0 … 1, `diverging` −1 … 1. */
  readonly kind: 'sequential' | 'diverging';
  readonly theme: PictureTheme;
  /** `#rrggbb`; clamps. Throws RangeError on NaN: "no value" has no colour. */
  colour(position: number): string;
}

/** Selectivity is always shown from 0 to 1, so that two runs can be compared. */
export const SELECTIVITY_DOMAIN: Domain = [0, 1];

/** Even steps along a curve; finer than eight bits a channel can show. */
const STEPS = 512;

function distance(p: Lab, q: Lab): number {
  return Math.hypot(p.L - q.L, p.a - q.a, p.b - q.b);
}

/** `STEPS + 1` colours along a curve, equally far from each other in OKLab. */
function evenly(curve: (t: number) => Lab): string[] {
  const fine = 8 * STEPS;
  const lengths = new Float64Array(fine + 1);
  let before = curve(0);
  for (let i = 1; i <= fine; i++) {
    const here = curve(i / fine);
    lengths[i] = (lengths[i - 1] ?? 0) + distance(before, here);
    before = here;
  }
  const whole = lengths[fine] ?? 0;
  const colours: string[] = [];
  let at = 0;
  for (let step = 0; step <= STEPS; step++) {
    while (at < fine && (lengths[at] ?? 0) < (whole * step) / STEPS) at++;
    colours.push(toHex(curve(at / fine)));
  }
  return colours;
}

function lookUp(colours: readonly string[], position: number): string {
  if (Number.isNaN(position)) throw new RangeError('NaN has no colour.');
  const colour = colours[Math.round(Math.min(1, Math.max(0, position)) * STEPS)];
  if (colour === undefined) throw new RangeError(`no colour at ${position}`);
  return colour;
}

/** A lightness that stands off the theme's background by little, on the foreground's side. */
function nearBackground(theme: PictureTheme): number {
  const dark = isDark(theme);
  const background = parseColour(theme.background)?.L ?? (dark ? 0.2 : 1);
  return dark ? Math.min(0.5, Math.max(0.3, background + 0.1)) : Math.max(0.75, background - 0.08);
}

/** 0 … 1: from near the background through teal to the far end of lightness (pale yellow ↔ navy). */
export function sequential(theme: PictureTheme): ColourScale {
  const dark = isDark(theme);
  const near = nearBackground(theme);
  const from = dark ? fromPolar(near, 0.07, 275) : fromPolar(near, 0.075, 105);
  const to = dark ? fromPolar(0.94, 0.13, 105) : fromPolar(0.28, 0.09, 275);
  const through = fromPolar((from.L + to.L) / 2, 0.17, 185);
  const colours = evenly((t) => {
    const mix = (p: number, q: number, r: number): number =>
      (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t ** 2 * r;
    return {
      L: mix(from.L, through.L, to.L),
      a: mix(from.a, through.a, to.a),
      b: mix(from.b, through.b, to.b),
    };
  });
  return { kind: 'sequential', theme, colour: (position) => lookUp(colours, position) };
}

/** −1 … 1: blue, a grey near the background at 0, orange; both sides equally far from the grey. */
export function diverging(theme: PictureTheme): ColourScale {
  const dark = isDark(theme);
  const neutral = fromPolar(nearBackground(theme), 0, 0);
  const ends = dark
    ? { negative: fromPolar(0.8, 0.115, 245), positive: fromPolar(0.8, 0.145, 62) }
    : { negative: fromPolar(0.48, 0.14, 256), positive: fromPolar(0.54, 0.165, 47) };
  const side = (end: Lab): string[] =>
    evenly((t) => ({
      L: neutral.L + t * (end.L - neutral.L),
      a: t * end.a,
      b: t * end.b,
    }));
  const negative = side(ends.negative);
  const positive = side(ends.positive);
  return {
    kind: 'diverging',
    theme,
    colour: (position) => (position < 0 ? lookUp(negative, -position) : lookUp(positive, position)),
  };
}

/** The colours of values: the scale stretched over the domain. Not to be called with NaN. */
export function colourOf(scale: ColourScale, domain: Domain): (value: number) => string {
  const [low, high] = domain;
  const size = Math.max(Math.abs(low), Math.abs(high));
  return scale.kind === 'diverging'
    ? (value) => scale.colour(value / size)
    : (value) => scale.colour((value - low) / (high - low));
}

/** `count` (≥ 2) evenly spaced values of the domain with their colours, lowest first. */
export function legendStops(
  scale: ColourScale,
  domain: Domain,
  count: number,
): readonly { readonly value: number; readonly colour: string }[] {
  const colour = colourOf(scale, domain);
  return Array.from({ length: count }, (_, i) => {
    const value = domain[0] + ((domain[1] - domain[0]) * i) / (count - 1);
    return { value, colour: colour(value) };
  });
}

const NICE = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * A domain for importance: symmetric about 0, as wide as the largest |value|, rounded up to a plain number so
 * that it holds still while rounds come in. ±0.01 where there is nothing but zeros or no value at all.
 */
export function domainOf(values: Iterable<number>): Domain {
  let largest = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > largest && size < Infinity) largest = size;
  }
  const size = largest === 0 ? 0.01 : niceCeiling(largest);
  return [-size, size];
}

/** A domain for what is never below 0: from there to the largest value, rounded up as in {@link domainOf}. */
export function domainFromZero(values: Iterable<number>): Domain {
  const [, high] = domainOf(values);
  return [0, high];
}

/** The next plain number: one of {@link NICE} times a power of ten. */
function niceCeiling(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const scaled = value / 10 ** exponent;
  const nice = NICE.find((step) => step >= scaled - 1e-9) ?? 10;
  return Number(`${nice}e${exponent}`);
}
