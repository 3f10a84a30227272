import type { Tensor } from '@tensorflow/tfjs-core';
import type { Algebra, Makes, Shape } from '../../../core/network/network';
import type { Closure } from './closure';
import { dilatedAlgebra } from './dilated';
import { plainKind, type NodeCall, type NodeKind } from './nodeCall';
import type { Step, Value } from './values';

/** Operations whose nodes make units. */
const MAKERS: Readonly<Record<string, Makes>> = {
  MatMul: 'dense',
  BatchMatMul: 'dense',
  BatchMatMulV2: 'dense',
  Conv2D: 'convolution',
  Conv3D: 'convolution',
  DepthwiseConv2dNative: 'depthwise convolution',
  _FusedMatMul: 'dense',
  _FusedConv2D: 'convolution',
  FusedDepthwiseConv2dNative: 'depthwise convolution',
};

/** Operations that move elements, or add a number a channel. */
const CARRIERS = new Set([
  'Reshape',
  'ExpandDims',
  'Squeeze',
  'Transpose',
  'SpaceToBatchND',
  'BatchToSpaceND',
  'Identity',
  'BiasAdd',
  'Pad',
]);

const UNKNOWN = 'is put together of nodes whose units are not known';

/**
 * What several nodes together compute, whose values in between do not have one row a sample: a dense layer on a
 * sequence (reshaped, multiplied, reshaped), or a dilated convolution between SpaceToBatchND and BatchToSpaceND.
 */
export function closureKind(
  { steps, inputs }: Closure,
  values: ReadonlyMap<string, Value>,
  input: Shape,
  { shape: output, own }: Pick<NodeCall, 'shape' | 'own'>,
): NodeKind {
  const makers = steps.filter((step) => makerOf(step, values) !== null);
  const [maker, ...more] = makers;
  if (maker === undefined) return plainKind({ kind: 'opaque' });
  const hindered: NodeKind = { algebra: { kind: 'opaque' }, makes: MAKERS[maker.op]!, hindrance: UNKNOWN };
  const kernel = makerOf(maker, values)!;
  const others = steps.filter((step) => step !== maker);
  if (more.length > 0 || inputs.length !== 1 || !others.every(({ op }) => CARRIERS.has(op))) return hindered;
  const units =
    maker.op === 'DepthwiseConv2dNative'
      ? kernel.size / (kernel.shape[0] * kernel.shape[1]!)
      : kernel.shape.at(-1);
  if (output.at(-1) !== units) return hindered;
  return {
    algebra: dilatedAlgebra(steps, values, kernel, own) ?? denseAlgebra(maker, others, kernel, input, output),
    makes: MAKERS[maker.op]!,
    hindrance: null,
  };
}

/** The constant kernel of a node that makes units; null for other nodes. */
function makerOf({ op, inputs }: Step, values: ReadonlyMap<string, Value>): Tensor | null {
  const kernel = values.get(inputs[1] ?? '');
  return MAKERS[op] !== undefined && kernel?.kind === 'constant' ? kernel.tensor : null;
}

/** A product over the last axis between two reshapes. */
function denseAlgebra(
  maker: Step,
  others: readonly Step[],
  kernel: Tensor,
  input: Shape,
  output: Shape,
): Algebra {
  const isDense =
    maker.op === 'MatMul' &&
    !maker.turned &&
    others.every(({ op }) => op === 'Reshape' || op === 'Identity') &&
    kernel.shape[0] === input.at(-1) &&
    input.slice(0, -1).join() === output.slice(0, -1).join();
  return isDense ? { kind: 'dense', kernel, bias: null } : { kind: 'opaque' };
}
