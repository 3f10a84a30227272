/**
 * `correlations.json`: how the measures of a run relate, site by site. Spearman's rank correlation over the units of
 * a site; intervals are bootstrap percentile intervals at 95 %. Null where fewer than three units have both measures,
 * or one of them does not vary.
 */
export interface RunCorrelations {
  readonly format: 'neuron-deletion-correlations';
  readonly version: 1;
  readonly seed: number;
  readonly sites: readonly SiteCorrelations[];
}

/** How the measures of one site's units relate. */
export interface SiteCorrelations extends CorrelationMatrix {
  readonly site: string;
  readonly units: number;
  /** How well importance on one half of the samples agrees with importance on the other; by measure. */
  readonly reliability: Readonly<Record<string, Reliability>>;
}

/** Rank correlations of some measures with each other, symmetric: `[row][column]`, both in the order of `measures`. */
export interface CorrelationMatrix {
  readonly measures: readonly string[];
  readonly rho: readonly (readonly (number | null)[])[];
  readonly low: readonly (readonly (number | null)[])[];
  readonly high: readonly (readonly (number | null)[])[];
  /** Units that have both measures. */
  readonly pairs: readonly (readonly number[])[];
  /** Times the units were drawn anew for the intervals. */
  readonly resamples: number;
}

/** Split-half reliability of a measure over the units of a site. */
export interface Reliability {
  /** Spearman's ρ between the two halves; null where it is undefined. */
  readonly halves: number | null;
  /** What it would be of all samples, by Spearman and Brown: 2r / (1 + r); r itself where r ≤ 0. */
  readonly full: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the measure is told well enough for the absence of a relation to mean anything. */
  readonly verdict: 'reliable' | 'too few samples' | 'unknown';
}
