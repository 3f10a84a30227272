import type { EngineProcess } from '../../engineProcess';
import type { ListedRun } from '../../comparison';

/** What the answers of tools are made from; VS Code is behind it. */
export interface ToolWorkspace {
  /** The workspace folders on disk. */
  readonly roots: readonly string[];
  /** The files that stand for the models of the workspace. */
  models(): Promise<readonly string[]>;
  /** All runs of the workspace, the newest first. */
  runs(): Promise<readonly ListedRun[]>;
  /** Asks the engine. */
  readonly request: EngineProcess['request'];
  /** Why a run no longer stands for its files; null where it does. */
  readonly stale: (run: NonNullable<ListedRun['record']>) => Promise<string | null>;
}

/** A number as a language model is told it: six digits; null where it is not known. */
export function figure(value: number | null | undefined): number | null {
  return value === null || value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(6));
}
