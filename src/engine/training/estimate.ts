import type { ExperimentPlan, PlannedLine, PlannedNetwork } from '../../core/training/experiments/plan';
import { scoreClassifier } from '../../core/training/scoreClassifier';
import { trainClassifier } from '../../core/training/trainClassifier';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingEstimate } from '../../protocol/training';
import type { ExperimentData } from './experimentData';
import { tensorOf, untrained } from './trainNetwork';

/** Steps of training that are timed, after as many that are not. */
const TIMED_STEPS = 6;

/** How long a machine takes, in seconds. */
export interface Pace {
  /** One step of training. */
  readonly step: number;
  /** One pass over all samples trained on. */
  readonly pass: number;
}

/** Seconds of an experiment, network by network. */
export interface Workload {
  readonly training: readonly number[];
  /** Of each line of each network. */
  readonly measuring: readonly (readonly number[])[];
}

/** What one point of a curve, one noise level, and all units cost, in whole passes; and each run beside, in seconds. */
const CURVE_POINT = 0.45;
const NOISE_POINT = 1.5;
const UNITS = 30;
const RUN_SECONDS = 0.5;
/** How much longer a curve takes under an operator, and a sweep. */
const OPERATOR_COST = { zero: 1, mean: 1, resample: 5, optimal: 2 } as const;
const NOISE_SCALES = 15;

/** What an experiment takes at a pace. */
export function workloadOf(plan: ExperimentPlan, samples: number, { step, pass }: Pace): Workload {
  const training = ({ training }: PlannedNetwork): number =>
    training.expected * Math.ceil(samples / training.batch) * step;
  const measuring = ({ operator }: PlannedLine): number => {
    const runs = 1 + (plan.noise > 0 ? 1 : 0) + (plan.units === null ? 0 : 1);
    const passes =
      OPERATOR_COST[operator] *
        (plan.curves.orderings * plan.curves.points * CURVE_POINT + (plan.units === null ? 0 : UNITS)) +
      plan.noise * NOISE_SCALES * NOISE_POINT;
    return runs * RUN_SECONDS + passes * pass;
  };
  return {
    training: plan.networks.map(training),
    measuring: plan.networks.map((network) => network.lines.map(measuring)),
  };
}

/** Sum of a workload, as it is told. */
export function estimateOf({ training, measuring }: Workload): TrainingEstimate {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    networks: training.length,
    seconds: sum(training) + sum(measuring.map(sum)),
  };
}

/** Trains and runs the last of the networks planned, which is the costliest, for a moment. */
export async function measurePace(
  plan: ExperimentPlan,
  data: ExperimentData,
  signal: AbortSignal,
): Promise<Pace> {
  const network = plan.networks[plan.networks.length - 1]!;
  const { batch, optimizer } = network.training;
  const size = data.shape.reduce((product, length) => product * length, 1);
  const count = Math.min(data.train.labels.length, batch);
  const part = { ...data.train, scaled: data.train.scaled.subarray(0, count * size), labels: data.train.labels.slice(0, count) }; // prettier-ignore
  const x = tensorOf(part, data.shape);
  const model = untrained(network, data);
  try {
    const common = { model, x, y: part.labels, optimizer, batch, seed: 0, signal };
    const times: number[] = [];
    let began = performance.now();
    for await (const _ of trainClassifier({
      ...common,
      epochs: 2 * TIMED_STEPS,
      scoreEvery: 2 * TIMED_STEPS,
    })) {
      times.push((performance.now() - began) / 1000);
      began = performance.now();
    }
    const timed = times.slice(TIMED_STEPS, -1);
    const step = timed.reduce((sum, seconds) => sum + seconds, 0) / timed.length;
    began = performance.now();
    scoreClassifier(model, x, part.labels);
    const pass = (((performance.now() - began) / 1000) * data.train.labels.length) / count;
    return { step, pass };
  } finally {
    tf.dispose(x);
    model.dispose();
  }
}
