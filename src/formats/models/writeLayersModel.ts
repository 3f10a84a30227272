import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

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
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const weights = tf.io.CompositeArrayBuffer.join(artifacts.weightData);
      const json: tf.io.ModelJSON = {
        format: 'layers-model',
        generatedBy: artifacts.generatedBy ?? 'TensorFlow.js',
        convertedBy: null,
        modelTopology: artifacts.modelTopology as tf.io.ModelJSON['modelTopology'],
        weightsManifest: [{ paths: [SHARD], weights: artifacts.weightSpecs ?? [] }],
      };
      await writeByRename(path.join(folder, SHARD), new Uint8Array(weights));
      await writeByRename(file, JSON.stringify(json, null, 1) + '\n');
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  return file;
}

async function writeByRename(file: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, content);
  await rename(unfinished, file);
}
