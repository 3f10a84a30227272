import { Recent } from '../../core/recent';
import { Failure } from '../../protocol/failure';
import type { Resize } from '../../protocol/study';
import type { WantedInput } from './dataReader';
import { decodeImage, imageHeader } from './images/decodeImage';
import type { ImageHeader } from './images/decodedImage';
import { fitImage, type ImageTarget } from './images/resize';
import { checkedIndex } from './storedArray';

/** Pictures as packed bytes (PNG, JPEG, BMP), one a sample, wherever they lie: files of a folder, cells of a table. */
export interface EncodedImages {
  /** The file or folder they lie in. */
  readonly file: string;
  readonly samples: number;
  /** How a person calls one of them: its path, or `the image of sample 3 in train.parquet`. */
  title(index: number): string;
  /** Their bytes, in the order asked. */
  load(indices: ArrayLike<number>): Promise<readonly Uint8Array[]>;
}

/** Pictures decoded and brought to one size: the samples of `LabelledData`. */
export interface DecodedImages {
  /** `[height, width, channels]`. */
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Their values, 0 to 255: `[indices.length, …shape]`. */
  read(indices: ArrayLike<number>): Promise<Float32Array>;
}

/** So many packed pictures are in memory at a time. */
const BLOCK = 16;
/** Bytes of decoded pictures that are kept, those used last. */
const KEPT = 2 ** 27;
/** A model that wants more values of a picture is not served. */
const MOST_VALUES = 2 ** 26;

/**
 * Opens pictures for a model: of its size and number of channels where it has one, else of those of the first.
 *
 * @throws Failure when one, named, cannot be decoded
 */
export async function openEncodedImages(
  images: EncodedImages,
  wanted: WantedInput | null,
  resize: Resize | undefined,
): Promise<DecodedImages> {
  const first = await inFile(images, async () => {
    const [content = new Uint8Array()] = await images.load([0]);
    return imageHeader(content, capital(images.title(0)));
  });
  const target = imageTarget(first, wanted);
  const shape = [target.height, target.width, target.channels];
  const width = target.height * target.width * target.channels;
  if (width > MOST_VALUES) {
    throw new Failure(`Pictures of ${shape.join(' × ')} values are larger than what is read.`, {
      file: images.file,
    });
  }
  const kept = new Recent<Float32Array>(KEPT);
  const read = async (indices: ArrayLike<number>): Promise<Float32Array> => {
    const values = new Float32Array(indices.length * width);
    const missing: { readonly index: number; readonly to: number }[] = [];
    for (let i = 0; i < indices.length; i++) {
      const index = checkedIndex(indices[i], images.samples);
      const known = kept.get(String(index));
      if (known === undefined) missing.push({ index, to: i * width });
      else values.set(known, i * width);
    }
    for (let from = 0; from < missing.length; from += BLOCK) {
      const block = missing.slice(from, from + BLOCK);
      const contents = await images.load(block.map(({ index }) => index));
      for (const [i, { index, to }] of block.entries()) {
        const image = await decodeImage(contents[i] ?? new Uint8Array(), capital(images.title(index)));
        const fitted = fitImage(image, target, resize ?? 'stretch');
        kept.set(String(index), fitted, fitted.byteLength);
        values.set(fitted, to);
      }
    }
    return values;
  };
  return { shape, dtype: 'uint8', read: (indices) => inFile(images, () => read(indices)) };
}

/**
 * What pictures are brought to: what the model takes, and where it takes any, or rows of values whose number does
 * not tell, what the first picture is.
 */
export function imageTarget(first: ImageHeader, wanted: WantedInput | null): ImageTarget {
  const shape = wanted?.shape ?? [];
  if (shape.length === 1) return flatTarget(first, shape[0] ?? null);
  if (shape.length !== 2 && shape.length !== 3) return first;
  const [height, width, depth] = shape;
  const channels = shape.length === 2 ? 1 : depth;
  return {
    height: height ?? first.height,
    width: width ?? first.width,
    channels: channels === 1 || channels === 3 ? channels : first.channels,
  };
}

/** Of a model that takes rows of `values`: the first picture's size where it fits, else a square. */
function flatTarget(first: ImageHeader, values: number | null): ImageTarget {
  const { width, height } = first;
  for (const channels of [first.channels, 1, 3] as const) {
    if (width * height * channels === values) return { width, height, channels };
  }
  for (const channels of [1, 3] as const) {
    const side = Math.sqrt((values ?? 0) / channels);
    if (side >= 1 && Number.isInteger(side)) return { width: side, height: side, channels };
  }
  return first;
}

/** Names the file in what goes wrong. */
async function inFile<T>({ file }: EncodedImages, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.file !== undefined) throw cause;
    throw new Failure(cause.message, { file, cause });
  }
}

/** For the beginning of a sentence; a path is left as it is. */
function capital(title: string): string {
  return title.startsWith('the ') ? `T${title.slice(1)}` : title;
}
