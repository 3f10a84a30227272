import type { Tensor } from '@tensorflow/tfjs-core';
import type { Algebra, Makes, Shape } from '../../../core/network/network';
import type { GraphNode } from './graphDef';

/** What a node of a graph computes: see `Operation` in core/network. */
export interface NodeKind {
  readonly algebra: Algebra;
  readonly makes: Makes;
  readonly hindrance: string | null;
}

/** A node that computes one row a sample, while it is written down as an operation. */
export interface NodeCall {
  readonly node: GraphNode;
  readonly inputs: readonly NodeInput[];
  readonly shape: Shape;
  /** Hands over a tensor that was made for an algebra, to be freed with the network. */
  own(tensor: Tensor): Tensor;
}

/** One input of a node: a constant, the output of an operation, or neither (a size). */
export interface NodeInput {
  readonly constant: Tensor | null;
  /** Id of the operation. */
  readonly id: string | null;
  /** Of an operation's output; empty for others. */
  readonly shape: Shape;
}

/** An operation that makes no units. */
export function plainKind(algebra: Algebra): NodeKind {
  return { algebra, makes: null, hindrance: null };
}

/** The numbers of a constant input; null where it is none. */
export function numbersAt(call: NodeCall, index: number): number[] | null {
  const constant = call.inputs.at(index)?.constant;
  return constant == null ? null : Array.from(constant.dataSync<'float32'>(), Number);
}

/** Are the values of a node laid out with their channels first? */
export function keepsChannelsFirst({ attributes }: GraphNode): boolean {
  return (attributes.text('data_format') ?? 'NHWC').startsWith('NC');
}

/** Is one shape the other? */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.join() === b.join();
}
