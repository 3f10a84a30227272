import { reshape, transpose, type Tensor } from '@tensorflow/tfjs-core';
import type { Makes } from '../../../core/network/network';
import { keepsChannelsFirst, numbersAt, type NodeCall, type NodeKind } from './nodeCall';

const CHANNELS_FIRST = 'keeps its channels first, which cannot be ablated yet';
const UNKNOWN_FUSION = 'fuses operations in a way that is not known';

/** What a node that makes units computes; null for other nodes. Kernels that are no constants make none. */
export function linearKind(call: NodeCall): NodeKind | null {
  const { node, inputs } = call;
  switch (node.op) {
    case 'MatMul':
    case 'BatchMatMul':
    case 'BatchMatMulV2':
      return denseKind(call);
    case 'Einsum':
      return einsumKind(call);
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
      return windowKind(call, 'convolution');
    case 'DepthwiseConv2d':
    case 'DepthwiseConv2dNative':
      return windowKind(call, 'depthwise convolution');
    case 'Conv2DBackpropInput':
      return inputs[1]?.constant == null ? null : opaque('convolution', hindranceOf(call));
    case '_FusedMatMul':
      return opaque('dense', UNKNOWN_FUSION);
    case '_FusedConv2D':
    case 'FusedDepthwiseConv2dNative':
      return opaque('convolution', UNKNOWN_FUSION);
    case 'Gather':
    case 'GatherV2':
    case 'ResourceGather':
      return embeddingKind(call);
    default:
      return null;
  }
}

function opaque(makes: Makes, hindrance: string | null): NodeKind {
  return { algebra: { kind: 'opaque' }, makes, hindrance };
}

function hindranceOf({ node }: NodeCall): string | null {
  return keepsChannelsFirst(node) ? CHANNELS_FIRST : null;
}

function denseKind(call: NodeCall): NodeKind | null {
  const [x, y] = call.inputs;
  const { attributes } = call.node;
  const flag = (a: string, b: string): boolean => attributes.flag(a) || attributes.flag(b);
  const kernel = y?.constant;
  if (x?.id == null || kernel?.rank !== 2 || flag('transpose_a', 'adj_x')) return null;
  const turned = flag('transpose_b', 'adj_y') ? call.own(transpose(kernel)) : kernel;
  return dense(turned);
}

/** A product over the last axis, such as `abc,cd->abd`. */
function einsumKind(call: NodeCall): NodeKind | null {
  const [x, y] = call.inputs;
  const equation = /^(\w+)(\w),\2(\w)->\1\3$/.exec(
    call.node.attributes.text('equation')?.replaceAll(' ', '') ?? '',
  );
  const kernel = y?.constant;
  if (equation === null || x?.id == null || kernel?.rank !== 2) return null;
  return dense(kernel);
}

/** y = x · kernel over the last axis. */
export function dense(kernel: Tensor): NodeKind {
  return { algebra: { kind: 'dense', kernel, bias: null }, makes: 'dense', hindrance: null };
}

function windowKind(call: NodeCall, makes: 'convolution' | 'depthwise convolution'): NodeKind | null {
  const [x, y] = call.inputs;
  const kernel = y?.constant;
  if (x?.id == null || kernel == null) return null;
  if (keepsChannelsFirst(call.node)) return opaque(makes, CHANNELS_FIRST);
  const { attributes } = call.node;
  const padding = { SAME: 'same', VALID: 'valid' }[attributes.text('padding') ?? ''];
  const axes = kernel.rank - 2;
  const along = (name: string): number[] => {
    const sizes = attributes.numbers(name).slice(1, -1);
    return sizes.length === 0 ? new Array<number>(axes).fill(1) : sizes;
  };
  const [strides, dilations] = [along('strides'), along('dilations')];
  const isKnown = padding === 'same' || padding === 'valid';
  if (!isKnown || call.node.op === 'Conv1D' || strides.length !== axes || dilations.length !== axes) {
    return opaque(makes, null);
  }
  const kind = makes === 'convolution' ? 'convolution' : 'depthwise';
  return { algebra: { kind, kernel, bias: null, strides, dilations, padding }, makes, hindrance: null };
}

/** Rows of a constant table. */
function embeddingKind(call: NodeCall): NodeKind | null {
  const [table, indices] = call.inputs;
  const axis = call.node.op === 'GatherV2' ? numbersAt(call, 2)?.[0] : 0;
  if (table?.constant?.rank !== 2 || indices?.id == null || axis !== 0) return null;
  if (table.constant.dtype !== 'float32') return null;
  return { algebra: { kind: 'embedding', table: table.constant }, makes: 'embedding', hindrance: null };
}

/** A tensor along one axis, owned by the network. */
export function flattened(call: Pick<NodeCall, 'own'>, tensor: Tensor): Tensor {
  return tensor.rank === 1 ? tensor : call.own(reshape(tensor, [-1]));
}
