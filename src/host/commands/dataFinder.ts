import { stat } from 'node:fs/promises';
import type { DataCandidate } from '../../protocol/study';
import type { EngineProcess } from '../engineProcess';
import { findData } from '../workspaceFiles';

/** Looks into the data files of the workspace; a file that did not change is looked into once. */
export class DataFinder {
  private readonly known = new Map<
    string,
    { readonly stamp: string; readonly candidates: readonly DataCandidate[] }
  >();

  constructor(private readonly engine: EngineProcess) {}

  /**
   * Finds labelled data in the workspace, one file after another.
   * @param found called after each file with all that was found so far, and how many files there are
   */
  async search(
    found: (candidates: readonly DataCandidate[], done: number, files: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const files = await findData();
    const all: DataCandidate[] = [];
    for (const [index, { fsPath }] of files.entries()) {
      // What cannot be read as labelled data is not offered; chosen by hand it says why.
      all.push(...(await this.inspect(fsPath, signal).catch(() => [])));
      if (signal.aborted) return;
      found(all, index + 1, files.length);
    }
  }

  /**
   * All ways to read labelled data out of one file.
   * @throws Failure when it holds none
   */
  async inspect(path: string, signal?: AbortSignal): Promise<readonly DataCandidate[]> {
    const before = await stamp(path);
    const known = this.known.get(path);
    if (known?.stamp === before) return known.candidates;
    const options = signal === undefined ? {} : { signal };
    const candidates = await this.engine.request('inspectData', { path }, options);
    this.known.set(path, { stamp: before, candidates });
    return candidates;
  }
}

async function stamp(path: string): Promise<string> {
  const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
  return `${mtimeMs} ${size}`;
}
