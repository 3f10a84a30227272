import type { Network } from '../../core/network/network';
import { nonStockLayer } from '../../formats/models/pruning/stockLayers';
import { sourceOf, type LayersSource } from '../../formats/models/layersSource';
import { Failure } from '../../protocol/failure';

/**
 * The layers model that a network was read from.
 * @throws Failure where it is of another kind, or uses a layer that TensorFlow.js itself does not have
 */
export function layersOf(network: Network, file: string): LayersSource {
  const source = sourceOf(network);
  if (source === null) {
    throw new Failure(
      `${file} is a graph model, which has no layers that could be made smaller; save a layers model of it (a .keras file or a TensorFlow.js layers model) without these neurons.`,
      { file },
    );
  }
  const layer = nonStockLayer(source.topology);
  if (layer === null) return source;
  throw new Failure(
    `${file} uses the layer ${layer}, which TensorFlow.js does not have, so that it cannot be saved as a model that TensorFlow.js loads.`,
    { file },
  );
}
