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
const NOISE_POINT = 2.4;
const UNITS = 6;
const RUN_SECONDS = 0.5;
/** How much longer a curve takes under an operator, and a sweep. */
const OPERATOR_COST = { zero: 1, mean: 1, resample: 6, optimal: 4 } as const;
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
  const count = Math.min(data.train.labels.length, batch);
  const x = tensorOf(data.train, data.shape);
  const first = tf.slice(x, 0, count);
  const model = untrained(network, data);
  const y = data.train.labels;
  try {
    const times: number[] = [];
    let began = performance.now();
    for await (const _ of trainClassifier({
      ...{ model, x: first, y: y.slice(0, count), optimizer, batch, seed: 0, signal },
      epochs: 2 * TIMED_STEPS + 1,
      scoreEvery: 2 * TIMED_STEPS + 1,
    })) {
      times.push((performance.now() - began) / 1000);
      began = performance.now();
    }
    const passes = [0, 1, 2].map(() => {
      const passBegan = performance.now();
      scoreClassifier(model, x, y);
      return (performance.now() - passBegan) / 1000;
    });
    // The first ones warm up, the last of the steps is scored too.
    return { step: median(times.slice(TIMED_STEPS, -1)), pass: Math.min(...passes) };
  } finally {
    tf.dispose([x, first]);
    model.dispose();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
