/** A line of the published replication: AUC with the sd over orderings, and accuracies. */
export interface PublishedLine {
  readonly corrupted: number;
  readonly auc: number;
  readonly auc_sd: number;
  /** Accuracy with a tenth and with half of the units deleted. */
  readonly tenth: number;
  readonly half: number;
  /** Accuracy under noise of 0.37 and of 0.85 standard deviations. */
  readonly noise37: number;
  readonly noise85: number;
}

/** Where {@link PUBLISHED} comes from. */
export const PUBLISHED_SOURCE =
  'growlix/single_directions_replication: MNIST, 60,000 training images, 784-512-512-10, all 1024 hidden units ' +
  'deleted in random order, 20 points, 10 orderings, accuracy on training images; one network a fraction';

/** That replication's figures (science.md, "A published baseline to hold against"). */
export const PUBLISHED: readonly PublishedLine[] = [
  { corrupted: 0, auc: 0.735, auc_sd: 0.034, tenth: 0.994, half: 0.839, noise37: 0.995, noise85: 0.932 },
  { corrupted: 0.2, auc: 0.343, auc_sd: 0.033, tenth: 0.641, half: 0.294, noise37: 0.686, noise85: 0.38 },
  { corrupted: 0.4, auc: 0.305, auc_sd: 0.012, tenth: 0.592, half: 0.248, noise37: 0.553, noise85: 0.301 },
  { corrupted: 0.6, auc: 0.269, auc_sd: 0.011, tenth: 0.517, half: 0.208, noise37: 0.517, noise85: 0.269 },
  { corrupted: 0.8, auc: 0.24, auc_sd: 0.006, tenth: 0.441, half: 0.178, noise37: 0.449, noise85: 0.237 },
  { corrupted: 1, auc: 0.238, auc_sd: 0.005, tenth: 0.446, half: 0.181, noise37: 0.451, noise85: 0.23 },
];
