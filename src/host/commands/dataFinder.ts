import { stat } from 'node:fs/promises';
import type { DataCandidate, ModelInfo } from '../../protocol/study';
import type { EngineProcess } from '../engineProcess';
import { findData } from '../workspaceFiles';

/** Looks into the data files of the workspace; for one model, a file that did not change is looked into once. */
export class DataFinder {
  private readonly known = new Map<
    string,
    { readonly stamp: string | null; readonly candidates: readonly DataCandidate[] }
  >();

  constructor(private readonly engine: EngineProcess) {}

  /**
   * Finds labelled data in the workspace, one file after another.
   * @param wanted the model that it is for: near its file is looked first, and its inputs say to what size pictures are
   *   brought; null where it is for none
   * @param found called after each file with all that was found so far, and how many files there are
   */
  async search(
    wanted: { readonly path: string; readonly reading: Promise<ModelInfo> } | null,
    found: (candidates: readonly DataCandidate[], done: number, files: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const [sources, model] = await Promise.all([findData(wanted?.path ?? null), wanted?.reading]);
    const all = new Map<string, DataCandidate>();
    for (const [index, source] of sources.entries()) {
      // What cannot be read as labelled data is not offered; chosen by hand it says why.
      for (const candidate of await this.inspect(source, model ?? { inputs: [] }, signal).catch(() => [])) {
        const { data, labels, label_column } = candidate;
        // A folder and the one above it may both lead to the same pictures.
        all.set(JSON.stringify([data, labels, label_column]), candidate);
      }
      if (signal.aborted) return;
      found([...all.values()], index + 1, sources.length);
    }
  }

  /**
   * All ways to read labelled data for a model out of one file or folder.
   * @throws Failure when it holds none
   */
  async inspect(
    path: string,
    { inputs }: Pick<ModelInfo, 'inputs'>,
    signal?: AbortSignal,
  ): Promise<readonly DataCandidate[]> {
    const before = await stampOf(path);
    const key = JSON.stringify([path, inputs]);
    const known = before === null ? undefined : this.known.get(key);
    if (known?.stamp === before) return known.candidates;
    const options = signal === undefined ? {} : { signal };
    const candidates = await this.engine.request('inspectData', { path, inputs }, options);
    this.known.set(key, { stamp: before, candidates });
    return candidates;
  }
}

/** Changes when a file does; null for a folder, of which only a look at all its files would tell. */
async function stampOf(path: string): Promise<string | null> {
  const stats = await stat(path).catch(() => null);
  if (stats === null || stats.isDirectory()) return null;
  return `${stats.mtimeMs} ${stats.size}`;
}
