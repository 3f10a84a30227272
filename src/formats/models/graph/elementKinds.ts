import type { Tensor } from '@tensorflow/tfjs-core';
import type { Algebra, Rectifier, Shape } from '../../../core/network/network';
import {
  keepsChannelsFirst,
  numbersAt,
  plainKind,
  sameShape,
  type NodeCall,
  type NodeKind,
} from './nodeCall';

/** Nodes that pass their first input on. */
const IDENTITIES = new Set([
  'Identity',
  'IdentityN',
  'StopGradient',
  'PreventGradient',
  'Snapshot',
  'CheckNumerics',
  'EnsureShape',
  'FakeQuantWithMinMaxVars',
]);

/** Functions of single elements that are not linear, by the node's operation and as Keras calls them. */
const POINTWISE: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  LeakyRelu: 'leaky_relu',
  Prelu: 'prelu',
  Elu: 'elu',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Exp: 'exp',
  Erf: 'erf',
  Log: 'log',
  Sqrt: 'sqrt',
  Rsqrt: 'rsqrt',
  Square: 'square',
  Abs: 'abs',
  Sin: 'sin',
  Cos: 'cos',
  Sign: 'sign',
  Reciprocal: 'reciprocal',
};

/** Functions of an element and a constant number that are not linear. */
const WITH_NUMBERS = new Set(['Maximum', 'Minimum', 'ClipByValue', 'Pow']);

/** What a node that works on single elements computes; null for other nodes. */
export function elementKind(call: NodeCall): NodeKind | null {
  const algebra = elementAlgebra(call);
  return algebra === null ? null : plainKind(algebra);
}

function elementAlgebra(call: NodeCall): Algebra | null {
  const { node, inputs, shape } = call;
  const [x, y] = inputs;
  const pointwise = POINTWISE[node.op];
  if (pointwise !== undefined) return pointwiseAlgebra(call, pointwise);
  if (IDENTITIES.has(node.op)) return { kind: 'identity' };
  if (WITH_NUMBERS.has(node.op)) {
    const isNumber = inputs.slice(1).every(({ constant }) => constant?.size === 1);
    return isNumber && x?.id != null
      ? { kind: 'pointwise', name: node.op.toLowerCase(), rectifier: null }
      : null;
  }
  switch (node.op) {
    case 'Cast':
      return node.attributes.type('DstT') === 'DT_FLOAT' ? { kind: 'identity' } : null;
    case 'Softmax':
    case 'LogSoftmax':
      return { kind: 'softmax' };
    case 'Neg':
      return affine(shape, () => -1, null);
    case 'FusedBatchNorm':
    case 'FusedBatchNormV2':
    case 'FusedBatchNormV3':
      return batchNorm(call);
    case 'AddN':
      return inputs.every((each) => each.id !== null && sameShape(each.shape, shape))
        ? { kind: 'add' }
        : null;
    case 'Add':
    case 'AddV2':
    case 'BiasAdd':
    case 'Sub':
    case 'Mul':
    case 'RealDiv':
    case 'Div':
      if (x?.id != null && y?.id != null) return joinAlgebra(call);
      return keepsChannelsFirst(node) ? null : affineAlgebra(call);
    default:
      return null;
  }
}

function pointwiseAlgebra(call: NodeCall, name: string): Algebra {
  const { attributes, op } = call.node;
  const slope = op === 'LeakyRelu' ? (attributes.number('alpha') ?? 0.2) : 0;
  const rectifiers: Readonly<Record<string, Rectifier>> = {
    Relu: { slope, most: Infinity },
    Relu6: { slope, most: 6 },
    LeakyRelu: { slope, most: Infinity },
  };
  return { kind: 'pointwise', name, rectifier: rectifiers[op] ?? null };
}

/** A sum or product of two operations' outputs, of one rank and with the same channels. */
function joinAlgebra({ node, inputs, shape }: NodeCall): Algebra | null {
  const isJoin = inputs.every(
    (each) => each.shape.length === shape.length && each.shape.at(-1) === shape.at(-1),
  );
  if (!isJoin) return null;
  if (node.op === 'Mul') return { kind: 'multiply' };
  return node.op === 'Add' || node.op === 'AddV2' ? { kind: 'add' } : null;
}

/** A sum, difference, product or quotient of an operation's output and a number a channel. */
function affineAlgebra({ node, inputs, shape }: NodeCall): Algebra | null {
  const [x, y] = inputs as [NodeCall['inputs'][number], NodeCall['inputs'][number]];
  const isFirst = x.id !== null;
  const [data, { constant }] = isFirst ? [x, y] : [y, x];
  if (data.id === null || constant === null || !sameShape(data.shape, shape)) return null;
  const at = aChannel(constant, shape);
  if (at === null) return null;
  switch (node.op) {
    case 'Mul':
      return affine(shape, at, null);
    case 'RealDiv':
    case 'Div':
      return isFirst ? affine(shape, (c) => 1 / at(c), null) : null;
    case 'Sub':
      return isFirst ? affine(shape, null, (c) => -at(c)) : affine(shape, () => -1, at);
    default:
      return affine(shape, null, at);
  }
}

type AChannel = (channel: number) => number;

/** A constant as a number a channel; null where it differs along another axis. */
function aChannel(constant: Tensor, shape: Shape): AChannel | null {
  const channels = shape.at(-1);
  const isLast = constant.size === 1 || (constant.size === channels && constant.shape.at(-1) === channels);
  if (shape.length < 2 || !isLast) return null;
  const values = constant.dataSync<'float32'>();
  return (channel) => values[values.length === 1 ? 0 : channel]!;
}

function affine(shape: Shape, scale: AChannel | null, offset: AChannel | null): Algebra | null {
  const channels = shape.at(-1);
  if (typeof channels !== 'number' || shape.length < 2) return null;
  const list = (at: AChannel): Float32Array => Float32Array.from({ length: channels }, (_, c) => at(c));
  return { kind: 'affine', scale: scale && list(scale), offset: offset && list(offset) };
}

/** Batch normalisation at inference: γ (x − μ) / √(σ² + ε) + β. */
function batchNorm(call: NodeCall): Algebra | null {
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => numbersAt(call, index));
  if (keepsChannelsFirst(call.node) || !gamma || !beta || !mean || !variance) return null;
  const epsilon = call.node.attributes.number('epsilon') ?? 1e-4;
  const scale: AChannel = (c) => gamma[c]! / Math.sqrt(variance[c]! + epsilon);
  return affine(call.shape, scale, (c) => beta[c]! - mean[c]! * scale(c));
}
