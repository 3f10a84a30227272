/** One model of a comparison; a line of `compare.csv`. NaN: not known. */
export interface ComparedModel {
  /** Its name in the comparison. */
  readonly model: string;
  readonly baseline_accuracy: number;
  /** Mean over the random orderings of the area under the accuracy. */
  readonly auc: number;
  /** Over the orderings, n − 1. */
  readonly auc_sd: number;
  /** (AUC − chance) / (baseline − chance). */
  readonly auc_relative: number;
  /** Share of the units after which the mean curve is half way down to chance; NaN where it never is. */
  readonly half_fraction: number;
  /** Accuracy lost without the most important unit, chosen on one half and measured on the other. */
  readonly worst_unit_drop: number;
  readonly dead_units: number;
}

/** What a verdict rests on, beside a model's line. */
export interface ComparedRobustness extends ComparedModel {
  /** Relative AUC of each random ordering; empty where the model is no better than chance. */
  readonly orderings: readonly number[];
}

/** What a comparison comes to, in words, with its evidence. */
export interface Verdict {
  /** `difference`: one withstands deletion better · `none`: no difference was found · `unknown`: it cannot be told. */
  readonly kind: 'difference' | 'none' | 'unknown';
  readonly text: string;
  /** The models that withstand deletion least and best, where they differ. */
  readonly fragile: string | null;
  readonly robust: string | null;
  /** Relative AUC of the robust one less that of the fragile one, with its 95 % interval over orderings. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** The same of the models with the least and the largest relative AUC, alike or not; null where it cannot be told. */
  readonly evidence: {
    readonly weakest: string;
    readonly strongest: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  } | null;
}
