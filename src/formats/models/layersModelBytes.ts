import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';

/** The two files of a TensorFlow.js layers model. */
export interface LayersModelBytes {
  /** `model.json`. */
  readonly json: string;
  /** The one shard of weights, and its name. */
  readonly weights: Uint8Array;
  readonly shard: string;
}

/**
 * What a layers model is on disk.
 * @param model left as it is
 * @param shard name of the file with the weights
 */
export async function layersModelBytes(model: LayersModel, shard: string): Promise<LayersModelBytes> {
  const found: LayersModelBytes[] = [];
  await model.save(
    io.withSaveHandler((artifacts) => {
      const json: io.ModelJSON = {
        format: 'layers-model',
        generatedBy: artifacts.generatedBy ?? 'TensorFlow.js',
        convertedBy: null,
        modelTopology: artifacts.modelTopology as io.ModelJSON['modelTopology'],
        weightsManifest: [{ paths: [shard], weights: artifacts.weightSpecs ?? [] }],
      };
      const weights = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData));
      found.push({ json: `${JSON.stringify(json, null, 1)}\n`, weights, shard });
      return Promise.resolve({ modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) });
    }),
  );
  return found[0]!;
}

/** Loads a layers model from what it is on disk, as TensorFlow.js itself does; the caller disposes it. */
export function loadLayersModelBytes({ json, weights }: LayersModelBytes): Promise<LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(json) as io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const weightData = weights.slice().buffer;
  return loadLayersModel({
    load: () => Promise.resolve({ modelTopology, weightSpecs, weightData }),
  });
}
