import path from 'node:path';
import type { ExperimentPlan, PlannedLine, PlannedNetwork } from '../../core/training/experiments/plan';
import { NOISE_SCALES } from '../../protocol/curves';
import type { AnalyzeEvent, AnalyzeResult, StoredRun } from '../../protocol/engine';
import { Cancelled } from '../../protocol/failure';
import type { Progress } from '../../protocol/run';
import type { Scale, StudySpec } from '../../protocol/study';
import type { TrainedNetwork } from '../../protocol/training';
import {
  finishedRun,
  trainingRunPath,
  type MeasuredNetwork,
  type TrainingRun,
} from '../../runs/trainingDirectory';
import type { Session } from '../session';
import { networkPaths, TRAIN_DATA, type TrainedModel } from './networkFiles';

/** What measures networks. */
export type Measurer = Pick<Session, 'hello' | 'curves' | 'noise' | 'analyze'>;

/** What of a line is measured, and how. */
interface Step {
  readonly kind: TrainingRun;
  readonly phase: Progress['phase'];
  readonly start: (on: (event: AnalyzeEvent) => void) => Promise<AnalyzeResult>;
}

/** Where a line of an experiment is measured. */
export interface LineSetting {
  readonly directory: string;
  readonly plan: ExperimentPlan;
  readonly network: PlannedNetwork;
  readonly line: PlannedLine;
  readonly scale: Scale;
  /** Of the experiment: the same orderings for all networks. */
  readonly seed: number;
}

/**
 * Measures a trained network on what it was trained on: curves, noise, every unit, each in a run directory of its own.
 * What is finished already is left as it is.
 *
 * @param tell told of the share that is done
 * @throws Cancelled
 */
export async function measureNetwork(
  setting: LineSetting,
  measurer: Measurer,
  tell: (phase: Progress['phase'], share: number) => void,
  signal: AbortSignal,
): Promise<Omit<MeasuredNetwork, 'network'>> {
  const steps = stepsOf(setting, measurer, signal);
  const found: Partial<Record<TrainingRun, StoredRun>> = {};
  for (const [k, { kind, phase, start }] of steps.entries()) {
    const place = trainingRunPath(setting.directory, setting.line.name, kind);
    if ((await finishedRun(place)) === null) {
      const result = await start((event) => {
        // What comes before is short.
        if (event.event !== 'progress' || event.progress.phase !== phase) return;
        tell(phase, (k + event.progress.fraction) / steps.length);
      });
      if (result.kind !== 'complete') throw new Cancelled();
    }
    const run = await finishedRun(place);
    if (run !== null) found[kind] = run;
    tell(phase, (k + 1) / steps.length);
  }
  return { curves: found.curves ?? null, noise: found.noise ?? null, units: found.units ?? null };
}

function stepsOf(setting: LineSetting, measurer: Measurer, signal: AbortSignal): Step[] {
  const { directory, plan, line } = setting;
  const spec = specOf(setting);
  const at = (kind: TrainingRun): { spec: StudySpec; directory: string; accept_chance: true } => ({
    spec,
    directory: trainingRunPath(directory, line.name, kind),
    accept_chance: true,
  });
  const { orderings, points } = plan.curves;
  const options = {
    orders: ['random'],
    directions: [],
    orderings,
    points,
    each: false,
    train: null,
  } as const;
  const steps: Step[] = [
    {
      kind: 'curves',
      phase: 'measuring',
      start: (on) => measurer.curves({ ...at('curves'), options }, on, signal),
    },
  ];
  if (plan.noise > 0) {
    const noise = { scales: NOISE_SCALES, repeats: plan.noise };
    steps.push({
      kind: 'noise',
      phase: 'measuring',
      start: (on) => measurer.noise({ ...at('noise'), options: noise }, on, signal),
    });
  }
  const { units } = plan;
  if (units !== null) {
    steps.push({
      kind: 'units',
      phase: 'sweep',
      start: (on) => measurer.analyze({ ...at('units'), spec: { ...spec, measures: units } }, on, signal),
    });
  }
  return steps;
}

/** The study of a line: on the data it was trained on, with the labels it learned. */
function specOf({ directory, network, line, scale, seed }: LineSetting): StudySpec {
  const paths = networkPaths(network, line);
  return {
    model: path.join(directory, paths.model),
    data: path.join(directory, TRAIN_DATA),
    labels: path.join(directory, paths.labels),
    scale,
    operator: line.operator,
    seed,
    ...(network.sites === null ? {} : { sites: network.sites }),
  };
}

/**
 * The line of `networks.csv` of a network.
 * @param leftOut why it is not measured; null where it is
 */
export function networkLine(
  network: PlannedNetwork,
  line: PlannedLine,
  trained: TrainedModel,
  runs: Omit<MeasuredNetwork, 'network'> | null,
  leftOut: string | null,
): TrainedNetwork {
  const paths = networkPaths(network, line);
  const summary = runs?.curves?.record.curves?.summary[0];
  return {
    network: line.name,
    model: paths.model,
    labels: paths.labels,
    seed: network.seed,
    setting: line.setting,
    train_accuracy: trained.train_accuracy,
    test_accuracy: trained.test_accuracy,
    train_loss: trained.train_loss,
    test_loss: trained.test_loss,
    epochs: trained.epochs,
    auc: summary?.auc ?? null,
    auc_sd: summary?.auc_sd ?? null,
    auc_relative: summary?.auc_relative ?? null,
    included: leftOut === null,
    left_out: leftOut,
    measures: {
      ...line.figures,
      ...(typeof summary?.half_fraction === 'number' ? { half_fraction: summary.half_fraction } : {}),
      ...unitMeans(runs?.units ?? null),
    },
  };
}

/** Means over the units of a network; of selectivity over those where it has its meaning. */
function unitMeans(run: StoredRun | null): Record<string, number> {
  if (run === null) return {};
  const { columns } = run.table;
  const isMeant = columns.selectivity.map((value, row) =>
    columns.selectivity_valid[row] === 1 ? value : NaN,
  );
  const { headline } = run.record;
  const means = {
    selectivity: mean(isMeant),
    mutual_information: mean(columns.mutual_information),
    mutual_information_corrected: mean(columns.mutual_information_corrected),
    mean_accuracy_drop: mean(columns.accuracy_drop),
    worst_unit_drop: headline?.worst?.accuracy_drop ?? NaN,
    dead_units: headline?.dead ?? NaN,
  };
  return Object.fromEntries(Object.entries(means).filter(([, value]) => !Number.isNaN(value)));
}

/** Of the numbers among some; NaN where there are none. */
function mean(values: Float64Array): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
