import type { Resize } from '../../../protocol/study';
import type { DecodedImage } from './decodedImage';

/** Size and channels that pictures are brought to. */
export interface ImageTarget {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/**
 * Brings a picture to a size and number of channels, values 0 … 255: `[height, width, channels]`.
 *
 * - Grey from colours: 0.2989 R + 0.587 G + 0.114 B (ITU-R 601), as `tf.image.rgb_to_grayscale`; it is not rounded.
 *   Colours from grey: the same value three times.
 * - `stretch`: bilinear between pixel centres, without antialiasing, as `tf.image.resize` and Keras'
 *   `image_dataset_from_directory` do. Along an axis of n pixels made to m, pixel i lies at
 *   x = (i + ½) · n / m − ½; its value is that at ⌊x⌋ plus (x − ⌊x⌋) times the step to that at ⌈x⌉, both cut to
 *   0 … n − 1, in float32; columns first, then rows.
 * - `crop` and `pad`: as Keras' `crop_to_aspect_ratio` and `pad_to_aspect_ratio`, the picture is first cut down,
 *   or enlarged by zeros, to the target's aspect ratio, its middle in the middle; then stretched.
 */
export function fitImage(image: DecodedImage, target: ImageTarget, resize: Resize): Float32Array {
  const source = withChannels(image, target.channels);
  const { width, height } = image;
  const box = boxOf(image, target, resize);
  if (box.height === height && box.width === width && target.height === height && target.width === width) {
    return source instanceof Float32Array ? source : Float32Array.from(source);
  }
  const channels = target.channels;
  const rows = places(box.height, target.height, box.top, height);
  const columns = places(box.width, target.width, box.left, width);
  const fitted = new Float32Array(target.height * target.width * channels);
  const at = (row: number, column: number, channel: number): number =>
    row < 0 || column < 0 ? 0 : (source[(row * width + column) * channels + channel] ?? 0);
  let to = 0;
  for (const { lower: upperRow, upper: lowerRow, weight: down } of rows) {
    for (const { lower: left, upper: right, weight: across } of columns) {
      for (let c = 0; c < channels; c++) {
        const top = between(at(upperRow, left, c), at(upperRow, right, c), across);
        const bottom = between(at(lowerRow, left, c), at(lowerRow, right, c), across);
        fitted[to++] = between(top, bottom, down);
      }
    }
  }
  return fitted;
}

function between(from: number, to: number, weight: number): number {
  return Math.fround(from + Math.fround(Math.fround(to - from) * weight));
}

function withChannels(
  { pixels, channels, width, height }: DecodedImage,
  wanted: 1 | 3,
): Float32Array | Uint8Array {
  if (channels === wanted) return pixels;
  const count = width * height;
  if (wanted === 3) {
    const colours = new Uint8Array(count * 3);
    for (let i = 0; i < count; i++) colours.fill(pixels[i] ?? 0, i * 3, i * 3 + 3);
    return colours;
  }
  const grey = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(i * 3, i * 3 + 3);
    grey[i] = 0.2989 * red + 0.587 * green + 0.114 * blue;
  }
  return grey;
}

/** The part of the picture that is shown; beyond its borders where it is enlarged. */
interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

function boxOf({ width, height }: DecodedImage, target: ImageTarget, resize: Resize): Box {
  const tall = Math.max(1, Math.trunc((width * target.height) / target.width));
  const wide = Math.max(1, Math.trunc((height * target.width) / target.height));
  switch (resize) {
    case 'stretch':
      return { top: 0, left: 0, height, width };
    case 'crop': {
      const box = { height: Math.min(height, tall), width: Math.min(width, wide) };
      return {
        ...box,
        top: Math.trunc((height - box.height) / 2),
        left: Math.trunc((width - box.width) / 2),
      };
    }
    case 'pad': {
      const box = { height: Math.max(height, tall), width: Math.max(width, wide) };
      return {
        ...box,
        top: -Math.trunc((box.height - height) / 2),
        left: -Math.trunc((box.width - width) / 2),
      };
    }
  }
}

/** Between which two pixels a value lies, −1 for one beyond the picture, and how near the second. */
interface Place {
  readonly lower: number;
  readonly upper: number;
  readonly weight: number;
}

/**
 * @param length of the box along the axis, before
 * @param wanted after
 * @param start of the box in the picture
 * @param size of the picture
 */
function places(length: number, wanted: number, start: number, size: number): Place[] {
  const scale = Math.fround(length / wanted);
  const inside = (pixel: number): number => (start + pixel < size ? Math.max(-1, start + pixel) : -1);
  return Array.from({ length: wanted }, (_, i) => {
    const x = Math.fround(Math.fround(Math.fround(i + 0.5) * scale) - 0.5);
    const lower = inside(Math.max(0, Math.floor(x)));
    const upper = inside(Math.min(length - 1, Math.ceil(x)));
    return { lower, upper, weight: Math.fround(x - Math.floor(x)) };
  });
}
