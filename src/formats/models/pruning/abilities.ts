import type { Freedom } from '../../../core/prune/channels';
import type { Operation } from '../../../core/network/network';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerObject } from '../layerInternals';
import type { LayersSource } from '../layersSource';

/** Layers with weights whose widths are a setting, or follow from what they read. */
const FREE = new Set([
  'Dense',
  'Conv1D',
  'Conv2D',
  'Conv3D',
  'DepthwiseConv2D',
  'SeparableConv2D',
  'Embedding',
  'SimpleRNN',
  'GRU',
  'LSTM',
  'BatchNormalization',
  'PReLU',
]);

/** How far the layer that an operation is a part of can be changed for its sake. */
export function freedomOf(source: LayersSource, operation: Operation): Freedom {
  const call = source.operations.get(operation.id);
  // A model's input.
  if (call === undefined) return 'free';
  const { layer, calls } = call;
  if (calls > 1) return 'fixed';
  const kernel = mainWeight(operation);
  if (kernel !== null && weightIndex(layer, kernel) < 0) return 'fixed';
  if (operation.algebra.kind === 'recurrent' && operation.inputs.length > 1) return 'numbers';
  return layer.weights.length === 0 || FREE.has(layer.getClassName()) ? 'free' : 'numbers';
}

/** Can the weights of an operation be set so that a channel is this value whatever comes in? */
export function canSet(source: LayersSource, operation: Operation, value: number): boolean {
  const call = source.operations.get(operation.id);
  if (call === undefined) return false;
  const freedom = freedomOf(source, operation);
  if (freedom === 'fixed') return false;
  const { algebra } = operation;
  switch (algebra.kind) {
    case 'dense':
    case 'convolution':
    case 'depthwise':
      return value === 0 || algebra.bias !== null || freedom === 'free';
    case 'embedding':
      return true;
    case 'recurrent':
      return value === 0;
    case 'affine':
      return ['gamma', 'beta'].every((part) => partIndex(call.layer, part) >= 0);
    default:
      return false;
  }
}

/** Does a layer that makes no units have one of each of its numbers a channel? */
export function isOneAChannel(layer: LayerObject): boolean {
  return ['BatchNormalization', 'PReLU'].includes(layer.getClassName());
}

/** The kernel or table of an operation; null where it has none. */
export function mainWeight({ algebra }: Operation): Tensor | null {
  if (algebra.kind === 'embedding') return algebra.table;
  return 'kernel' in algebra ? algebra.kernel : null;
}

/** Which of a layer's weights this is; −1: none. */
export function weightIndex(layer: LayerObject, tensor: Tensor | null): number {
  return layer.weights.findIndex((weight) => weight.read() === tensor);
}

/** Which of a layer's weights has a name that ends so; −1: none. */
export function partIndex(layer: LayerObject, part: string): number {
  return layer.weights.findIndex(({ originalName }) => originalName.endsWith(`/${part}`));
}
