import type { Tensor } from '@tensorflow/tfjs-core';
import type { GraphNode } from './graphDef';

/** Elements that one value of a graph may have while its shapes are found, which is on a few samples. */
export const MOST_ELEMENTS = 2 ** 27;

/**
 * At least how many elements a node's output has, told before it is run: a small file may ask for any size. Of most
 * operations no more than their inputs have, or 0.
 */
export function claimedElements({ op, attributes }: GraphNode, inputs: readonly Tensor[]): number {
  const [x, y] = inputs;
  if (x === undefined) return 0;
  const numbers = (index: number): number[] => {
    const input = inputs[index];
    return input === undefined || input.size > MOST_LISTED
      ? []
      : Array.from(input.dataSync<'float32'>(), Number);
  };
  switch (op) {
    case 'Fill':
      return product(numbers(0));
    case 'Tile':
      return x.size * product(numbers(1));
    case 'BroadcastTo':
    case 'EnsureShape':
      return product(numbers(1));
    case 'Pad':
    case 'PadV2':
    case 'MirrorPad':
      return padded(x.shape, numbers(1));
    case 'SpaceToBatchND':
      return padded(x.shape.slice(1), numbers(2)) * x.shape[0];
    case 'ResizeBilinear':
    case 'ResizeNearestNeighbor':
      return product(numbers(1)) * x.shape[0] * (x.shape[3] ?? 1);
    case 'CropAndResize':
      return product(numbers(3)) * (y?.shape[0] ?? 1) * (x.shape[3] ?? 1);
    case 'ImageProjectiveTransformV3':
      return product(numbers(2)) * x.shape[0] * (x.shape[3] ?? 1);
    case 'OneHot':
      return x.size * product(numbers(1));
    case 'Range': {
      const [start = 0, limit = 0, step = 1] = [numbers(0)[0], numbers(1)[0], numbers(2)[0]];
      return Math.abs((limit - start) / step);
    }
    case 'LinSpace':
      return product(numbers(2));
    case 'Conv2DBackpropInput':
    case 'ScatterNd':
      return product(numbers(op === 'ScatterNd' ? 2 : 0));
    case 'Bincount':
    case 'DenseBincount':
      return product(numbers(1)) * x.shape[0];
    case 'MatMul':
    case '_FusedMatMul':
    case 'BatchMatMul':
    case 'BatchMatMulV2':
      return product(outer(x.shape, y?.shape ?? []));
    case 'Einsum':
      return x.size * (y?.size ?? 1) > MOST_ELEMENTS
        ? einsumElements(attributes.text('equation'), inputs)
        : 0;
    case 'GatherV2':
    case 'Gather':
    case 'GatherNd':
      return (y?.size ?? 1) * product(x.shape.slice(1));
    case 'Conv1D':
    case 'Conv2D':
    case '_FusedConv2D':
    case 'Conv3D':
      return windowed(x, attributes.numbers('explicit_paddings')) * (y?.shape.at(-1) ?? 1);
    case 'DepthwiseConv2d':
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2dNative':
    case 'MaxPool':
    case 'AvgPool':
      return (
        windowed(x, attributes.numbers('explicit_paddings')) * (x.shape.at(-1) ?? 1) * (y?.shape.at(-1) ?? 1)
      );
    default:
      return inputs.length === 2 || inputs.length === 3 ? product(broadcast(inputs)) : 0;
  }
}

/** Numbers read from a list of sizes; longer ones are no such lists. */
const MOST_LISTED = 64;

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * Math.abs(size), 1);
}

function padded(shape: readonly number[], margins: readonly number[]): number {
  return product(
    shape.map((size, axis) => size + Math.abs(margins[2 * axis] ?? 0) + Math.abs(margins[2 * axis + 1] ?? 0)),
  );
}

/** Places of a window over the input, all channels left out. */
function windowed(x: Tensor, margins: readonly number[]): number {
  return padded(x.shape.slice(0, -1), margins);
}

/** Sizes of a product of matrices, however they are turned. */
function outer(a: readonly number[], b: readonly number[]): number[] {
  const least = (shape: readonly number[]): number => {
    const [rows = 1, columns = 1] = shape.slice(-2);
    const shared = [b, a].flatMap((other) => other.slice(-2));
    return shared.includes(columns) ? rows : columns;
  };
  return [...broadcastShapes([a.slice(0, -2), b.slice(0, -2)]), least(a), least(b)];
}

function broadcast(inputs: readonly Tensor[]): number[] {
  return broadcastShapes(inputs.map(({ shape }) => shape));
}

function broadcastShapes(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)),
  );
}

function einsumElements(equation: string | undefined, inputs: readonly Tensor[]): number {
  const [terms = '', result = ''] = (equation ?? '').split('->');
  const sizes = new Map<string, number>();
  terms.split(',').forEach((term, index) => {
    [...term.trim()].forEach((letter, axis) => sizes.set(letter, inputs[index]?.shape[axis] ?? 1));
  });
  return product([...result.trim()].map((letter) => sizes.get(letter) ?? 1));
}
