import type { Algebra } from '../../../core/network/network';
import {
  keepsChannelsFirst,
  numbersAt,
  plainKind,
  sameShape,
  type NodeCall,
  type NodeKind,
} from './nodeCall';

/** What a node that pools, moves or joins elements computes; null for other nodes. */
export function moveKind(call: NodeCall): NodeKind | null {
  const algebra = moveAlgebra(call);
  return algebra === null ? null : plainKind(algebra);
}

function moveAlgebra(call: NodeCall): Algebra | null {
  const { node, inputs, shape } = call;
  const input = inputs[0]?.shape ?? [];
  switch (node.op) {
    case 'Reshape':
    case 'Squeeze':
    case 'ExpandDims':
      if (inputs[0]?.id == null) return null;
      if (sameShape(input, shape)) return { kind: 'identity' };
      if (input.at(-1) === shape.at(-1)) return { kind: 'reshape', moves: 'spatial' };
      return { kind: 'reshape', moves: shape.length === 2 ? 'flatten' : 'any' };
    case 'Transpose': {
      const axes = numbersAt(call, 1);
      const keepsLast = axes?.at(-1) === shape.length - 1;
      return { kind: 'reshape', moves: keepsLast ? 'spatial' : 'any' };
    }
    case 'Pad':
    case 'PadV2':
    case 'MirrorPad': {
      const value = node.op === 'PadV2' ? numbersAt(call, 2)?.[0] : 0;
      const isSpatial = inputs[0]?.id != null && input.at(-1) === shape.at(-1) && shape.length > 2;
      return isSpatial && value === 0 ? { kind: 'reshape', moves: 'spatial' } : null;
    }
    case 'Tile':
      return inputs[0]?.id != null && numbersAt(call, 1)?.at(-1) === 1 && shape.length > 2
        ? { kind: 'reshape', moves: 'spatial' }
        : null;
    case 'ResizeNearestNeighbor':
      return inputs[0]?.id == null ? null : { kind: 'reshape', moves: 'spatial' };
    case 'MaxPool':
    case 'MaxPool3D':
    case 'AvgPool':
    case 'AvgPool3D': {
      if (keepsChannelsFirst(node)) return null;
      return { kind: 'pooling', how: node.op.startsWith('Max') ? 'max' : 'average', global: false };
    }
    case 'Mean':
    case 'Max':
      return overPositions(call);
    case 'ConcatV2':
      return concatenation(call);
    default:
      return null;
  }
}

/** A mean or maximum over all positions. */
function overPositions(call: NodeCall): Algebra | null {
  const { node, inputs, shape } = call;
  const rank = inputs[0]?.shape.length ?? 0;
  const axes = numbersAt(call, 1)?.map((axis) => (axis < 0 ? axis + rank : axis));
  if (axes === undefined || rank < 3 || axes.sort((a, b) => a - b).join() !== positions(rank).join())
    return null;
  return { kind: 'pooling', how: node.op === 'Max' ? 'max' : 'average', global: shape.length === 2 };
}

function positions(rank: number): number[] {
  return Array.from({ length: rank - 2 }, (_, index) => index + 1);
}

function concatenation(call: NodeCall): Algebra | null {
  const axis = numbersAt(call, -1)?.[0];
  if (axis === undefined || call.inputs.slice(0, -1).some(({ id }) => id === null)) return null;
  return { kind: 'concatenate', axis: axis < 0 ? axis + call.shape.length : axis };
}
