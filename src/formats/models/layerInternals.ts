import type { Tensor, serialization } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/**
 * The parts of tfjs-layers' objects that reading a graph needs and its types hide. tfjs-layers is frozen at
 * 4.22, so they do not move.
 */
export interface LayerObject {
  name: string;
  getClassName(): string;
  getConfig(): serialization.ConfigDict;
  call(inputs: Tensor | Tensor[], kwargs: Record<string, unknown>): Tensor | Tensor[];
  countParams(): number;
  inboundNodes: LayerNode[];
  weights: { name: string; originalName: string; read(): Tensor }[];
  /** Dense, convolutions and Activation; recurrent layers have more than one. */
  activation?: ActivationObject;
  maskZero?: boolean;
}

export interface ActivationObject {
  getClassName(): string;
  apply(x: Tensor): Tensor;
}

/** One call of a layer. */
export interface LayerNode {
  id: number;
  outboundLayer: LayerObject;
  callArgs?: Record<string, unknown> | null;
  inputTensors: SymbolicTensor[];
  outputTensors: SymbolicTensor[];
}

/** A model, or a model used as a layer. */
export interface ContainerObject extends LayerObject {
  inputs: SymbolicTensor[];
  outputs: SymbolicTensor[];
  layers: LayerObject[];
  /** Empty in a Sequential model that was not built. */
  nodesByDepth: Record<string, LayerNode[]>;
  build(inputShape?: SymbolicTensor['shape']): void;
  dispose(): unknown;
}

/** Is this layer a whole model? */
export function isContainer(layer: LayerObject): layer is ContainerObject {
  return 'nodesByDepth' in layer;
}
