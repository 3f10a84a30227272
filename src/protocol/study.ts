/**
 * What a unit's activation is clamped to: `zero` · `mean` its mean over the data, at every position or time step ·
 * `resample` its activation on another sample · `optimal` the one constant with the least mean loss.
 */
export type Operator = 'zero' | 'mean' | 'resample' | 'optimal';

/** All operators. */
export const OPERATORS: readonly Operator[] = ['zero', 'mean', 'resample', 'optimal'];

/** Measures beside importance and selectivity, which always come. */
export type Measure = 'mutual_information' | 'l1_norm' | 'first_order' | 'duplicates';

/** All of them. */
export const MEASURES: readonly Measure[] = ['mutual_information', 'l1_norm', 'first_order', 'duplicates'];

/** Draws of `resample`, where the study does not say. */
export const DEFAULT_DRAWS = 5;

/**
 * How stored values become the network's inputs, plain ones first: `[stored:][before:]wanted`. `stored` is where the
 * values in the file lie, 0 … 255 where it is left out; `before`: the channels turned round (`bgr`), or black and
 * white exchanged (`inverted`). `none` takes them as they are, `imagenet` takes off the mean colour and divides by
 * the deviation, as PyTorch's models want it, `caffe` takes off the mean colour, blue first; `mean,std` standardises
 * each feature over the data. `scale.ts` has the formulas.
 */
export const SCALES = [
  'none',
  '0..1',
  '-1..1',
  'imagenet',
  'caffe',
  'bgr:none',
  'bgr:0..1',
  'bgr:-1..1',
  'bgr:imagenet',
  'inverted:none',
  'inverted:0..1',
  'inverted:-1..1',
  'mean,std',
  '0..1:0..255',
  '0..1:-1..1',
  '0..1:imagenet',
  '0..1:caffe',
  '0..1:bgr:0..255',
  '0..1:bgr:-1..1',
  '0..1:bgr:imagenet',
  '0..1:inverted:0..255',
  '0..1:inverted:0..1',
  '0..1:inverted:-1..1',
  '-1..1:0..255',
  '-1..1:0..1',
  '-1..1:imagenet',
  '-1..1:caffe',
  '-1..1:bgr:0..255',
  '-1..1:bgr:0..1',
  '-1..1:bgr:imagenet',
  '-1..1:inverted:0..255',
  '-1..1:inverted:0..1',
  '-1..1:inverted:-1..1',
] as const;

/** One of them. */
export type Scale = (typeof SCALES)[number];

/** `stretch` both sides to fit · `crop` the middle, filling the frame · `pad` with zeros, showing all of it. */
export type Resize = 'stretch' | 'crop' | 'pad';

/** All of them. */
export const RESIZES: readonly Resize[] = ['stretch', 'crop', 'pad'];

/**
 * A study: model + data + how to measure. Paths are absolute, or relative to the folder of the spec file.
 * `data` and `labels` may name an array inside a file: `test.npz#x`.
 */
export interface StudySpec {
  readonly model: string;
  /**
   * Which of the model's outputs names the class, by name or index; the last softmax-like one when absent. With
   * `:sigmoid` after it an output of one number is the logit of the second of two classes (from_logits=True).
   */
  readonly output?: string;
  readonly data: string;
  /** Where the labels are, when `data` does not carry them. */
  readonly labels?: string;
  /** The label column of a csv file; guessed when absent. */
  readonly label_column?: string;
  /** For a folder of images: a regular expression over file names whose first group is the class. */
  readonly label_pattern?: string;
  /** File with the names of the classes, one for each output; found beside model or data when absent. */
  readonly class_names?: string;
  /** How images are brought to the model's size; stretched when absent. */
  readonly resize?: Resize;
  /** Of a model with several inputs: where each one's samples are, by the input's name; found by name when absent. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The topology (JSON) of a model file that holds weights only; found beside it when absent. */
  readonly topology?: string;
  readonly scale: 'auto' | Scale;
  /** Names of the sites to sweep; all when absent. */
  readonly sites?: readonly string[];
  readonly operator: Operator;
  /** How many donors each sample gets under `resample`; 5 when absent. */
  readonly draws?: number;
  /** Quantile bins of the mutual information, beside the bin for zero; 16 when absent. */
  readonly bins?: number;
  /** Measures to find beside importance and selectivity; all when absent. */
  readonly measures?: readonly Measure[];
  /** How many samples to take (seeded, class-stratified); all when absent. */
  readonly samples?: number;
  readonly seed: number;
}

/** What the spec file `<model file>.neuron-deletion.json` may hold: a study without its model, all optional. */
export type SpecFile = Partial<Omit<StudySpec, 'model'>>;

/** One unit of a network: a site's name and the unit's index in it. */
export interface UnitRef {
  readonly site: string;
  readonly unit: number;
}

/** A tensor of the network at which units are ablated (science.md, "Site rule"). */
export interface SiteInfo {
  /** Layer (or graph node) whose output it is; `name@1`, … for further calls of a shared layer. */
  readonly name: string;
  /** Number of units. */
  readonly units: number;
  /** Output shape without the batch axis; the last axis counts the units. */
  readonly shape: readonly number[];
  /** What makes the units: `dense`, `convolution`, `depthwise convolution`, `add`, … */
  readonly kind: string;
}

/** Something that makes units but cannot be ablated, and why; listed, never silently skipped. */
export interface ExcludedSite {
  readonly name: string;
  readonly reason: string;
}

/** One of a model's outputs. */
export interface OutputInfo {
  /** The layer (or graph node) it comes from. */
  readonly name: string;
  /** How many classes it tells apart; null where it gives no score for each class. */
  readonly classes: number | null;
  /** It is the one whose predictions are studied. */
  readonly chosen: boolean;
}

/** One of a model's inputs. */
export interface InputInfo {
  /** As data names it: that of its layer (or graph node). */
  readonly name: string;
  /** Shape without the batch axis; null where a size is free. */
  readonly shape: readonly (number | null)[];
}

/** One layer (or graph node) of a model, as its file lists it. */
export interface LayerInfo {
  readonly name: string;
  /** Its class: `Conv2D`. */
  readonly type: string;
  /** Output shape without the batch axis, null where a size is free; null where it is not known. */
  readonly shape: readonly (number | null)[] | null;
  /** How many numbers it has learned; null where it is not known. */
  readonly parameters: number | null;
}

/** Answer to `inspectModel`. */
export interface ModelInfo {
  readonly path: string;
  /** For people: `TensorFlow.js layers model`. */
  readonly format: string;
  /** Who wrote the file, if it says so. */
  readonly producer: string | null;
  /** Shape of its first input without the batch axis; null where a size is free. Most models have one input. */
  readonly input: InputInfo['shape'];
  /** All inputs, in the model's order. */
  readonly inputs: readonly InputInfo[];
  readonly classes: number;
  /** Names of the classes, from a file beside the model; absent where there is none. */
  readonly class_names?: readonly string[];
  readonly outputs: readonly OutputInfo[];
  readonly parameters: number;
  /** In the order in which they are computed. */
  readonly layers: readonly LayerInfo[];
  readonly sites: readonly SiteInfo[];
  readonly excluded: readonly ExcludedSite[];
}

/** A model that cannot be analysed: why, and what could be read of it; null and empty where nothing could. */
export interface RefusedModel {
  readonly path: string;
  /** What is wrong and what to do, in a sentence. */
  readonly problem: string;
  /** A command for the terminal that makes of it a model that is read. */
  readonly command: string | null;
  readonly format: string | null;
  readonly producer: string | null;
  readonly inputs: readonly InputInfo[];
  readonly outputs: readonly OutputInfo[];
  readonly parameters: number | null;
  readonly layers: readonly LayerInfo[];
}

/** Answer to `describeModel`. */
export type ModelDescription = ModelInfo | RefusedModel;

/** Can it not be analysed? */
export function isRefused(model: ModelDescription): model is RefusedModel {
  return 'problem' in model;
}

/** One way to read labelled data out of a file, offered to the user. */
export interface DataCandidate {
  /** As it goes into {@link StudySpec}`.data`: absolute path, `#array` where needed. */
  readonly data: string;
  readonly labels?: string;
  readonly label_column?: string;
  readonly samples: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** Element type as stored: `uint8`, `float32`, … */
  readonly dtype: string;
  /** How many samples each label has, in label order. */
  readonly class_counts: readonly { readonly label: string; readonly samples: number }[];
  /** `npz`, `csv`, … `folder` of pictures; absent where nobody asked. */
  readonly format?: string;
  /** Names of the model's inputs that the file has no values of; absent where the model is not known or has one. */
  readonly missing_inputs?: readonly string[];
}
