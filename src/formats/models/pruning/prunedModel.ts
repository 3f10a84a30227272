import { dispose, tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import type { Operation } from '../../../core/network/network';
import type { PrunePlan } from '../../../core/prune/plan';
import type { ValueShapes } from '../../../core/prune/channels';
import { isContainer, type ContainerObject, type LayerObject } from '../layerInternals';
import type { LayersSource } from '../layersSource';
import { putInLayers } from './putIn';
import { newTopology } from './topology';
import { newWeights, type NewWeight } from './weights';

/**
 * Builds the layers model that a plan describes, beside the one that it is made of.
 * @returns a model with weights of its own; the caller disposes it
 * @throws Failure where a site cannot be reached
 */
export async function buildPruned(
  source: LayersSource,
  operations: readonly Operation[],
  plan: PrunePlan,
  shapes: ValueShapes,
): Promise<LayersModel> {
  const weights = newWeights(source, operations, plan);
  const topology = newTopology(source, operations, plan, weights);
  const byPath = new Map<string, readonly NewWeight[]>();
  const names = new Set<string>();
  eachLayer(source.container, '', (layer, path) => {
    names.add(layer.name);
    const own = weights.get(layer);
    if (own !== undefined) byPath.set(path, own);
  });
  const putIn = putInLayers(source, topology, plan, (id) => shapes.get(id)!, names);
  const model = await loadLayersModel(
    {
      load: () =>
        Promise.resolve({
          modelTopology: topology.json as unknown as Record<string, never>,
          weightSpecs: [],
          weightData: new ArrayBuffer(0),
        }),
    },
    { strict: false },
  );
  eachLayer(model as unknown as ContainerObject, '', (layer, path) => {
    const own = putIn.get(layer.name) ?? byPath.get(path);
    if (own !== undefined) setWeights(layer, own);
  });
  return model;
}

/** All layers, those of models inside models too, each with the names on the way to it. */
function eachLayer(
  container: ContainerObject,
  path: string,
  each: (layer: LayerObject, path: string) => void,
): void {
  for (const layer of container.layers) {
    const own = `${path}${layer.name}`;
    if (isContainer(layer)) eachLayer(layer, `${own}/`, each);
    else each(layer, own);
  }
}

function setWeights(layer: LayerObject, weights: readonly NewWeight[]): void {
  const tensors = weights.map(({ shape, values }) => tensor(values, [...shape]));
  try {
    (layer as unknown as { setWeights(values: typeof tensors): void }).setWeights(tensors);
  } finally {
    dispose(tensors);
  }
}
