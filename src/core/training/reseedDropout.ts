import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import { seedFrom } from '../random';

type Layer = layers.Layer;

/**
 * Gives every dropout layer the mask of one training step. tfjs's own `dropout({ seed })` draws the same mask at
 * every call, which is no dropout at all; a mask that belongs to (seed, step, layer) is both random and repeatable.
 */
export function reseedDropout(model: LayersModel, seed: number): void {
  for (const layer of model.layers) {
    if (layer.getClassName() === 'Dropout') {
      (layer as Layer & { seed: number }).seed = seedFrom(seed, layer.name);
    } else if ('layers' in layer) {
      reseedDropout(layer as unknown as LayersModel, seedFrom(seed, layer.name));
    }
  }
}
