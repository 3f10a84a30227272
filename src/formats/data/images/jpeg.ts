import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import moduleFactory from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import { checkSize, damaged, notRead, type DecodedImage, type ImageHeader } from './decodedImage';

/** Pixels times scans of a progressive picture; one that has more takes its decoder minutes. */
const MOST_WORK = 2 ** 30;
/** Beyond so many pixels a decoder's memory is given back at once. */
const LARGE = 2 ** 24;

/** What we use of the WebAssembly module of libjpeg. */
interface Decoder {
  decode(content: Uint8Array, preserveOrientation: boolean): { readonly data: Uint8ClampedArray } | null;
}

/** Whether bytes begin as a JPEG file does. */
export function isJpeg(content: Uint8Array): boolean {
  return content[0] === 0xff && content[1] === 0xd8 && content[2] === 0xff;
}

/**
 * Reads what stands before the pixels. Its orientation (EXIF) is not regarded, as TensorFlow and Keras do.
 * @throws Failure when it is damaged, too large, or in CMYK
 */
export function jpegHeader(content: Uint8Array, title: string): ImageHeader {
  const { scans, ...header } = readMarkers(content, title);
  if (header.width * header.height * scans > MOST_WORK) {
    throw notRead(title, `a JPEG picture in ${scans} scans`);
  }
  return header;
}

/**
 * Decodes a JPEG file, baseline or progressive, to the very values of `tf.io.decode_jpeg(…, dct_method=
 * 'INTEGER_ACCURATE')` and of Pillow: both are libjpeg with its exact integer transform and smooth chroma.
 * @throws Failure when it is damaged, cut short, too large, or in CMYK
 */
export async function decodeJpeg(content: Uint8Array, title: string): Promise<DecodedImage> {
  const header = jpegHeader(content, title);
  const { width, height, channels } = header;
  let data: Uint8ClampedArray | undefined;
  let problem: unknown;
  const codec = await (decoder ??= makeDecoder());
  messages.length = 0;
  try {
    data = codec.decode(content, false)?.data;
  } catch (cause) {
    problem = cause;
  }
  // After an error a part of it may be unusable.
  if (data === undefined || width * height > LARGE) decoder = null;
  if (data?.length !== width * height * 4) {
    throw damaged(title, 'it is not a JPEG picture that can be decoded', problem ?? messages.join('\n'));
  }
  if (messages.some((message) => /premature end/i.test(message))) throw damaged(title, 'it is cut short');
  const pixels = new Uint8Array(width * height * channels);
  for (let from = 0, to = 0; to < pixels.length; from += 4) {
    for (let channel = 0; channel < channels; channel++) pixels[to++] = data[from + channel] ?? 0;
  }
  return { ...header, pixels };
}

/** Its own types lean on global ones that the package does not give. */
const makeModule = moduleFactory as unknown as (options: object) => Promise<Decoder>;
let decoder: Promise<Decoder> | null = null;
/** What the decoder said of the picture that it has. */
const messages: string[] = [];
let compiled: WebAssembly.Module | null = null;

/** A decoder of its own memory; its code lies beside the bundle, or in its package when run from source. */
function makeDecoder(): Promise<Decoder> {
  const file = 'mozjpeg_dec.wasm';
  const packaged = join(__dirname, '../../../../node_modules/@jsquash/jpeg/codec/dec', file);
  const beside = join(__dirname, file);
  const code = (compiled ??= new WebAssembly.Module(readFileSync(existsSync(beside) ? beside : packaged)));
  const say = (message: string): number => messages.push(message);
  return makeModule({
    noInitialRun: true,
    print: say,
    printErr: say,
    instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
      const instance = new WebAssembly.Instance(code, imports);
      done(instance);
      return instance.exports;
    },
  });
}

/** Walks the markers: size and channels from the frame, and how often all of it is gone over. */
function readMarkers(content: Uint8Array, title: string): ImageHeader & { readonly scans: number } {
  let frame: ImageHeader | null = null;
  let scans = 0;
  for (let at = 2; at + 3 < content.length;) {
    const marker = content[at + 1] ?? 0;
    if (content[at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)) {
      // Compressed values, or filling.
      const next = content.indexOf(0xff, at + 1);
      if (next < 0) break;
      at = next;
      continue;
    }
    if (marker === 0xd9) break;
    const length = ((content[at + 2] ?? 0) << 8) | (content[at + 3] ?? 0);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      frame ??= readFrame(content.subarray(at + 4, at + 2 + length), title);
    }
    if (marker === 0xda) scans++;
    at += 2 + length;
  }
  if (frame === null) throw damaged(title, 'its size is missing');
  return { ...frame, scans };
}

/** A frame header: precision, height, width, number of components. */
function readFrame(frame: Uint8Array, title: string): ImageHeader {
  const [precision = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, components = 0] = frame;
  const [height, width] = [(h1 << 8) | h0, (w1 << 8) | w0];
  checkSize(width, height, title);
  if (precision !== 8) throw notRead(title, `a JPEG picture of ${precision} bits a value`);
  if (components === 4) throw notRead(title, 'a JPEG picture in CMYK, for print');
  if (components !== 1 && components !== 3) throw damaged(title, `it has ${components} channels`);
  return { width, height, channels: components };
}
