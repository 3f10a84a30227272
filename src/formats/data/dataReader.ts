import type { LabelledData } from '../../core/labelledData';
import type { DataCandidate, StudySpec } from '../../protocol/study';
import type { DataRef } from './dataRef';
import type { LabelSet } from './labels';

/** How a person wants labelled data read: as in a study, with paths that the caller has resolved. */
export type ReadingChoices = Pick<StudySpec, 'label_column' | 'label_pattern' | 'resize'>;

/** What the model takes, where it is known: images are brought to its size and number of channels. */
export interface WantedInput {
  /** Shape of one sample; null where a size is free. */
  readonly shape: readonly (number | null)[];
}

/** An input of a model that has several. */
export interface NamedInput extends WantedInput {
  readonly name: string;
}

/** Samples that a reader opened. */
export interface LabelledSamples {
  readonly data: LabelledData;
  /** Where the samples are: a file, or a folder. */
  readonly file: string;
  readonly labels: LabelSet;
}

/** Reads one family of formats: arrays, tables, images. */
export interface DataReader {
  /**
   * All ways to read labelled samples out of a source, best first; reads no more than it must.
   * @throws Failure when there is none, with the reason
   */
  inspect(source: DataRef, wanted: WantedInput | null): Promise<DataCandidate[]>;

  /**
   * Opens the samples.
   * @param labels from elsewhere; null: the source's own, chosen as `choices` say or guessed
   * @throws Failure when it is missing, damaged, or does not hold labelled samples
   */
  open(
    source: DataRef,
    labels: LabelSet | null,
    choices: ReadingChoices,
    wanted: WantedInput | null,
  ): Promise<LabelledSamples>;

  /**
   * Reads labels that stand alone in the source.
   * @throws Failure when it holds none
   */
  labels(source: DataRef, choices: ReadingChoices): Promise<LabelSet>;

  /** Names of the arrays in a file, where a reference may name one; absent where a source is one thing. */
  names?(file: string): Promise<readonly string[]>;
}
