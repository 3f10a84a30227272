/**
 * One independent part of a study: some units of one site, each ablated on one slice of the samples.
 * Its counts and sums add up with those of all other pieces, in any order.
 */
export interface PieceKey {
  /** Index of the site among the study's sites. */
  readonly site: number;
  readonly first_unit: number;
  readonly units: number;
  /** Index of the slice of samples. */
  readonly slice: number;
}

/**
 * What a piece measured. Arrays hold one entry a unit, `class_correct` is `[units, classes]`. Counts are over all
 * draws of the operator: with `draws` draws every sample counts so many times.
 */
export interface PieceResult extends PieceKey {
  readonly round: number;
  /** Which stratified half of the data the slice belongs to. */
  readonly half: 0 | 1;
  readonly samples: number;
  readonly draws: number;
  readonly ablated_correct: Int32Array;
  /** Right at baseline and wrong when ablated. */
  readonly flips_to_wrong: Int32Array;
  readonly flips_to_right: Int32Array;
  /** Sum over samples of (draws turned wrong − draws turned right)². */
  readonly net_squares: Float64Array;
  /** Sum over samples and draws of the ablated cross-entropy, nats. */
  readonly loss_sum: Float64Array;
  readonly class_correct: Int32Array;
  /** Decided by the plain full forward pass. */
  readonly near_ties: Int32Array;
}
