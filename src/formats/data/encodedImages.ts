import { Failure } from '../../protocol/failure';
import type { Resize } from '../../protocol/study';
import type { WantedInput } from './dataReader';

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

/**
 * Opens pictures for a model: of its size and number of channels where it has one, else of those of the first.
 *
 * @throws Failure when one, named, cannot be decoded
 */
export function openEncodedImages(
  images: EncodedImages,
  _wanted: WantedInput | null,
  _resize: Resize | undefined,
): Promise<DecodedImages> {
  return Promise.reject(
    new Failure(`${images.title(0)} is a packed picture, which is not read yet.`, { file: images.file }),
  );
}
