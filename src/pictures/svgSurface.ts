import { encode } from 'fast-png';
import type { Point, Surface } from './surface';

/** Escapes a text for HTML and XML, element content and quoted attributes alike; drops control characters. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** A width good for common sans-serif faces, in ems. */
const CHARACTER_WIDTH = 0.56;
const ANCHOR = { left: 'start', center: 'middle', right: 'end' } as const;
/** From the named line of a text to its alphabetic baseline, in ems: the same in every viewer. */
const DESCENT = { top: 0.8, middle: 0.35, alphabetic: 0 } as const;

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += 8192) {
    binary += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return btoa(binary);
}

function pointList(points: readonly Point[]): string {
  return points.map(([x, y]) => `${number(x)},${number(y)}`).join(' ');
}

/**
 * Draws into an SVG document of `width` × `height` pixels; `toString` gives its `<svg>` element.
 *
 * @param options `title` the picture in words, for those who do not see it; `fontFamily` a CSS font family
 */
export function svgSurface(
  width: number,
  height: number,
  options: { readonly title?: string; readonly fontFamily?: string } = {},
): Surface & { toString(): string } {
  const parts: string[] = [];
  return {
    fillRect(x, y, w, h, colour) {
      parts.push(
        `<rect x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}" fill="${escapeMarkup(colour)}"/>`,
      );
    },
    strokeRect(x, y, w, h, colour, stroke) {
      parts.push(
        `<rect x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}" fill="none" stroke="${escapeMarkup(colour)}" stroke-width="${number(stroke)}"/>`,
      );
    },
    line(x1, y1, x2, y2, colour, stroke) {
      parts.push(
        `<line x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}" stroke="${escapeMarkup(colour)}" stroke-width="${number(stroke)}"/>`,
      );
    },
    polyline(points, colour, stroke, dash) {
      const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.map(number).join(' ')}"`;
      parts.push(
        `<polyline points="${pointList(points)}" fill="none" stroke="${escapeMarkup(colour)}" stroke-width="${number(stroke)}" stroke-linejoin="round"${dashes}/>`,
      );
    },
    polygon(points, colour, opacity) {
      parts.push(
        `<polygon points="${pointList(points)}" fill="${escapeMarkup(colour)}" fill-opacity="${number(opacity)}"/>`,
      );
    },
    disc(x, y, radius, colour, opacity) {
      parts.push(
        `<circle cx="${number(x)}" cy="${number(y)}" r="${number(radius)}" fill="${escapeMarkup(colour)}" fill-opacity="${number(opacity)}"/>`,
      );
    },
    pixels({ x, y, w, h }, { width, height, rgba }) {
      const file = encode({ width, height, data: new Uint8Array(rgba), channels: 4 });
      parts.push(
        `<image x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}" preserveAspectRatio="none"` +
          ` style="image-rendering:pixelated" href="data:image/png;base64,${base64(file)}"/>`,
      );
    },
    text(text, x, y, { colour, size, align, baseline, weight }) {
      parts.push(
        `<text x="${number(x)}" y="${number(y + DESCENT[baseline] * size)}" font-size="${number(size)}"` +
          ` text-anchor="${ANCHOR[align]}"${weight === undefined ? '' : ` font-weight="${weight}"`}` +
          ` fill="${escapeMarkup(colour)}">${escapeMarkup(text)}</text>`,
      );
    },
    measure(text, size) {
      return [...text].length * size * CHARACTER_WIDTH;
    },
    toString() {
      const title = options.title === undefined ? '' : `<title>${escapeMarkup(options.title)}</title>`;
      return (
        `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${number(width)} ${number(height)}"` +
        ` width="${number(width)}" height="${number(height)}"` +
        ` font-family="${escapeMarkup(options.fontFamily ?? 'sans-serif')}">${title}${parts.join('')}</svg>`
      );
    },
  };
}
