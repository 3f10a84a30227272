import type { LayersModel } from '@tensorflow/tfjs-layers';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { layersModelBytes } from './layersModelBytes';

const SHARD = 'group1-shard1of1.bin';

/**
 * Writes a model as a TensorFlow.js layers model: `model.json` and one shard of weights beside it, each put in
 * place by rename, `model.json` last, so that a reader never finds half a file.
 *
 * @param model left as it is
 * @param folder made when it is not there
 * @returns the path of `model.json`
 */
export async function writeLayersModel(model: LayersModel, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'model.json');
  const { json, weights } = await layersModelBytes(model, SHARD);
  await writeByRename(path.join(folder, SHARD), weights);
  await writeByRename(file, json);
  return file;
}

async function writeByRename(file: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, content);
  await rename(unfinished, file);
}
