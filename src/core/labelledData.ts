/**
 * Samples with a class each, as read from a file and before any preprocessing. Readers in `formats/data` make
 * it; everything above asks for the samples it needs, so that a large file need not be in memory whole.
 */
export interface LabelledData {
  readonly samples: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** Element type as stored: `uint8`, `float32`, … */
  readonly dtype: string;
  /** Class of each sample: an index into `label_names`, or the stored integer where that is null. */
  readonly labels: Int32Array;
  /** Names of the classes where the file gives any, in index order. */
  readonly label_names: readonly string[] | null;
  /** Stored values of the samples at `indices`, in that order: `[indices.length, …shape]`. */
  read(indices: ArrayLike<number>): Promise<Float32Array>;
}
