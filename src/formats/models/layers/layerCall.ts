import type { Tensor } from '@tensorflow/tfjs-core';
import type { Algebra, Loop, Makes, Shape } from '../../../core/network/network';
import type { LayerObject } from '../layerInternals';

/** What is known of an operation made from a layer: see `Operation` in core/network. */
export interface LayerKind {
  readonly algebra: Algebra;
  readonly makes: Makes;
  readonly hindrance: string | null;
}

/** One operation of a layer's call. */
export interface Part extends LayerKind {
  /** Goes after the call's id: '' for what the layer itself gives, else such as `/linear`. */
  readonly at: string;
  /** Goes after the layer's name, where the part is a site of its own: `/forward`. */
  readonly name?: string;
  /** Ids of the values it reads. */
  readonly inputs: readonly string[];
  readonly shape: Shape;
  readonly run: (inputs: readonly Tensor[]) => Tensor;
  readonly loop?: Loop;
}

/** A call of a layer, while it is written down as operations. */
export interface LayerCall {
  readonly layer: LayerObject;
  /** The model's file, for messages. */
  readonly file: string;
  /** What the layer's `call` takes besides its inputs, at inference. */
  readonly kwargs: Record<string, unknown>;
  /** Ids of its inputs' values, and their shapes. */
  readonly inputs: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  /** Adds an operation and gives its id. */
  add(part: Part): string;
  /** Hands over a tensor that was made for an algebra, to be freed with the network. */
  own(tensor: Tensor): Tensor;
}

/** An operation that is simply run, and makes no units. */
export const OPAQUE: LayerKind = { algebra: { kind: 'opaque' }, makes: null, hindrance: null };

/** The first of an operation's inputs. */
export function first<T>(values: readonly T[]): T {
  const value = values[0];
  if (value === undefined) throw new Error('An operation without an input');
  return value;
}

/** One output of a layer's call. */
export function pick(result: Tensor | Tensor[], index: number): Tensor {
  if (!Array.isArray(result)) return result;
  const value = result[index];
  if (value === undefined) throw new Error(`A layer has no output ${String(index)}`);
  return value;
}
