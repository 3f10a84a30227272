import type { ColourScale, Domain } from './colourScale';
import { parseColour, toHex, type Lab } from './oklab';

/** Steps of a scale on each side of 0, as in colourScale.ts. */
const STEPS = 512;

/** A scale as tables: what a pixel gets by the index of a value's colour. */
export interface RasterColours {
  /** Index of a value's colour. Not to be called with NaN. */
  readonly index: (value: number) => number;
  /** Bytes red, green, blue, opacity in the order of memory. */
  readonly plain: Uint32Array;
  /** For values that say little: half way to the ground. */
  readonly muted: Uint32Array;
  /** For what is left out: nearly the ground, nearly grey. */
  readonly faded: Uint32Array;
}

type Tables = Pick<RasterColours, 'plain' | 'muted' | 'faded'>;

const made = new WeakMap<ColourScale, Tables>();

/** The colours of values over a domain: those of `colourOf`, at the speed of a look in a table. */
export function rasterColours(scale: ColourScale, domain: Domain): RasterColours {
  const tables = made.get(scale) ?? makeTables(scale);
  made.set(scale, tables);
  const [low, high] = domain;
  if (scale.kind === 'diverging') {
    const size = Math.max(Math.abs(low), Math.abs(high));
    return withIndex(tables, (value) => {
      const position = value / size;
      const step = Math.round(Math.min(1, Math.abs(position)) * STEPS);
      return position < 0 ? STEPS + 1 + step : step;
    });
  }
  return withIndex(tables, (value) =>
    Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * STEPS),
  );
}

function withIndex(tables: Tables, index: RasterColours['index']): RasterColours {
  return {
    index,
    get plain() {
      return tables.plain;
    },
    get muted() {
      return tables.muted;
    },
    get faded() {
      return tables.faded;
    },
  };
}

/** A colour nearly as grey and nearly as dark or light as the ground. */
export function fade(colour: string, background: string): string {
  return mixed(colour, background, 0.82, 0.4);
}

function makeTables(scale: ColourScale): Tables {
  const sides = scale.kind === 'diverging' ? [1, -1] : [1];
  const colours = sides.flatMap((side) =>
    Array.from({ length: STEPS + 1 }, (_, step) => scale.colour((side * step) / STEPS)),
  );
  const { background } = scale.theme;
  // Each when it is asked for: most pictures need one.
  let [plain, muted, faded]: (Uint32Array | null)[] = [null, null, null];
  return {
    get plain() {
      return (plain ??= Uint32Array.from(colours, packed));
    },
    get muted() {
      return (muted ??= Uint32Array.from(colours, (colour) => packed(mixed(colour, background, 0.55, 1))));
    },
    get faded() {
      return (faded ??= Uint32Array.from(colours, (colour) => packed(fade(colour, background))));
    },
  };
}

/** @param share of the ground; @param chroma what is left of the colour's own */
function mixed(colour: string, background: string, share: number, chroma: number): string {
  const from = parseColour(colour);
  const to = parseColour(background);
  if (from === null || to === null) return colour;
  const mix = (p: number, q: number): number => p + share * (q - p);
  const lab: Lab = { L: mix(from.L, to.L), a: mix(from.a * chroma, to.a), b: mix(from.b * chroma, to.b) };
  return toHex(lab);
}

/** A theme's colour in the same way; that of nothing where it cannot be read. */
export function packedColour(colour: string): number {
  const lab = parseColour(colour);
  return lab === null ? 0 : packed(toHex(lab));
}

/** `#rrggbb`, as the bytes of an image stand in memory on every machine that VS Code runs on. */
function packed(colour: string): number {
  const value = parseInt(colour.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
