import type { ComparedModel, Verdict } from '../../protocol/compare';
import type {
  CurvePoint,
  CurvesPart,
  CurveSummary,
  NoisePart,
  NoisePoint,
  PairRow,
  PairsPart,
} from '../../protocol/curves';
import type { TrainingEstimate, TrainingFinding, TrainedNetwork } from '../../protocol/training';
import type { PrunedSite, PruneReport, PruneStep } from '../../protocol/prune';
import type { BackendInfo, Baseline, Headline, Progress } from '../../protocol/run';
import type { ModelInfo } from '../../protocol/study';
import type { UnitColumn } from '../../protocol/units';
import type { RankedUnit } from '../../runs/summary';

/** A description of every field of a type: one that is added there is missing here, and the compiler says so. */
type Fields<T> = Readonly<Record<keyof T & string, string>>;

/** Lines on stderr. */
export const PROGRESS: Fields<Progress> = {
  phase:
    'what is being done: reading, preprocessing, baseline, measures, sweep, ranking, measuring, training, checking or writing',
  network: 'which network of several, in a few words; absent where there is one',
  fraction: 'share done, 0 … 1; at most one line a hundredth',
  round: 'finished rounds or steps',
  rounds: 'rounds or steps in all; 0 before they are known',
  seconds_left: 'seconds that are left, or null',
};
export const ESTIMATE: Fields<TrainingEstimate> = {
  networks: 'networks to train and measure',
  seconds: 'seconds it will take on this machine',
};

export const BACKEND: Fields<BackendInfo> = {
  name: 'tfjs-node or wasm',
  tensorflow: 'version of TensorFlow, or null',
  threads: 'threads it computes on',
  onednn: 'oneDNN on or off; null where it does not apply',
  fallback: 'why it is not native, in a sentence; null where it is',
};
export const BASELINE: Fields<Baseline> = {
  correct: 'samples classified right',
  samples: 'samples in all',
  accuracy: 'correct / samples',
  balanced_accuracy: 'mean recall of the classes',
  loss: 'mean cross-entropy, nats',
  per_class: 'of each class: class, samples, correct, recall, precision (null where undefined)',
};
export const HEADLINE: Fields<Headline> = {
  text: 'the result in a sentence',
  worst:
    'site, unit and accuracy_drop of the most important neuron, chosen on one half and measured on the other; null where none stands out',
  dead: 'neurons that never fire',
  units: 'neurons in all',
};
export const TOP_UNIT: Fields<Omit<RankedUnit, 'row'> & { flips_to_wrong: number; flips_to_right: number }> =
  {
    site: 'its site',
    unit: 'its number, from 0',
    accuracy_drop: 'accuracy lost without it',
    drop_low: 'lower end of the 95 % interval',
    drop_high: 'upper end',
    loss_increase: 'mean loss gained, nats',
    max_class_drop: 'recall lost by the class that loses most',
    max_class: 'that class, its index',
    selectivity: 'class selectivity index, 0 … 1',
    preferred_class: 'the class it answers most',
    within_noise: '1: not told from no effect; 0: told',
    flips_to_wrong: 'samples that turn wrong without it',
    flips_to_right: 'samples that turn right',
  };
export const CURVE_SUMMARY: Fields<CurveSummary> = {
  data: 'test (--data) or train (--train-data)',
  sites: 'names of the sites, joined by +',
  order: 'the order of deletion',
  direction: 'ascending or descending; empty for a random order',
  repeats: 'orderings it is the mean of',
  baseline_accuracy: 'accuracy with nothing deleted',
  chance: 'share of the largest class',
  auc: 'area under the accuracy, mean over the orderings',
  auc_sd: 'its standard deviation over them (n − 1); null for one',
  auc_share: 'AUC / baseline accuracy',
  auc_relative: '(AUC − chance) / (baseline − chance); null where that is undefined',
  half_fraction:
    'share of the neurons after which the mean curve is half way down to chance; null where it never is',
};
export const CURVES_PART: Fields<CurvesPart> = {
  options: 'what was asked for: orders, directions, orderings, points, each, train',
  ranked_on: 'samples that ranked orders were chosen on; 0 where none was',
  measured_on: 'samples that all curves were measured on',
  train_measured_on: 'those of the training data, or null',
  train: 'path, hashes and scale of the training data, or null',
  ordering_seeds: 'seed of each random ordering',
  greedy: 'neurons in the order a greedy search found',
  summary: 'one object a kind of curve',
};
export const NOISE_PART: Fields<NoisePart> = {
  options: 'scales and repeats',
  chance: 'share of the largest class',
  summary: 'of each scale: scale (standard deviations), accuracy, accuracy_sd (null for one repeat), loss',
};
export const PAIRS_PART: Fields<PairsPart> = {
  options: 'top: how many neurons',
  units: 'of each neuron: site, unit, loss_increase, accuracy_drop',
  accuracy_drops: 'accuracy lost without both, in the order of rows',
};
export const COMPARED: Fields<ComparedModel> = {
  model: 'its name in the comparison',
  baseline_accuracy: 'accuracy with nothing deleted',
  auc: 'area under the accuracy while random neurons are deleted, mean over the orderings',
  auc_sd: 'its standard deviation over them (n − 1)',
  auc_relative: '(AUC − chance) / (baseline − chance)',
  half_fraction:
    'share of the neurons after which the mean curve is half way down to chance; empty where it never is',
  worst_unit_drop:
    'accuracy lost without the most important neuron, chosen on one half and measured on the other',
  dead_units: 'neurons that never fire',
};
export const VERDICT: Fields<Verdict> = {
  kind: 'difference, none, or unknown',
  text: 'the verdict in words, with its evidence and limits',
  fragile: 'the model that withstands deletion least, or null',
  robust: 'the one that withstands it best, or null',
  evidence:
    'weakest, strongest, value, low and high: the models of the least and the largest relative AUC and their difference, alike or not; null where it cannot be told',
  difference: 'value, low and high: difference of the relative AUC with its 95 % interval, or null',
};
export const NETWORK: Fields<TrainedNetwork> = {
  network: 'its name',
  model: 'its file in the directory',
  labels: 'the labels it learned, likewise',
  seed: 'the seed of its weights and batches',
  setting: 'what tells settings apart: share of corrupted labels, dropout rate, epoch, operator',
  train_accuracy: 'accuracy on what it was trained on',
  test_accuracy: 'accuracy on data it was not trained on',
  train_loss: 'cross-entropy there, nats',
  test_loss: 'cross-entropy on the other data, nats',
  epochs: 'times it saw the training data',
  auc: 'area under the accuracy while random neurons are deleted',
  auc_sd: 'its standard deviation over the orderings',
  auc_relative: '(AUC − chance) / (baseline − chance)',
  included: 'false where it is left out of the findings',
  left_out: 'why; null where it is not',
  measures: 'what else was measured of it, by name',
};
export const FINDING: Fields<TrainingFinding> = {
  claim: 'what the paper says',
  expected: 'what that leads one to expect here',
  measured: 'what came out',
  holds: 'true, false, or null where it cannot be told',
};
export const PRUNED: Fields<PruneReport> = {
  model: 'path of the model',
  sha256: 'its hash',
  operator: 'what deleted neurons are set to',
  seed: 'the seed',
  units_before: 'neurons of the model',
  units_after: 'neurons of the saved one',
  parameters_before: 'trainable numbers of the model',
  parameters_after: 'of the saved one',
  bytes_before: 'size of the files of the model',
  bytes_after: 'of the saved one',
  samples: 'samples of all the data given',
  accuracy_before: 'accuracy on them, of the model',
  accuracy_after: 'of the saved one',
  held_back_samples: 'samples that did not choose; null where the neurons were given',
  held_back_before: 'accuracy on these, of the model, or null',
  held_back_after: 'of the saved one, or null',
  max_output_difference:
    'largest difference of an output between the saved model and the network with these neurons deleted',
  speed_before: 'milliseconds for 1,000 samples, median, of the model',
  speed_after: 'of the saved one',
  structural: 'true where every deleted neuron is gone from the weights',
  sites: 'one object a site',
};
export const PRUNED_SITE: Fields<PrunedSite> = {
  site: 'its name',
  units: 'its neurons',
  deleted: 'the numbers of those deleted',
  removal: 'removed, kept as constants, or outgoing weights zeroed',
  reason: 'why they are not removed; null where they are',
};
export const MODEL: Fields<ModelInfo> = {
  path: 'the file',
  format: 'the format, for people',
  producer: 'who wrote the file, or null',
  input: 'shape of the first input; null where a size is free',
  inputs: 'of each input: name, shape',
  classes: 'classes it tells apart',
  class_names: 'their names, where a file beside the model has them',
  outputs: 'of each output: name, classes, chosen',
  parameters: 'trained numbers',
  layers: 'of each layer: name, type, shape, parameters',
  sites: 'of each site: name, units, shape, kind',
  excluded: 'sites that cannot be deleted from: name, reason',
};

/** Columns of the files. */
export const UNITS_CSV: Readonly<
  Record<UnitColumn | 'site' | 'unit' | 'class_drop_0 …' | 'operator', string>
> = {
  site: 'layer (or graph node) the neuron is in',
  unit: 'its number there, from 0',
  n: 'samples it was measured on',
  baseline_correct: 'of them right with nothing deleted',
  ablated_correct: 'right without it (a mean over the draws under resample)',
  flips_to_wrong: 'right before, wrong without it',
  flips_to_right: 'wrong before, right without it',
  accuracy_drop: 'importance: accuracy lost without it',
  drop_low: 'lower end of its 95 % interval',
  drop_high: 'upper end',
  loss_increase: 'mean cross-entropy gained, nats',
  max_class_drop: 'recall lost by the class that loses most',
  max_class: 'that class; −1 if undefined',
  'class_drop_0 …': 'recall lost by each class, one column a class',
  selectivity: 'class selectivity index, 0 … 1',
  preferred_class: 'class with the largest mean activation; −1 if undefined',
  mutual_information: 'between activation and class, bits',
  l1_norm: 'of its incoming weights',
  mean_activation: 'over samples, positions and time steps',
  active_fraction: 'share of samples with any element above 0',
  dead: 'true where it never fires',
  operator: 'what it was set to',
  within_noise: 'true where the effect is not told from none',
  selectivity_valid: 'false where activations below 0 make the index meaningless',
  mutual_information_corrected: 'the same less its bias',
  first_order: 'first-order estimate of the loss increase, nats',
  first_order_abs: 'mean of its absolute value over samples, nats',
  duplicate_of: 'number of the neuron of its site that it repeats; −1 for none',
};
export const CURVES_CSV: Fields<CurvePoint> = {
  model: 'name of the model',
  data: 'test (--data) or train (--train-data)',
  sites: 'names of the sites, joined by +',
  operator: 'what deleted neurons were set to',
  order: 'the order of deletion',
  direction: 'ascending or descending; empty for a random order',
  repeat: 'number of the ordering, from 0',
  units_ablated: 'neurons deleted',
  fraction: 'their share',
  accuracy: 'accuracy left',
  loss: 'mean cross-entropy, nats',
};
export const NOISE_CSV: Fields<NoisePoint> = {
  model: 'name of the model',
  sites: 'names of the sites, joined by +',
  scale: 'size of the noise, in standard deviations of each neuron',
  repeat: 'number of the repeat, from 0',
  accuracy: 'accuracy with the noise',
  loss: 'mean cross-entropy, nats',
};
export const PAIRS_CSV: Fields<PairRow> = {
  site_a: 'site of the first neuron',
  unit_a: 'its number',
  site_b: 'site of the second',
  unit_b: 'its number',
  loss_increase_a: 'loss gained without the first, nats',
  loss_increase_b: 'without the second',
  loss_increase_both: 'without both',
  synergy: 'both − a − b: above 0 they back each other up',
};
export const PRUNE_CSV: Fields<PruneStep> = {
  units_deleted: 'neurons deleted so far',
  parameters: 'trainable numbers left',
  accuracy: 'on the samples that choose',
  held_back_accuracy: 'on those that do not',
};
