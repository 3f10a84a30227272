import { reshape, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Algebra, Shape } from '../../../core/network/network';
import { isContainer, type LayerObject, type TimeDistributedObject } from '../layerInternals';
import { splitActivation } from './activations';
import { first, OPAQUE, pick, type LayerCall, type LayerKind } from './layerCall';
import { layerKind } from './layerKinds';
import { isRecurrent } from './recurrent';

/**
 * A layer called on every step of a sequence: the inner layer itself, on all steps of all samples as one batch.
 * @returns ids of the layer's outputs
 */
export function timeDistributedParts(call: LayerCall): string[] {
  const { layer: inner } = call.layer as TimeDistributedObject;
  const input = first(call.inputShapes);
  const output = first(call.outputShapes);
  const activation = isContainer(inner) ? null : splitActivation(inner);
  const kind = innerKind(call, inner, input, output);
  const linear = call.add({
    at: activation === null ? '' : '/linear',
    inputs: call.inputs,
    shape: output,
    ...kind,
    run: ([x]) => onEveryStep(x!, (steps) => pick(inner.call(steps, call.kwargs), 0)),
  });
  if (activation === null) return [linear];
  return [
    call.add({
      at: '',
      inputs: [linear],
      shape: output,
      ...OPAQUE,
      algebra: activation.algebra,
      run: ([x]) => activation.apply(x!),
    }),
  ];
}

function onEveryStep(x: Tensor, run: (steps: Tensor) => Tensor): Tensor {
  return tidy(() => {
    const [batch, time, ...rest] = x.shape as [number, number, ...number[]];
    const y = run(reshape(x, [batch * time, ...rest]));
    return reshape(y, [batch, time, ...y.shape.slice(1)]);
  });
}

/** What the inner layer computes, its time axis being one more position that it never looks across. */
function innerKind(call: LayerCall, inner: LayerObject, input: Shape, output: Shape): LayerKind {
  const cannot = (what: string): LayerKind => ({
    ...OPAQUE,
    hindrance: `is ${what} inside TimeDistributed, which cannot be ablated yet`,
  });
  if (isContainer(inner)) return inner.weights.length === 0 ? OPAQUE : cannot('a whole model');
  if (isRecurrent(inner) || 'forwardLayer' in inner) return cannot('a recurrent layer');
  const kind = layerKind(inner, [null, ...input.slice(2)], [null, ...output.slice(2)]);
  return { ...kind, algebra: overTime(call, kind.algebra) };
}

function overTime(call: LayerCall, algebra: Algebra): Algebra {
  switch (algebra.kind) {
    case 'convolution': {
      const { kernel, padding } = algebra;
      if (padding === 'causal' || kernel.rank > 4) return { kind: 'opaque' };
      return {
        ...algebra,
        kernel: call.own(reshape(kernel, [1, ...kernel.shape])),
        strides: [1, ...algebra.strides],
        dilations: [1, ...algebra.dilations],
      };
    }
    case 'depthwise':
      return { kind: 'opaque' };
    case 'pooling':
      return { ...algebra, global: false };
    case 'concatenate':
      return { ...algebra, axis: algebra.axis + 1 };
    case 'reshape':
      return algebra.moves === 'flatten' ? { kind: 'reshape', moves: 'any' } : algebra;
    default:
      return algebra;
  }
}
