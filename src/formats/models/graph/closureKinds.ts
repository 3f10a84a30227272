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
 * sequence (reshaped, multiplied, reshaped), a dilated convolution between
 * SpaceToBatchND and BatchToSpaceND, or rows of a table by numbers that are made whole first.
 */
export function closureKind(
  { steps, inputs }: Closure,
  values: ReadonlyMap<string, Value>,
  input: Shape,
  { shape: output, own }: Pick<NodeCall, 'shape' | 'own'>,
): NodeKind {
  const table = tableOf(steps, values);
  if (table !== null && inputs.length === 1) {
    return { algebra: { kind: 'embedding', table }, makes: 'embedding', hindrance: null };
  }
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

/** Operations with which Keras 3 counts negative rows from a table's end. */
const FROM_END = ['AddV2', 'Less', 'SelectV2'];

/** The constant table whose rows the last step takes, at most made whole numbers before; null where it does not. */
function tableOf(steps: readonly Step[], values: ReadonlyMap<string, Value>): Tensor | null {
  const last = steps.at(-1)!;
  const others = steps.slice(0, -1).map(({ op }) => op);
  const more = others.filter((op) => op !== 'Cast' && op !== 'Identity').sort();
  if (last.op !== 'GatherV2' || (more.length > 0 && more.join() !== FROM_END.join())) return null;
  const [table, , axis] = last.inputs.map((input) => values.get(input));
  if (table?.kind !== 'constant' || table.tensor.rank !== 2 || axis?.kind !== 'constant') return null;
  return axis.tensor.dataSync<'float32'>()[0] === 0 ? table.tensor : null;
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
