import type { TrainingRecord } from '../../protocol/training';
import { listTrainings } from '../../runs/listTrainings';
import type { RunningTraining, Trainings } from '../trainings';
import { workspaceRoots } from '../workspaceFiles';

/** An experiment of the workspace: on disk, being carried out, or both. */
export interface TrainingNode {
  readonly kind: 'training';
  readonly directory: string;
  readonly record: TrainingRecord | null;
  /** Null where it is not being carried out now. */
  readonly running: RunningTraining | null;
  /** Why the record on disk cannot be read. */
  readonly problem: string | null;
}

/** All experiments of the workspace, the newest first. */
export async function findTrainings({ running }: Trainings): Promise<TrainingNode[]> {
  const entries = (await Promise.all(workspaceRoots().map(listTrainings))).flat();
  const found = entries.map((entry): TrainingNode => ({
    kind: 'training',
    ...entry,
    running: entry.directory === running?.directory ? running : null,
  }));
  if (running === null || found.some(({ directory }) => directory === running.directory)) return found;
  const { directory } = running;
  return [{ kind: 'training', directory, record: null, running, problem: null }, ...found];
}
