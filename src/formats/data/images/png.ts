import { crc32, inflateSync } from 'node:zlib';
import { checkSize, damaged, notRead, type DecodedImage, type ImageHeader } from './decodedImage';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples a pixel and the depths they may have, by colour type: grey, RGB, palette, grey and alpha, RGBA. */
const COLOURS: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
const PALETTE = 3;
/** Where each of the seven passes of an interlaced picture begins, and its steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const NO_PASSES = [[0, 0, 1, 1]] as const;

/** The first chunk of a file. */
interface PngHeader extends ImageHeader {
  readonly depth: number;
  readonly colour: number;
  /** Samples a pixel, alpha with them. */
  readonly samples: number;
  readonly interlaced: boolean;
}

/** A part of a pass: the pixels it fills and the bytes it takes. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly columns: number;
  readonly rows: number;
  readonly rowBytes: number;
}

/** Whether bytes begin as a PNG file does. */
export function isPng(content: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => content[index] === byte);
}

/**
 * Reads the size and channels.
 * @throws Failure when it is damaged or too large
 */
export function pngHeader(content: Uint8Array, title: string): PngHeader {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length < 33 || view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) {
    throw damaged(title, 'its header is missing');
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour] = [view.getUint8(24), view.getUint8(25)];
  checkSize(width, height, title);
  const known = COLOURS[colour];
  if (
    known === undefined ||
    !known.depths.includes(depth) ||
    view.getUint16(26) !== 0 ||
    view.getUint8(28) > 1
  ) {
    throw damaged(title, 'its header says what no PNG picture can be');
  }
  const channels = colour === 0 || colour === 4 ? 1 : 3;
  return {
    width,
    height,
    channels,
    depth,
    colour,
    samples: known.samples,
    interlaced: view.getUint8(28) === 1,
  };
}

/**
 * Decodes a PNG file of any colour type and depth as `tf.io.decode_png` does to bytes: alpha is dropped, palettes
 * are looked up, grey of fewer bits is spread over 0 … 255, and of 16 bits the upper 8 stay. Of an animated one the
 * first picture.
 * @throws Failure when it is damaged, cut short or too large
 */
export function decodePng(content: Uint8Array, title: string): DecodedImage {
  const header = pngHeader(content, title);
  const { packed, palette } = readChunks(content, title);
  const passes = passesOf(header);
  const expected = passes.reduce((total, { rows, rowBytes }) => total + rows * (rowBytes + 1), 0);
  const lines = inflate(packed, expected, title);
  if (lines.length < expected) throw damaged(title, 'it is cut short');
  if (header.colour === PALETTE && palette === null) throw damaged(title, 'its palette is missing');
  const { width, height, channels } = header;
  const pixels = new Uint8Array(width * height * channels);
  let at = 0;
  for (const pass of passes) {
    const end = at + pass.rows * (pass.rowBytes + 1);
    unfilter(lines.subarray(at, end), pass, Math.max(1, (header.depth * header.samples) >> 3), title);
    place(lines.subarray(at, end), pass, header, palette, pixels, title);
    at = end;
  }
  return { width, height, channels, pixels };
}

/** All compressed bytes, and the palette: three bytes a colour. */
function readChunks(
  content: Uint8Array,
  title: string,
): { readonly packed: Uint8Array; readonly palette: Uint8Array | null } {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const parts: Uint8Array[] = [];
  let palette: Uint8Array | null = null;
  for (let at = 8; at + 12 <= content.length;) {
    const length = view.getUint32(at);
    if (at + 12 + length > content.length) throw damaged(title, 'it is cut short');
    const type = String.fromCharCode(...content.subarray(at + 4, at + 8));
    const body = content.subarray(at + 8, at + 8 + length);
    if (
      /^[A-Z]/.test(type) &&
      crc32(content.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)
    ) {
      throw damaged(title, `the check sum of its part ${JSON.stringify(type)} is wrong`);
    }
    if (type === 'PLTE') palette = body;
    else if (type === 'IDAT') parts.push(body);
    else if (type === 'IEND') break;
    else if (type === 'CgBI') throw notRead(title, 'a PNG picture as Apple changes it');
    at += 12 + length;
  }
  return { packed: Buffer.concat(parts), palette };
}

/** Inflates to at most what is needed, and a little that some programs leave behind it. */
function inflate(packed: Uint8Array, expected: number, title: string): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: expected + 65_536 });
  } catch (cause) {
    const isCut = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    throw damaged(title, isCut ? 'it is cut short' : 'its pixels cannot be unpacked', cause);
  }
}

function passesOf({ width, height, depth, samples, interlaced }: PngHeader): Pass[] {
  return (interlaced ? PASSES : NO_PASSES)
    .map(([x, y, stepX, stepY]) => {
      const columns = Math.max(0, Math.ceil((width - x) / stepX));
      const rows = Math.max(0, Math.ceil((height - y) / stepY));
      return { x, y, stepX, stepY, columns, rows, rowBytes: Math.ceil((columns * samples * depth) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Undoes the filters of a pass's lines in place; each begins with the byte that names its filter. */
function unfilter(lines: Uint8Array, { rows, rowBytes }: Pass, pixelBytes: number, title: string): void {
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1) + 1;
    const filter = lines[start - 1] ?? 0;
    if (filter > 4) throw damaged(title, `row ${row} has the unknown filter ${filter}`);
    if (filter === 0) continue;
    for (let i = 0; i < rowBytes; i++) {
      const at = start + i;
      const left = i < pixelBytes ? 0 : (lines[at - pixelBytes] ?? 0);
      const above = row === 0 ? 0 : (lines[at - rowBytes - 1] ?? 0);
      const corner = row === 0 || i < pixelBytes ? 0 : (lines[at - rowBytes - 1 - pixelBytes] ?? 0);
      lines[at] = (lines[at] ?? 0) + predicted(filter, left, above, corner);
    }
  }
}

/** What a filter adds: 1 left · 2 above · 3 their mean · 4 Paeth's choice. */
function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** Writes a pass's pixels where they belong. */
function place(
  lines: Uint8Array,
  { x, y, stepX, stepY, columns, rows, rowBytes }: Pass,
  { width, depth, colour, samples, channels }: PngHeader,
  palette: Uint8Array | null,
  pixels: Uint8Array,
  title: string,
): void {
  const spread = colour === PALETTE || depth >= 8 ? 1 : 255 / (2 ** depth - 1);
  const step = depth >> 3;
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1) + 1;
    for (let column = 0; column < columns; column++) {
      const to = ((y + row * stepY) * width + x + column * stepX) * channels;
      if (depth < 8) {
        const bit = column * depth;
        const value = ((lines[start + (bit >> 3)] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
        if (palette === null || colour !== PALETTE) pixels[to] = value * spread;
        else lookUp(palette, value, pixels, to, title);
      } else if (palette !== null && colour === PALETTE) {
        lookUp(palette, lines[start + column] ?? 0, pixels, to, title);
      } else {
        const from = start + column * samples * step;
        for (let c = 0; c < channels; c++) pixels[to + c] = lines[from + c * step] ?? 0;
      }
    }
  }
}

function lookUp(palette: Uint8Array, index: number, pixels: Uint8Array, to: number, title: string): void {
  if (index * 3 + 2 >= palette.length) throw damaged(title, `it has no colour ${index}`);
  for (let c = 0; c < 3; c++) pixels[to + c] = palette[index * 3 + c] ?? 0;
}
