import { tensor, type Tensor } from '@tensorflow/tfjs-core';

/** Batch sizes that a graph is tried with: of data the first two, of sizes all three. */
export const BATCHES = [2, 3, 5] as const;

/** What is known of a value while a graph is read. */
export type Value = Constant | Size | Data;

/** Does not depend on any input. */
export interface Constant {
  readonly kind: 'constant';
  readonly tensor: Tensor;
}

/** Depends on the batch size alone, such as the shape that a flattening node reads: base + slope · batch. */
export interface Size {
  readonly kind: 'size';
  readonly shape: readonly number[];
  readonly dtype: Tensor['dtype'];
  readonly base: readonly number[];
  readonly slope: readonly number[];
}

/** Depends on the samples, or has as many rows. */
export interface Data {
  readonly kind: 'data';
  /** Operation of the network; null inside one, where a value is whole numbers or has no row a sample. */
  readonly id: string | null;
  /** What the operation's output is turned into first: the network's inputs are given as they are stored. */
  readonly cast?: 'int32' | 'bool';
  /** Nodes between the network's operations and this value; none where it is an operation itself. */
  readonly steps: readonly Step[];
  /** The value for samples of zeros, in the first two of {@link BATCHES}. */
  readonly probes: readonly [Tensor, Tensor];
}

/** One node as it is run inside an operation. */
export interface Step {
  /** Where the node stands in the graph's order. */
  readonly order: number;
  /** The value it computes. */
  readonly value: string;
  readonly op: string;
  /** Does it turn a matrix before it multiplies? */
  readonly turned: boolean;
  /** Does it move its window by one, over the input as it is? */
  readonly plain: boolean;
  /** The values it reads. */
  readonly inputs: readonly string[];
  readonly run: (inputs: readonly Tensor[]) => Tensor;
}

/** A size at one batch size. */
export function sizeAt({ shape, dtype, base, slope }: Size, batch: number): Tensor {
  return tensor(
    base.map((value, index) => value + slope[index]! * batch),
    [...shape],
    dtype,
  );
}

/** The size that has these values at the {@link BATCHES}; null where it is no straight line. */
export function sizeThrough(values: readonly [Tensor, Tensor, Tensor]): Size | null {
  const [first, second, third] = values.map((each) => Array.from(each.dataSync<'float32'>(), Number)) as [
    number[],
    number[],
    number[],
  ];
  const { shape, dtype } = values[0];
  if (values.some((each) => each.shape.join() !== shape.join())) return null;
  const slope = first.map((value, index) => second[index]! - value);
  const base = first.map((value, index) => value - BATCHES[0] * slope[index]!);
  const isStraight = third.every((value, index) => value === base[index]! + BATCHES[2] * slope[index]!);
  return isStraight ? { kind: 'size', shape, dtype, base, slope } : null;
}
