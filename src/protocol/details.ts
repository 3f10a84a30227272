import type { UnitRef } from './study';

/** The inputs of one sample as it is stored, in a form that can be shown. */
export type SampleInput =
  /** `[height, width, 4]`: red, green, blue, opacity. A picture of more than 256 pixels a side is made smaller. */
  | {
      readonly kind: 'image';
      readonly width: number;
      readonly height: number;
      readonly rgba: Uint8ClampedArray;
    }
  /** `[steps, channels]`. */
  | {
      readonly kind: 'series';
      readonly steps: number;
      readonly channels: number;
      readonly values: Float32Array;
    }
  /** Anything else: the first values, and how many there are. */
  | { readonly kind: 'values'; readonly values: Float32Array; readonly size: number };

/** What deleting a set of units does to one sample. */
export interface Example {
  /** Its place in the data. */
  readonly index: number;
  /** The true class. */
  readonly label: number;
  readonly input: SampleInput;
  readonly flip: 'to_wrong' | 'to_right' | 'none';
  /** `[classes]`: what the network gives as it is, and without the units. */
  readonly before: Float32Array;
  readonly after: Float32Array;
}

/** A sample on which a unit is at its most or least active. */
export interface UnitExample {
  /** Its place in the data. */
  readonly index: number;
  readonly label: number;
  /** The class the network gives. */
  readonly predicted: number;
  /** The unit's activation, the mean over positions or time steps. */
  readonly activation: number;
  readonly input: SampleInput;
}

/** How strongly two units are connected. */
export interface Connection {
  /** Of any site of the model, also of one that the study leaves out. */
  readonly unit: UnitRef;
  /**
   * The weight between them, with the scales of batch norms on the way; over several weights (a convolution's taps,
   * positions of a flattened map, a recurrent unit's gates) their sum. 1 where an add takes the unit over.
   */
  readonly weight: number;
  /** The sum of the weights' sizes. */
  readonly strength: number;
}

/** Everything the engine knows of one unit beyond its row in the table. */
export interface UnitDetails {
  readonly unit: UnitRef;
  /** Samples that all of this was measured on. */
  readonly samples: number;
  /** `[classes]`: mean activation on each class; NaN for a class without samples. */
  readonly class_means: Float64Array;
  /** How many samples of each class fall between each two of the edges, rising; the last bin has its upper edge. */
  readonly histogram: {
    /** `[bins + 1]` */
    readonly edges: Float64Array;
    /** `[classes, bins]` */
    readonly counts: Float64Array;
  };
  /** The most active first. */
  readonly most: readonly UnitExample[];
  /** The least active first. */
  readonly least: readonly UnitExample[];
  /** The strongest first; empty where what is between them is not known. */
  readonly incoming: readonly Connection[];
  readonly outgoing: readonly Connection[];
  /**
   * Weights to the classes, where the unit feeds the output directly: `[classes]`, else null. Of a single logit less
   * and plus its weight.
   */
  readonly to_classes: Float64Array | null;
}
