import { add, conv1d, tidy, type Tensor3D } from '@tensorflow/tfjs-core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { padCausally } from '../../../core/network/causal';
import type { Algebra } from '../../../core/network/network';
import { first, type LayerCall, type LayerKind } from './layerCall';
import { numbersOf } from './layerConfig';

type ModelShape = SymbolicTensor['shape'];

/** What the shape of a 1-D convolution's output depends on. */
interface Conv1dObject {
  padding: string;
  filters: number;
  strides: number | number[];
  computeOutputShape(input: ModelShape | ModelShape[]): ModelShape;
}

/**
 * Teaches tfjs-layers the output shape of causal 1-D convolutions, which it takes for that of unpadded ones, so that
 * the layers after them get the sizes they were trained with. To be called before a model is read.
 */
export function teachCausalShapes(): void {
  const convolution = Object.getPrototypeOf(layers.conv1d({ filters: 1, kernelSize: 1 })) as Conv1dObject;
  if (taught.has(convolution)) return;
  taught.add(convolution);
  const inherited = Object.getPrototypeOf(convolution) as Conv1dObject;
  convolution.computeOutputShape = function (this: Conv1dObject, input): ModelShape {
    if (this.padding !== 'causal') return inherited.computeOutputShape.call(this, input);
    const [batch, time] = (Array.isArray(input[0]) ? input[0] : input) as ModelShape;
    const steps = typeof time === 'number' ? Math.ceil(time / first(numbersOf(this.strides))) : null;
    return [batch ?? null, steps, this.filters];
  };
}

const taught = new WeakSet<Conv1dObject>();

/** A causal 1-D convolution, which TensorFlow.js does not compute: zeros go before the first step. */
export function causalPart(
  call: LayerCall,
  at: string,
  kind: LayerKind,
  { kernel, bias, strides, dilations }: Extract<Algebra, { kind: 'convolution' }>,
): string {
  const dilation = first(dilations);
  const window = first(kernel.shape);
  return call.add({
    at,
    inputs: call.inputs,
    shape: first(call.outputShapes),
    ...kind,
    run: ([x]) =>
      tidy(() => {
        const padded = padCausally(x as Tensor3D, window, dilation);
        const y = conv1d(padded, kernel as Tensor3D, first(strides), 'valid', 'NWC', dilation);
        return bias === null ? y : add(y, bias);
      }),
  });
}
