import { deflateSync, crc32 } from 'node:zlib';
import { encode } from 'fast-png';

/** A picture of red, green and blue gradients that no two rows or columns have alike. */
export function gradient(width: number, height: number, channels: 1 | 3 | 4 = 3, shift = 0): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const [pixel, channel] = [Math.floor(at / channels), at % channels];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return (x * 7 * (channel + 1) + y * 13 + channel * 40 + shift) % 256;
  });
}

/** A PNG file of 8 bits a value. */
export function png(width: number, height: number, data: Uint8Array): Uint8Array {
  return encode({ width, height, data, channels: data.length / (width * height), depth: 8 });
}

/** A PNG file of its parts; `lines` are unpacked rows, each with its filter before it. */
export function rawPng(
  header: { width: number; height: number; depth: number; colour: number; interlaced?: boolean },
  lines: Uint8Array,
  palette?: Uint8Array,
): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width, 0);
  ihdr.writeUInt32BE(header.height, 4);
  ihdr.set([header.depth, header.colour, 0, 0, header.interlaced === true ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', ihdr),
    ...(palette === undefined ? [] : [chunk('PLTE', palette)]),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** A BMP file of 24 bits a pixel. */
export function bmp(width: number, height: number, rgb: Uint8Array): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const to = 54 + (height - 1 - row) * rowBytes + column * 3;
      for (let c = 0; c < 3; c++) file[to + 2 - c] = rgb[(row * width + column) * 3 + c] ?? 0;
    }
  }
  return file;
}
