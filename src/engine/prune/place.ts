import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LayersModelBytes } from '../../formats/models/layersModelBytes';
import type { PruneReport, PruneStep } from '../../protocol/prune';
import { placeFiles, refuseExisting } from '../../runs/placeFiles';
import { pruneCsv, pruneJson } from '../../runs/pruneFiles';

/** The files of a saved model: the one that stands for it, its weights, what was done, and the search. */
const MODEL = 'model.json';
const SHARD = 'group1-shard1of1.bin';
const REPORT = 'prune.json';
const CURVE = 'prune.csv';

/**
 * @param replace nothing is refused then
 * @throws Failure if a file of a saved model stands in the folder already
 */
export function refuseStanding(directory: string, replace: boolean): void {
  if (!replace) refuseExisting(directory, [MODEL, SHARD, REPORT, CURVE]);
}

/**
 * A name for the weights, another than that of weights that are there: so that the model that is replaced is whole
 * until the new one takes its place.
 */
export function shardName(directory: string): string {
  let name = SHARD;
  for (let n = 2; existsSync(path.join(directory, name)); n++) name = `group${String(n)}-shard1of1.bin`;
  return name;
}

/**
 * Puts a saved model into its folder, and takes away what is left of one that it replaces.
 * @param steps of a search; null where there was none
 * @returns the path of `model.json`
 * @throws Failure where it cannot be written
 */
export async function placeModel(
  directory: string,
  { json, weights, shard }: LayersModelBytes,
  report: PruneReport,
  steps: readonly PruneStep[] | null,
): Promise<string> {
  const files = new Map<string, string | Uint8Array>([[shard, weights]]);
  if (steps !== null) files.set(CURVE, pruneCsv(steps));
  files.set(REPORT, pruneJson(report)).set(MODEL, json);
  const stale = [...(await shardsIn(directory)), CURVE].filter((name) => !files.has(name));
  await placeFiles(directory, files);
  for (const name of stale) await rm(path.join(directory, name), { force: true });
  return path.join(directory, MODEL);
}

/** The weights of the model that stands in a folder, as far as they are beside it. */
async function shardsIn(directory: string): Promise<string[]> {
  try {
    const text = await readFile(path.join(directory, MODEL), 'utf8');
    const { weightsManifest = [] } = JSON.parse(text) as { weightsManifest?: { paths: string[] }[] };
    return weightsManifest.flatMap(({ paths }) => paths).filter((name) => path.basename(name) === name);
  } catch {
    return [];
  }
}
