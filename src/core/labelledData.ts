/** The samples' values for one input of a network. */
export interface SampleValues {
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** Element type as stored: `uint8`, `float32`, … */
  readonly dtype: string;
  /** Stored values of the samples at `indices`, in that order: `[indices.length, …shape]`. */
  read(indices: ArrayLike<number>): Promise<Float32Array>;
}

/** Values that are for the input of that name. */
export interface InputValues extends SampleValues {
  readonly input: string;
}

/**
 * Samples with a class each, as read from a file and before any preprocessing. Readers in `formats/data` make
 * it; everything above asks for the samples it needs, so that a large file need not be in memory whole.
 *
 * Most networks have one input, and the values are for that. Data for several has them one by one in `inputs`, and
 * `shape`, `dtype` and `read` are those of the first.
 */
export interface LabelledData extends SampleValues {
  readonly samples: number;
  /** Class of each sample: an index into `label_names`, or the stored integer where that is null. */
  readonly labels: Int32Array;
  /** Names of the classes where the file gives any, in index order. */
  readonly label_names: readonly string[] | null;
  /** For a network with several inputs: the values for each. */
  readonly inputs?: readonly InputValues[];
}
