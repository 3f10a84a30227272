import { checkSize, damaged, notRead, type DecodedImage, type ImageHeader } from './decodedImage';

/** A channel of a pixel of 16 or 32 bits: where it lies, and its largest value. */
interface Channel {
  readonly shift: number;
  readonly most: number;
}

/** What stands before the pixels. */
interface BmpHeader extends ImageHeader {
  readonly bits: number;
  /** The first row in the file is the top one; as a rule it is the bottom one. */
  readonly topDown: boolean;
  /** Byte at which the pixels begin, and bytes of each row. */
  readonly start: number;
  readonly rowBytes: number;
  /** Red, green, blue of each colour, up to 8 bits a pixel. */
  readonly palette: Uint8Array;
  /** Red, green, blue, of 16 and 32 bits a pixel. */
  readonly masks: readonly Channel[];
}

/** Whether bytes begin as a BMP file does. */
export function isBmp(content: Uint8Array): boolean {
  return content[0] === 0x42 && content[1] === 0x4d;
}

/**
 * Reads the size, the colours and how pixels are laid out. A palette of greys alone makes a grey picture.
 * @throws Failure when it is damaged, too large, or compressed
 */
export function bmpHeader(content: Uint8Array, title: string): BmpHeader {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const size = content.length < 26 ? 0 : view.getUint32(14, true);
  const isOld = size === 12;
  if (!isOld && (size < 40 || 14 + size > content.length)) throw damaged(title, 'its header is missing');
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const rows = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? 0 : view.getUint32(30, true);
  const height = Math.abs(rows);
  checkSize(width, height, title);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw damaged(title, `it has ${bits} bits a pixel`);
  const masked = (compression === 3 || compression === 6) && (bits === 16 || bits === 32);
  if (compression !== 0 && !masked) throw notRead(title, 'a compressed BMP picture');
  const start = view.getUint32(10, true);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  // Some programs leave the padding of the last row out.
  if (start + rowBytes * (height - 1) + Math.ceil((width * bits) / 8) > content.length) {
    throw damaged(title, 'it is cut short');
  }
  const used = isOld ? 0 : view.getUint32(46, true);
  const colours = bits > 8 ? 0 : Math.min(used === 0 ? 2 ** bits : used, 2 ** bits);
  const palette = readPalette(content, 14 + size, colours, isOld ? 3 : 4, title);
  const isGrey = bits <= 8 && palette.every((value, i) => value === palette[i - (i % 3)]);
  return {
    width,
    height,
    channels: isGrey ? 1 : 3,
    bits,
    topDown: rows < 0,
    start,
    rowBytes,
    palette,
    masks: masked ? readMasks(view, title) : bits === 16 ? FIFTEEN_BITS : TRUE_COLOUR,
  };
}

/**
 * Decodes a BMP file: 1 to 8 bits with a palette, 16, 24 and 32 bits. Alpha is dropped.
 * @throws Failure when it is damaged, cut short, too large, or compressed
 */
export function decodeBmp(content: Uint8Array, title: string): DecodedImage {
  const header = bmpHeader(content, title);
  const { width, height, channels, bits, topDown, start, rowBytes } = header;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const pixels = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = start + (topDown ? row : height - 1 - row) * rowBytes;
    for (let column = 0; column < width; column++) {
      const to = (row * width + column) * channels;
      if (bits <= 8) {
        const bit = column * bits;
        const value = ((content[from + (bit >> 3)] ?? 0) >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
        if (value * 3 >= header.palette.length) throw damaged(title, `it has no colour ${value}`);
        for (let c = 0; c < channels; c++) pixels[to + c] = header.palette[value * 3 + c] ?? 0;
      } else if (bits === 24) {
        for (let c = 0; c < 3; c++) pixels[to + c] = content[from + column * 3 + 2 - c] ?? 0;
      } else {
        const at = from + (column * bits) / 8;
        const value = bits === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
        for (const [c, { shift, most }] of header.masks.entries()) {
          pixels[to + c] = Math.floor((((value >>> shift) & most) * 255) / most);
        }
      }
    }
  }
  return { width, height, channels, pixels };
}

const FIFTEEN_BITS: readonly Channel[] = [10, 5, 0].map((shift) => ({ shift, most: 31 }));
const TRUE_COLOUR: readonly Channel[] = [16, 8, 0].map((shift) => ({ shift, most: 255 }));

/** The masks of red, green and blue: runs of at most 16 ones. */
function readMasks(view: DataView, title: string): Channel[] {
  if (view.byteLength < 66) throw damaged(title, 'its header is missing');
  return [54, 58, 62].map((at) => {
    const mask = view.getUint32(at, true);
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    const most = mask >>> shift;
    if (most === 0 || most > 0xffff || (most & (most + 1)) !== 0) {
      throw damaged(title, 'its header says where no colours can lie');
    }
    return { shift, most };
  });
}

function readPalette(
  content: Uint8Array,
  start: number,
  colours: number,
  step: number,
  title: string,
): Uint8Array {
  if (start + colours * step > content.length) throw damaged(title, 'it is cut short');
  const palette = new Uint8Array(colours * 3);
  for (let colour = 0; colour < colours; colour++) {
    for (let c = 0; c < 3; c++) palette[colour * 3 + c] = content[start + colour * step + 2 - c] ?? 0;
  }
  return palette;
}
