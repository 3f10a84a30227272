import { add, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Operation } from '../../../core/network/network';
import type { NodeCall } from './nodeCall';
import { flattened } from './linearKinds';

const SUMS = new Set(['BiasAdd', 'Add', 'AddV2']);

/**
 * A linear operation and the constant added to each of its units, as one operation with a bias; null where they are
 * not that.
 * @param linear read by `sum` alone
 */
export function mergeBias(linear: Operation, sum: Operation, call: NodeCall): Operation | null {
  const { algebra } = linear;
  const bias = call.inputs.find(({ constant }) => constant !== null)?.constant;
  if (sum.algebra.kind !== 'affine' || !SUMS.has(call.node.op) || bias == null) return null;
  if (algebra.kind !== 'dense' && algebra.kind !== 'convolution' && algebra.kind !== 'depthwise') return null;
  if (algebra.bias !== null || bias.size !== sum.shape.at(-1)) return null;
  return {
    ...linear,
    id: sum.id,
    name: sum.name,
    ...mergedLayer(sum.name, [linear, sum]),
    algebra: { ...algebra, bias: flattened(call, bias) },
    run: (inputs) => tidy(() => add(linear.run(inputs), bias)),
  };
}

/**
 * A convolution over a sequence, which a graph computes as one over images of height 1: widened, convolved, narrowed;
 * null where these are not that.
 * @param widening read by `convolution` alone, and that by `narrowing`
 */
export function mergeSequence(
  widening: Operation,
  convolution: Operation,
  narrowing: Operation,
  call: NodeCall,
): Operation | null {
  const { algebra } = convolution;
  if (algebra.kind !== 'convolution' || algebra.kernel.rank !== 4 || algebra.kernel.shape[0] !== 1)
    return null;
  const isWidened = isReshape(widening) && widening.shape.length === 4 && widening.shape[1] === 1;
  const sequence = widening.inputs.length === 1 && narrowing.shape.length === 3;
  const isNarrowed = isReshape(narrowing) && convolution.shape[1] === 1;
  const keeps = narrowing.shape.slice(1).join() === convolution.shape.slice(2).join();
  if (!isWidened || !sequence || !isNarrowed || !keeps) return null;
  return {
    ...convolution,
    id: narrowing.id,
    name: narrowing.name,
    ...mergedLayer(narrowing.name, [widening, convolution, narrowing]),
    inputs: widening.inputs,
    shape: narrowing.shape,
    algebra: {
      ...algebra,
      kernel: call.own(reshape(algebra.kernel, algebra.kernel.shape.slice(1))),
      strides: algebra.strides.slice(1),
      dilations: algebra.dilations.slice(1),
    },
    run: (inputs) => tidy(() => narrowing.run([convolution.run([widening.run(inputs)])])),
  };
}

/** What was a layer each is one. */
function mergedLayer(name: string, parts: readonly Operation[]): Pick<Operation, 'layer'> {
  const parameters = parts.reduce((sum, { layer }) => sum + (layer?.parameters ?? 0), 0);
  return { layer: { name, parameters } };
}

function isReshape({ algebra }: Operation): boolean {
  return algebra.kind === 'reshape';
}
