import type { Operator, StudySpec, UnitRef } from './study';

/** How a site's units left the model. */
export const REMOVALS = ['removed', 'kept as constants', 'outgoing weights zeroed'] as const;
export type Removal = (typeof REMOVALS)[number];

/** Saves a model without some units. */
export interface PruneParams {
  readonly spec: StudySpec;
  /** The units to save it without; or how far to go, least important first. */
  readonly choice:
    | { readonly kind: 'units'; readonly deleted: readonly UnitRef[] }
    /** Goes on while the accuracy stays at or above this share (0 … 1) of the baseline. */
    | { readonly kind: 'keep_accuracy'; readonly share: number };
  /** Where the model is left: `model.json`, its shards, `prune.json`, `prune.csv`. */
  readonly directory: string;
  /** A model that stands there already is replaced; without it that is a failure, and nothing is changed. */
  readonly replace: boolean;
}

/** One step of a search for units that can go: a line of `prune.csv`. */
export interface PruneStep {
  readonly units_deleted: number;
  /** Trainable numbers of the model without them. */
  readonly parameters: number;
  /** On the samples that choose, and on those held back; shares. */
  readonly accuracy: number;
  readonly held_back_accuracy: number;
}

/** What was done to one site. */
export interface PrunedSite {
  readonly site: string;
  readonly units: number;
  readonly deleted: readonly number[];
  readonly removal: Removal;
  /** Why they are not structurally gone; null where they are. */
  readonly reason: string | null;
}

/** What `prune.json` says. Accuracies are shares; speeds are medians, milliseconds for 1,000 samples. */
export interface PruneReport {
  readonly model: string;
  readonly sha256: string;
  readonly operator: Operator;
  readonly seed: number;
  readonly units_before: number;
  readonly units_after: number;
  readonly parameters_before: number;
  readonly parameters_after: number;
  readonly bytes_before: number;
  readonly bytes_after: number;
  /** On all the data given. */
  readonly samples: number;
  readonly accuracy_before: number;
  readonly accuracy_after: number;
  /** On the half that did not choose; null where the units were given. */
  readonly held_back_samples: number | null;
  readonly held_back_before: number | null;
  readonly held_back_after: number | null;
  /** Largest difference of an output between the saved model and the network with these units deleted. */
  readonly max_output_difference: number;
  readonly speed_before: number;
  readonly speed_after: number;
  /** True where every deleted unit is structurally gone. */
  readonly structural: boolean;
  readonly sites: readonly PrunedSite[];
}

/** How a saving ended. Cancelled: nothing was written. */
export type PruneResult =
  | {
      readonly kind: 'complete';
      readonly report: PruneReport;
      /** Of the search; empty where the units were given. */
      readonly steps: readonly PruneStep[];
      /** `model.json`. */
      readonly file: string;
    }
  | { readonly kind: 'cancelled' };
