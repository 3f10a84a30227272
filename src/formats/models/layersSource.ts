import type { Network } from '../../core/network/network';
import type { ContainerObject, LayerNode, LayerObject } from './layerInternals';

/** A model's or a layer's description, in the words of Keras: `class_name`, `config`. */
export interface LayerJson {
  readonly class_name: string;
  readonly name?: string;
  config: Record<string, unknown>;
  inbound_nodes?: InboundNode[];
}

/** The layers of a model's description, in order. */
export function listOf(json: LayerJson): LayerJson[] {
  return json.config['layers'] as LayerJson[];
}

/** What one call of a layer reads: name of the layer, number of its call, number of its output, and settings. */
export type InboundNode = (readonly [string, number, number, ...unknown[]])[];

/** The call of a layer that an operation is a part of. */
export interface OperationSource {
  readonly container: ContainerObject;
  readonly node: LayerNode;
  readonly layer: LayerObject;
  /** The operation's output is the layer's. */
  readonly isOutput: boolean;
  /** How often the layer is called in the whole model. */
  readonly calls: number;
  /** How often the model around it is. */
  readonly around: number;
}

/** The model of tfjs-layers that a network was read from. Its layers have lost their activations. */
export interface LayersSource {
  /** As it was before, as tfjs-layers saves it. */
  readonly topology: LayerJson;
  readonly container: ContainerObject;
  readonly operations: ReadonlyMap<string, OperationSource>;
  /** The models inside it, each time they are called, and the operations that they are called on. */
  readonly inlined: readonly { readonly container: ContainerObject; readonly inputs: readonly string[] }[];
}

const sources = new WeakMap<Network, LayersSource>();

/** Notes what a network was read from. */
export function keepSource(network: Network, source: LayersSource): void {
  sources.set(network, source);
}

/** The layers model that a network was read from; null for other networks. It lives as long as the network. */
export function sourceOf(network: Network): LayersSource | null {
  return sources.get(network) ?? null;
}
