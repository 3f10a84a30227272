import { Failure } from '../../../protocol/failure';

/** A picture, decoded: one byte a value, row by row from the top, channels last. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /** 1 grey · 3 red, green, blue. */
  readonly channels: 1 | 3;
  /** `[height, width, channels]`. */
  readonly pixels: Uint8Array;
}

/** What a picture's header says. */
export type ImageHeader = Omit<DecodedImage, 'pixels'>;

/** A picture with more pixels is refused before memory is taken for it: 64 megapixels. */
const MOST_PIXELS = 2 ** 26;

/**
 * Checks the sizes that a header claims.
 * @param title how a person calls the picture
 * @throws Failure when a side is 0, or the picture is too large
 */
export function checkSize(width: number, height: number, title: string): void {
  if (width < 1 || height < 1) throw damaged(title, `its header says ${width} × ${height} pixels`);
  if (width * height > MOST_PIXELS) {
    throw new Failure(
      `${title} claims to be ${width} × ${height} pixels, more than the 64 megapixels that are read: make it smaller.`,
    );
  }
}

/** That a picture cannot be decoded, and why. */
export function damaged(title: string, why: string, cause?: unknown): Failure {
  return new Failure(`${title} is damaged: ${why}; replace it or take it out of the data.`, { cause });
}

/** That a picture's format, or its kind of it, is not read. */
export function notRead(title: string, what: string): Failure {
  return new Failure(`${title} is ${what}, which is not read: save it as PNG or as an ordinary JPEG.`);
}
