/**
 * OKLab: a colour space in which equal distances look equally large.
 * Björn Ottosson, "A perceptual color space for image processing", 2020.
 */
export interface Lab {
  /** 0 black … 1 white. */
  readonly L: number;
  readonly a: number;
  readonly b: number;
}

/** From lightness, chroma and hue (degrees). */
export function fromPolar(L: number, chroma: number, hue: number): Lab {
  const angle = (hue * Math.PI) / 180;
  return { L, a: chroma * Math.cos(angle), b: chroma * Math.sin(angle) };
}

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function fromLinear(channel: number): number {
  return channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055;
}

/** sRGB channels 0 … 255 to OKLab. */
export function fromRgb(red: number, green: number, blue: number): Lab {
  const r = toLinear(red / 255);
  const g = toLinear(green / 255);
  const b = toLinear(blue / 255);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    L: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function toRgb({ L, a, b }: Lab): readonly [number, number, number] {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** `#rrggbb`; a colour outside sRGB loses chroma, not lightness, until it fits. */
export function toHex(colour: Lab): string {
  let chroma = 1;
  let rgb = toRgb(colour);
  while (rgb.some((channel) => !(channel >= -0.001 && channel <= 1.001)) && chroma > 0) {
    chroma = Math.max(0, chroma - 0.02);
    rgb = toRgb({ L: colour.L, a: colour.a * chroma, b: colour.b * chroma });
  }
  return `#${rgb
    .map((channel) => Math.round(Math.min(1, Math.max(0, channel)) * 255))
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Reads `#rgb`, `#rrggbb`, `#rrggbbaa` or `rgb(…)`/`rgba(…)`; null where it is something else. */
export function parseColour(text: string): Lab | null {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const at = (index: number): number => parseInt(digits.slice(2 * index, 2 * index + 2), 16);
    return fromRgb(at(0), at(1), at(2));
  }
  const channels = /^rgba?\(([^)]*)\)$/i
    .exec(text.trim())?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  const [red, green, blue] = channels ?? [];
  if (red === undefined || green === undefined || blue === undefined) return null;
  return [red, green, blue].every(Number.isFinite) ? fromRgb(red, green, blue) : null;
}
