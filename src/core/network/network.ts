import type { Tensor } from '@tensorflow/tfjs-core';

/** A shape with its batch axis first; null where a size is free. */
export type Shape = readonly (number | null)[];

/**
 * What is known of an operation beyond that it can be run. The fast ways of computing an ablation read it;
 * `opaque` operations are simply run. Tensors belong to the network.
 */
export type Algebra =
  | { readonly kind: 'input' }
  /** y = x · kernel + bias over the last axis; kernel `[in, units]`. */
  | { readonly kind: 'dense'; readonly kernel: Tensor; readonly bias: Tensor | null }
  /** Cross-correlation; kernel `[…window, in, units]`, channels last. */
  | {
      readonly kind: 'convolution';
      readonly kernel: Tensor;
      readonly bias: Tensor | null;
      readonly strides: readonly number[];
      readonly dilations: readonly number[];
      readonly padding: 'same' | 'valid' | 'causal';
    }
  /** One window a channel; kernel `[height, width, in, multiplier]`, units = in · multiplier. */
  | {
      readonly kind: 'depthwise';
      readonly kernel: Tensor;
      readonly bias: Tensor | null;
      readonly strides: readonly number[];
      readonly dilations: readonly number[];
      readonly padding: 'same' | 'valid' | 'causal';
    }
  /** Table look-up; table `[words, units]`. */
  | { readonly kind: 'embedding'; readonly table: Tensor }
  /** y = x · scale + offset, each channel on its own: batch norm, bias. `[channels]`; null: 1, or 0. */
  | { readonly kind: 'affine'; readonly scale: Float32Array | null; readonly offset: Float32Array | null }
  /** The same function of every element, `name` as Keras calls it; not linear. */
  | { readonly kind: 'pointwise'; readonly name: string; readonly rectifier: Rectifier | null }
  /** Passes its input on unchanged at inference: dropout, noise, a linear activation. */
  | { readonly kind: 'identity' }
  /** Softmax over the last axis, or its logarithm. */
  | { readonly kind: 'softmax' }
  /** Over positions, each channel on its own; a global pooling leaves no positions. */
  | { readonly kind: 'pooling'; readonly how: 'max' | 'average'; readonly global: boolean }
  /**
   * Moves elements, changes none. `flatten`: to one axis, in row-major order · `spatial`: moves, repeats, drops
   * or pads with zeros along positions only, alike in every channel · `any`: some other way.
   */
  | { readonly kind: 'reshape'; readonly moves: 'flatten' | 'spatial' | 'any' }
  /**
   * A state fed back over time steps; see {@link Operation.loop}. kernel `[in, gates · units]`, recurrentKernel
   * `[units, gates · units]`, bias `[gates · units]`: one block of columns a gate.
   */
  | {
      readonly kind: 'recurrent';
      readonly gates: number;
      readonly kernel: Tensor;
      readonly recurrentKernel: Tensor;
      readonly bias: Tensor | null;
    }
  | { readonly kind: 'add' }
  | { readonly kind: 'multiply' }
  /** Along `axis`, counted from the front, the batch axis being 0. */
  | { readonly kind: 'concatenate'; readonly axis: number }
  | { readonly kind: 'opaque' };

/** y = slope · x where x < 0, else min(x, most): ReLU has slope 0 and no most (Infinity). */
export interface Rectifier {
  readonly slope: number;
  readonly most: number;
}

/**
 * Runs a recurrent operation step by step, `each` being given the state h_t `[batch, units]` of step t and giving
 * the state that is both output and fed back.
 */
export type Loop = (inputs: readonly Tensor[], each: (state: Tensor, step: number) => Tensor) => Tensor;

/** What sort of units an operation makes along its last axis, if it makes any. */
export type Makes = 'dense' | 'convolution' | 'depthwise convolution' | 'embedding' | 'recurrent' | null;

/** One operation of a network, with one output tensor. */
export interface Operation {
  /** `path@call`, unique in the network; the part before a fused activation ends in `/linear`. */
  readonly id: string;
  /** The layer or graph node whose output this is, as sites are named: `conv`, `conv@1`, … */
  readonly name: string;
  /** Class of the layer, for people: `Conv2D`. */
  readonly type: string;
  /** The layer that it is a part of, and how many numbers that has learned; absent where nobody asks. */
  readonly layer?: { readonly name: string; readonly parameters: number };
  /** Ids of the operations whose outputs it reads. */
  readonly inputs: readonly string[];
  readonly shape: Shape;
  readonly algebra: Algebra;
  readonly makes: Makes;
  /** Why its units cannot be ablated, a sentence without a subject; null where they can. */
  readonly hindrance: string | null;
  /**
   * Computes the output from the inputs' values, at inference. May return one of the inputs.
   * The caller disposes what is new.
   */
  run(inputs: readonly Tensor[]): Tensor;
  /**
   * Recurrent operations only, whose output is the states of all steps `[batch, time, units]` in the order in which
   * they are computed: their units are clamped at every step, before the state is fed back.
   */
  readonly loop?: Loop;
}

/**
 * Where class scores are read.
 * `softmax`: scores are logits, one a class · `sigmoid`: one logit, two classes ·
 * `logits`: as softmax, the network ends without one · `probabilities`: one probability a class.
 */
export type HeadKind = 'softmax' | 'sigmoid' | 'logits' | 'probabilities';

/** One of a model's outputs. */
export interface NetworkOutput {
  /** The layer (or graph node) it comes from. */
  readonly name: string;
  /** Id of the operation. */
  readonly id: string;
  /** How many classes it tells apart; null where it gives no score for each class. */
  readonly classes: number | null;
}

/** The output that names the class. */
export interface Head {
  readonly kind: HeadKind;
  /** Id of the operation whose output `[batch, classes]` (`[batch, 1]` for a sigmoid) holds the scores. */
  readonly scores: string;
  /** Id of the network's output itself. */
  readonly output: string;
  readonly classes: number;
}

/** A network, whatever file it came from: operations in topological order. */
export interface Network {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** Ids of the input operations, in the order in which values are given; most networks have one. */
  readonly inputs: readonly string[];
  /** All outputs, the head's among them. */
  readonly outputs: readonly NetworkOutput[];
  readonly head: Head;
  readonly parameters: number;
  /** Frees the weights; the network cannot be run afterwards. */
  dispose(): void;
}

/** The operation with this id. */
export function operationOf(network: Network, id: string): Operation {
  const operation = network.operations.find((o) => o.id === id);
  if (operation === undefined) throw new Error(`No operation ${id} in ${network.name}`);
  return operation;
}

/** Shape of one sample at an input, without the batch axis. */
export function inputShape(network: Network, id: string): Shape {
  return operationOf(network, id).shape.slice(1);
}

/** Ids of the operations that read each operation's output. An operation reading it twice is listed twice. */
export function consumersOf(operations: readonly Operation[]): Map<string, Operation[]> {
  const consumers = new Map<string, Operation[]>(operations.map((o) => [o.id, []]));
  for (const operation of operations) {
    for (const input of operation.inputs) consumers.get(input)?.push(operation);
  }
  return consumers;
}
