import { add, conv2d, depthwiseConv2d, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { weightOf, numbersOf } from './layerConfig';
import { OPAQUE, type LayerCall } from './layerCall';
import { windowsOf } from './layerKinds';

/**
 * A separable convolution without its activation: a depthwise convolution, which is no site, since the layer as a
 * whole makes the units, and a convolution with windows of one position.
 * @param at goes after the call's id for what the layer gives
 * @returns id of that
 */
export function separableParts(call: LayerCall, at: string): string {
  const { layer, inputs, inputShapes, outputShapes } = call;
  const depthwise = weightOf(layer, 'depthwise_kernel');
  const pointwise = weightOf(layer, 'pointwise_kernel');
  if (depthwise === null || pointwise === null) throw new Error(`${layer.name} lacks a kernel`);
  const { bias, strides, dilations, padding } = windowsOf(layer);
  const pad = padding === 'same' ? 'same' : 'valid';
  const output = outputShapes[0]!;
  const middle = call.add({
    ...OPAQUE,
    at: '/depthwise',
    name: '/depthwise',
    inputs,
    shape: [...output.slice(0, -1), Number(inputShapes[0]!.at(-1)) * depthwise.shape[3]!],
    algebra: { kind: 'depthwise', kernel: depthwise, bias: null, strides, dilations, padding },
    run: ([x]) =>
      depthwiseConv2d(x as Tensor4D, depthwise as Tensor4D, pair(strides), pad, 'NHWC', pair(dilations)),
  });
  return call.add({
    at,
    inputs: [middle],
    shape: output,
    algebra: {
      kind: 'convolution',
      kernel: pointwise,
      bias,
      strides: [1, 1],
      dilations: [1, 1],
      padding: 'valid',
    },
    makes: 'convolution',
    hindrance: null,
    run: ([x]) => {
      const y: Tensor = conv2d(x as Tensor4D, pointwise as Tensor4D, 1, 'valid', 'NHWC');
      return bias === null ? y : add(y, bias);
    },
  });
}

function pair(values: readonly number[]): [number, number] {
  const [height, width] = numbersOf(values);
  return [height ?? 1, width ?? height ?? 1];
}
