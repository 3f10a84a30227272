import type { RunRecord } from '../../protocol/run';
import { listRuns } from '../../runs/runRecord';
import { aucOf } from '../runFigures';
import type { Studies } from '../studies';
import type { Study } from '../study';
import { workspaceRoots } from '../workspaceFiles';

/** A run of the workspace: on disk, being made, or both. */
export interface RunNode {
  readonly directory: string;
  readonly record: RunRecord | null;
  readonly study: Study | null;
  /** Area under its curves, or under those of the same study; null where there are none. */
  readonly auc: number | null;
  /** Why the record on disk cannot be read. */
  readonly problem: string | null;
}

/** All runs of the workspace, the newest first. */
export async function findRuns(studies: Studies): Promise<RunNode[]> {
  const entries = (await Promise.all(workspaceRoots().map(listRuns))).flat();
  entries.sort((a, b) => (b.record?.created ?? '').localeCompare(a.record?.created ?? ''));
  const records = entries.flatMap(({ record }) => record ?? []);
  const found = entries.map((entry) => ({
    ...entry,
    study: studies.find(entry.directory) ?? null,
    auc: entry.record === null ? null : aucOf(entry.record, records),
  }));
  const onDisk = new Set(entries.map(({ directory }) => directory));
  const starting = studies.all().filter((study) => study.running && !onDisk.has(study.directory));
  const nodes = starting.map((study) => ({
    directory: study.directory,
    record: null,
    study,
    auc: null,
    problem: null,
  }));
  return [...nodes, ...found];
}
