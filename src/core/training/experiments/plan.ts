import type { Measure, Operator } from '../../../protocol/study';
import type { OptimizerSpec } from '../trainClassifier';

/** A network to be trained: everything that decides its weights, beside the data. */
export interface PlannedNetwork {
  /** Its folder, `c0.2-s1`. */
  readonly name: string;
  /** For people, `0.2 corrupted, seed 1`. */
  readonly title: string;
  readonly seed: number;
  readonly net: 'mlp' | 'convnet';
  readonly hidden: readonly number[];
  /** Sites whose units are deleted; null: all. */
  readonly sites: readonly string[] | null;
  /** Share of each hidden layer that a training step drops. */
  readonly dropout: number;
  readonly batchNorm: boolean;
  /** Share of the images whose labels are shuffled among them. */
  readonly corrupted: number;
  readonly training: TrainingPlan;
  /** What is measured, in this order. */
  readonly lines: readonly PlannedLine[];
}

/** How long and how a network is trained. */
export interface TrainingPlan {
  readonly optimizer: OptimizerSpec;
  readonly batch: number;
  /** At most so many. */
  readonly epochs: number;
  /** Ends the training as soon as the network gets this share of its labels right; null: never. */
  readonly until: number | null;
  /** How many epochs it will probably take, for the estimate. */
  readonly expected: number;
}

/** A line of `networks.csv`: a network as it is after some epochs, under an operator. */
export interface PlannedLine {
  readonly name: string;
  readonly title: string;
  readonly setting: string;
  /** After so many epochs; null: at the end. Lines of a network come in the order of their epochs. */
  readonly epoch: number | null;
  readonly operator: Operator;
  /** What tells the settings apart, as numbers. */
  readonly figures: Readonly<Record<string, number>>;
}

/** An experiment: what is trained, and what is measured of each line. */
export interface ExperimentPlan {
  readonly networks: readonly PlannedNetwork[];
  /** Images to train on and to test on, class-stratified; null: all. */
  readonly samples: { readonly train: number; readonly test: number } | null;
  /** Networks with less training accuracy are left out; null: none is. */
  readonly leastAccuracy: number | null;
  /** Random orderings, at so many points. */
  readonly curves: { readonly orderings: number; readonly points: number };
  /** Repeats of every scale; 0: no noise is measured. */
  readonly noise: number;
  /** What is measured of every unit, beside importance and selectivity; null: units are not deleted one by one. */
  readonly units: readonly Measure[] | null;
}

/** All lines with their networks, in order. */
export function linesOf(
  plan: ExperimentPlan,
): { readonly network: PlannedNetwork; readonly line: PlannedLine }[] {
  return plan.networks.flatMap((network) => network.lines.map((line) => ({ network, line })));
}
