import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { Algebra } from '../../../core/network/network';
import type { Step, Value } from './values';

const WINDOWS = new Map([
  ['Conv2D', 'convolution'],
  ['DepthwiseConv2dNative', 'depthwise'],
] as const);

/**
 * A dilated convolution as TensorFlow computes it on a CPU: SpaceToBatchND, a plain convolution, BatchToSpaceND; over
 * a sequence also ExpandDims and Squeeze around the convolution.
 * @returns null where the steps are not that
 */
export function dilatedAlgebra(
  steps: readonly Step[],
  values: ReadonlyMap<string, Value>,
  kernel: Tensor,
  own: (made: Tensor) => Tensor,
): Algebra | null {
  const ops = steps.map(({ op }) => op);
  const isSequence = ops.join() === 'SpaceToBatchND,ExpandDims,Conv2D,Squeeze,BatchToSpaceND';
  const middle = steps[isSequence ? 2 : 1];
  const kind = WINDOWS.get(middle?.op as 'Conv2D');
  const isPlain = ops[0] === 'SpaceToBatchND' && ops[2] === 'BatchToSpaceND' && steps.length === 3;
  if (middle === undefined || kind === undefined || !(isSequence || isPlain) || !middle.plain) return null;
  const numbers = (step: Step, index: number): number[] | null => {
    const value = values.get(step.inputs[index] ?? '');
    return value?.kind === 'constant' ? Array.from(value.tensor.dataSync<'float32'>(), Number) : null;
  };
  const [dilations, margins] = [numbers(steps[0]!, 1), numbers(steps[0]!, 2)];
  const [blocks, crops] = [numbers(steps.at(-1)!, 1), numbers(steps.at(-1)!, 2)];
  const window = kernel.shape.slice(isSequence ? 1 : 0, 2);
  if (dilations === null || margins === null || crops === null || blocks?.join() !== dilations.join())
    return null;
  if (dilations.length !== window.length || crops.some((crop, index) => index % 2 === 0 && crop !== 0))
    return null;
  const added = margins.map((margin, index) => margin - crops[index]!);
  const same = window.flatMap((size, axis) => {
    const total = (size - 1) * dilations[axis]!;
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  const isValid = added.every((margin) => margin === 0);
  if (!isValid && added.join() !== same.join()) return null;
  const along = isSequence ? own(reshape(kernel, kernel.shape.slice(1))) : kernel;
  const strides = window.map(() => 1);
  return { kind, kernel: along, bias: null, strides, dilations, padding: isValid ? 'valid' : 'same' };
}
