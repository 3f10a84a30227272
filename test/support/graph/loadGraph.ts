import { readFile } from 'node:fs/promises';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { tensor, type NamedTensorMap } from '@tensorflow/tfjs-core';
import { asModelJson, readWeights } from '../../../src/formats/models/modelFiles';
import { uniforms } from '../seeded';

/** A graph model as stock tfjs-converter loads it: what all our ways are held against. */
export async function loadGraph(file: string): Promise<GraphModel> {
  const json = asModelJson(JSON.parse(await readFile(file, 'utf8')), file);
  const weightData = await readWeights(json, file);
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => [...weights]);
  const { signature } = json as { signature?: object };
  return loadGraphModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        weightSpecs,
        weightData,
        ...(signature === undefined ? {} : { signature }),
      }),
  });
}

/** Seeded samples for the inputs of a graph model, by the placeholders' names; numbers of words where it takes such. */
export function samplesFor({ inputs }: GraphModel, samples: number): NamedTensorMap {
  return Object.fromEntries(
    inputs.map(({ name, shape = [], dtype }, index) => {
      const sizes = [samples, ...shape.slice(1)];
      const values = uniforms(
        sizes.reduce((n, size) => n * size, 1),
        3 + index,
      );
      const isWord = dtype === 'int32';
      const data = Float32Array.from(values, (value) => (isWord ? Math.floor(value * 20) : value * 4 - 2));
      return [name, tensor(data, sizes, isWord ? 'int32' : 'float32')];
    }),
  );
}
