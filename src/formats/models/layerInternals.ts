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
  weights: WeightObject[];
  /** Dense, convolutions and Activation; recurrent layers have theirs in the cell. */
  activation?: ActivationObject;
  maskZero?: boolean;
}

export interface WeightObject {
  name: string;
  originalName: string;
  read(): Tensor;
}

export interface ActivationObject {
  getClassName(): string;
  /** Of those that this program registered. */
  readonly settings?: Readonly<Record<string, unknown>>;
  apply(x: Tensor): Tensor;
}

/** SimpleRNN, GRU, LSTM, and an RNN around a cell. */
export interface RecurrentObject extends LayerObject {
  cell: CellObject;
  returnSequences: boolean;
  returnState: boolean;
  goBackwards: boolean;
  stateful: boolean;
}

/** One step of a recurrent layer. */
export interface CellObject {
  getClassName(): string;
  units: number;
  kernel: WeightObject;
  recurrentKernel: WeightObject;
  bias: WeightObject | null;
  activation: ActivationObject;
  /** GRU and LSTM. */
  recurrentActivation: ActivationObject;
}

/** Two recurrent layers, one of which reads the sequence from its end. */
export interface BidirectionalObject extends LayerObject {
  forwardLayer: RecurrentObject;
  backwardLayer: RecurrentObject;
  mergeMode: 'concat' | 'sum' | 'ave' | 'mul' | null;
  returnSequences: boolean;
  returnState: boolean;
}

/** A layer called on every step of a sequence. */
export interface TimeDistributedObject extends LayerObject {
  layer: LayerObject;
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
