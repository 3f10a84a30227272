import { bmpHeader, decodeBmp, isBmp } from './bmp';
import { notRead, type DecodedImage, type ImageHeader } from './decodedImage';
import { decodeJpeg, isJpeg, jpegHeader } from './jpeg';
import { decodePng, isPng, pngHeader } from './png';
import { Failure } from '../../../protocol/failure';

/** Formats that are read, told by content. */
const CODECS = [
  { is: isJpeg, header: jpegHeader, decode: decodeJpeg },
  { is: isPng, header: pngHeader, decode: decodePng },
  { is: isBmp, header: bmpHeader, decode: decodeBmp },
] as const;

/** Formats that are recognised: a pattern of the first bytes, as Latin-1. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^GIF8/, 'a GIF picture'],
  [/^RIFF[^]{4}WEBP/, 'a WebP picture'],
  [/^(II[*+]\0|MM\0[*+])/, 'a TIFF picture'],
  [/^[^]{4}ftypavi[fs]/, 'an AVIF picture'],
  [/^[^]{4}ftyp(hei|hev|mif)/, 'a HEIC picture'],
  [/^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/, 'a JPEG 2000 picture'],
  [/^(\xff\x0a|\0\0\0\x0cJXL )/, 'a JPEG XL picture'],
  [/^\0\0\x01\0/, 'an icon'],
  [/^P[1-7]\s/, 'a PNM picture'],
  [/^\s*<(\?xml|svg)/i, 'an SVG picture'],
];

/**
 * Reads a picture's size and channels.
 * @param title how a person calls it
 * @throws Failure when it is damaged, too large, or of a format that is not read
 */
export function imageHeader(content: Uint8Array, title: string): ImageHeader {
  const { width, height, channels } = codecOf(content, title).header(content, title);
  return { width, height, channels };
}

/**
 * Decodes a picture, to the same values whatever computes later.
 * @param title how a person calls it
 * @throws Failure when it is damaged, too large, or of a format that is not read
 */
export async function decodeImage(content: Uint8Array, title: string): Promise<DecodedImage> {
  return codecOf(content, title).decode(content, title);
}

function codecOf(content: Uint8Array, title: string): (typeof CODECS)[number] {
  const codec = CODECS.find(({ is }) => is(content));
  if (codec !== undefined) return codec;
  if (content.length === 0) throw new Failure(`${title} is empty: replace it or take it out of the data.`);
  const start = String.fromCharCode(...content.subarray(0, 32));
  const other = OTHERS.find(([pattern]) => pattern.test(start));
  if (other !== undefined) throw notRead(title, other[1]);
  throw new Failure(`${title} is not a picture: PNG, JPEG and BMP are read; take it out of the data.`);
}
