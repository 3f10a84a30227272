import { Control } from '../../core/control';
import { planOf } from '../../core/training/experiments/planOf';
import type { AnalyzeEvent } from '../../protocol/engine';
import { Cancelled, Failure } from '../../protocol/failure';
import type {
  TrainingEstimate,
  TrainingOptions,
  TrainingParams,
  TrainingResult,
} from '../../protocol/training';
import { createTraining } from '../../runs/trainingFiles';
import { draftTraining, storedTraining } from './draftTraining';
import { estimateOf, measurePace, workloadOf } from './estimate';
import { readExperimentData } from './experimentData';
import { ExperimentTraining } from './experimentTraining';
import type { Measurer } from './measureNetwork';

/**
 * How many networks an experiment trains, and how long that and measuring them will probably take here.
 * @throws Failure if the data cannot be read
 * @throws Cancelled
 */
export async function estimateTraining(
  session: Measurer,
  options: TrainingOptions,
  signal: AbortSignal,
): Promise<TrainingEstimate> {
  await session.hello();
  const plan = planOf(options);
  const data = await readExperimentData(options, plan, new Control(signal));
  const pace = await measurePace(plan, data, signal);
  return estimateOf(workloadOf(plan, data.train.labels.length, pace));
}

/**
 * Carries out an experiment: trains its networks one after another and measures each, all in one directory. A
 * directory that holds this very experiment is continued: networks that are trained, and what is measured of them,
 * stay as they are.
 *
 * @param session what measures the networks
 * @param on told of the progress
 * @throws Failure for bad input, or if every network was left out
 * @throws Cancelled only before the experiment is begun; later a cancel is a result
 */
export async function train(
  session: Measurer,
  { options, directory }: TrainingParams,
  on: (event: AnalyzeEvent) => void,
  signal: AbortSignal,
): Promise<TrainingResult> {
  const { backend } = await session.hello();
  on({
    event: 'progress',
    progress: { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null },
  });
  const plan = planOf(options);
  const stored = await storedTraining(directory, options);
  const data = await readExperimentData(options, plan, new Control(signal));
  if (stored !== null && stored.data.sha256 !== data.sha256) {
    throw new Failure(
      `${options.train.data} has changed since this experiment was begun; choose another folder.`,
      { file: options.train.data },
    );
  }
  const pace = await measurePace(plan, data, signal);
  if (signal.aborted) throw new Cancelled();
  const workload = workloadOf(plan, data.train.labels.length, pace);
  const draft = draftTraining(options, data, backend, estimateOf(workload));
  if (stored === null) await createTraining(directory, draft);
  const record = stored === null ? draft : { ...stored, backend };
  return new ExperimentTraining(
    directory,
    plan,
    data,
    workload,
    { measurer: session, on, signal },
    record,
  ).run();
}
