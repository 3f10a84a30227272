import type { LayerInfo } from '../../protocol/study';
import type { Operation } from './network';

/** The layers that operations are the parts of, each once, in the order in which they are first computed. */
export function layersOf(operations: readonly Operation[]): LayerInfo[] {
  const layers = new Map<string, LayerInfo>();
  for (const { name: own, type, shape, layer } of operations) {
    const name = layer?.name ?? own;
    const known = layers.get(name);
    // What a layer gives is what the last of its parts gives.
    const parameters = layer?.parameters ?? null;
    layers.set(name, { ...(known ?? { name, type, parameters }), shape: shape.slice(1) });
  }
  return [...layers.values()];
}
