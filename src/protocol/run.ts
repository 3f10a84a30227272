import type { CurvesPart, NoisePart, PairsPart } from './curves';
import type { Example } from './details';
import type { ExcludedSite, Operator, Scale, SiteInfo, StudySpec, UnitRef } from './study';

/**
 * `running` while an engine works on it · `complete` all rounds done · `cancelled` by the user ·
 * `failed` with `error`. A run that says `running` but has no engine was interrupted.
 */
export type RunStatus = 'running' | 'complete' | 'cancelled' | 'failed';

/** Which native or WebAssembly code computes; recorded with every result. */
export interface BackendInfo {
  readonly name: 'tfjs-node' | 'wasm';
  /** TensorFlow's own version, where it is native. */
  readonly tensorflow: string | null;
  readonly threads: number;
  /** oneDNN sums in another order: on or off, null where it does not apply. */
  readonly onednn: boolean | null;
  /** Why it is not native, in a sentence; null where it is. */
  readonly fallback: string | null;
}

/** How well one preprocessing candidate does on the trial samples. */
export interface ScaleTrial {
  readonly scale: Scale;
  readonly correct: number;
  readonly samples: number;
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
}

/** The network as it is, before any deletion. */
export interface Baseline {
  readonly correct: number;
  readonly samples: number;
  readonly accuracy: number;
  readonly balanced_accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  readonly per_class: readonly {
    readonly class: string;
    readonly samples: number;
    readonly correct: number;
    /** correct / samples; null for a class without samples. */
    readonly recall: number | null;
    /** correct / predicted; null for a class never predicted. */
    readonly precision: number | null;
  }[];
}

/** What the pictures show, in one line, with the figures it rests on. */
export interface Headline {
  readonly text: string;
  /**
   * The most important unit, chosen on one stratified half, `accuracy_drop` measured on the other;
   * null where none can be told from noise.
   */
  readonly worst: (UnitRef & { readonly accuracy_drop: number }) | null;
  readonly dead: number;
  readonly units: number;
}

/**
 * `resample`: how many donors each sample gets · `optimal`: the samples it was fitted on (indices into the data; the
 * run measures the others) and the constant of each unit, by site.
 */
export type ClampRecord =
  | { readonly operator: 'resample'; readonly draws: number }
  | {
      readonly operator: 'optimal';
      readonly fitted_on: readonly number[];
      readonly constants: Readonly<Record<string, readonly number[]>>;
    };

/** `run.json`. */
export interface RunRecord {
  readonly format: 'neuron-deletion-run';
  readonly version: 1;
  /** Name of the run directory. */
  readonly id: string;
  /** What the user calls it, if anything. */
  readonly name?: string;
  /** ISO 8601. */
  readonly created: string;
  readonly finished: string | null;
  readonly status: RunStatus;
  readonly error: string | null;
  readonly spec: StudySpec;
  readonly model: { readonly path: string; readonly sha256: string; readonly format: string };
  readonly data: {
    readonly path: string;
    readonly sha256: string;
    readonly labels_path: string | null;
    readonly labels_sha256: string | null;
    /** Where the values of further inputs are; `sha256` is over all then. */
    readonly more_paths?: readonly string[];
    readonly samples: number;
    readonly shape: readonly number[];
    readonly dtype: string;
  };
  readonly versions: { readonly neuron_deletion: string; readonly tfjs: string; readonly node: string };
  readonly backend: BackendInfo;
  readonly seed: number;
  readonly preprocessing: {
    readonly chosen: Scale;
    readonly by: 'auto' | 'user';
    readonly candidates: readonly ScaleTrial[];
  };
  readonly baseline: Baseline;
  readonly classes: readonly string[];
  /** The file that names the classes, where there is one, and how its names were matched to the labels. */
  readonly class_names?: { readonly path: string; readonly note: string | null };
  /** What a reader should know of labels and classes, a sentence each. */
  readonly notes?: readonly string[];
  readonly sites: readonly SiteInfo[];
  readonly excluded: readonly ExcludedSite[];
  /** Samples of each round; they add up to `baseline.samples`. */
  readonly rounds: { readonly samples: readonly number[]; readonly done: number };
  /**
   * Pairs (unit, sample) whose two best scores were closer than `bound` (times the larger score's size, at
   * least 1) and were decided by the plain full forward pass at batch size `batch`.
   */
  readonly near_ties: { readonly bound: number; readonly batch: number; readonly pairs: number };
  /** What pass 0 chose for the operators that choose; null for `zero` and `mean`. */
  readonly clamp: ClampRecord | null;
  /** How each site was computed, by its name; sites not run yet are missing. */
  readonly ways: Readonly<Record<string, string>>;
  readonly headline: Headline | null;
  /** Of a run of cumulative curves, which has no units: what was asked for, and the figures. */
  readonly curves?: CurvesPart;
  /** The same of noise curves. */
  readonly noise?: NoisePart;
  /** The same of pairs of units. */
  readonly pairs?: PairsPart;
  /** Seconds that the sweep was expected to take, found by trying before it began; null before that. */
  readonly estimate: number | null;
  /** Seconds of computing, over all sessions of this run. */
  readonly seconds: number;
}

/** How far a study is. `seconds_left` is null until it can be told. */
export interface Progress {
  readonly phase:
    | 'reading'
    | 'preprocessing'
    | 'baseline'
    | 'measures'
    | 'sweep'
    | 'ranking'
    | 'measuring'
    | 'training'
    | 'checking'
    | 'writing';
  /** Which network of several it is at, in a few words: `0.4 corrupted, seed 2`. */
  readonly network?: string;
  /** 0 … 1. */
  readonly fraction: number;
  /** Rounds finished, and in all (0 before the sweep). */
  readonly round: number;
  readonly rounds: number;
  readonly seconds_left: number | null;
}

/** What a network gives on each of some samples. */
export interface SampleOutputs {
  /** `[samples]`: predicted class. */
  readonly predicted: Int32Array;
  /** `[samples, classes]`. */
  readonly probabilities: Float32Array;
}

/**
 * The network with a set of units deleted together, on samples of the study. Where the operator draws (`resample`),
 * counts and losses are means over the draws.
 */
export interface Evaluation {
  readonly deleted: readonly UnitRef[];
  readonly operator: Operator;
  readonly correct: number;
  readonly samples: number;
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  /** Recall of each class; null for a class without samples. */
  readonly recalls: readonly (number | null)[];
  readonly flips_to_wrong: number;
  readonly flips_to_right: number;
  /** The network as it is, on the same samples. */
  readonly before: {
    readonly correct: number;
    readonly accuracy: number;
    readonly loss: number;
    readonly recalls: readonly (number | null)[];
  };
  /** `[classes, classes]` each, rows true, columns predicted; null where the answer is from the run's table. */
  readonly confusion: { readonly before: Float64Array; readonly after: Float64Array } | null;
  /** What each sample gives, `indices` being places in the data; null where it was not asked for. */
  readonly per_sample: {
    readonly indices: Int32Array;
    /** The true classes. */
    readonly labels: Int32Array;
    readonly before: SampleOutputs;
    readonly after: SampleOutputs;
  } | null;
  /** Some samples, those that flipped first; absent where they were not asked for. */
  readonly examples?: readonly Example[];
}
