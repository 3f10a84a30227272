import {
  cast,
  conv2dTranspose,
  customGrad,
  greater,
  matMul,
  mul,
  reshape,
  type GradSaveFunc,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Network, Operation } from '../network/network';

/**
 * The same network, computed alike, with gradients by the input alone of its dense layers and convolutions: tfjs
 * works out those of the weights of its fused products even where nobody wants them, and not on every backend. And
 * with one of ReLU's own: tfjs's takes ten times as long as the ReLU itself.
 */
export function differentiable(network: Network): Network {
  return { ...network, operations: network.operations.map(withInputGradient) };
}

function withInputGradient(operation: Operation): Operation {
  const { algebra } = operation;
  if (algebra.kind === 'pointwise' && algebra.rectifier?.slope === 0 && algebra.rectifier.most === Infinity) {
    return { ...operation, run: withGateGradient(operation) };
  }
  const gradient = inputGradient(operation);
  if (gradient === null) return operation;
  const run = (inputs: readonly Tensor[]): Tensor =>
    customGrad((given: Tensor | GradSaveFunc) => {
      const x = given as Tensor;
      return { value: operation.run([x]), gradFunc: (dy: Tensor) => gradient(dy, x.shape) };
    })(...inputs);
  return { ...operation, run };
}

/** ReLU lets the gradient through where its output is above 0. */
function withGateGradient(operation: Operation): Operation['run'] {
  return (inputs) =>
    customGrad((given: Tensor | GradSaveFunc, save: Tensor | GradSaveFunc) => {
      const value = operation.run([given as Tensor]);
      (save as GradSaveFunc)([value]);
      return {
        value,
        gradFunc: (dy: Tensor, [kept]: Tensor[]) => mul(dy, cast(greater(kept!, 0), 'float32')),
      };
    })(...inputs);
}

/** The gradient by the input x from that by the output; null where it is left to tfjs. */
function inputGradient({ algebra, hindrance }: Operation): ((dy: Tensor, x: number[]) => Tensor) | null {
  if (hindrance !== null) return null;
  if (algebra.kind === 'dense') {
    const { kernel } = algebra;
    return (dy, x) => {
      if (dy.rank === 2) return matMul(dy, kernel, false, true);
      return reshape(matMul(reshape(dy, [-1, dy.shape.at(-1)!]), kernel, false, true), x);
    };
  }
  if (algebra.kind !== 'convolution' || algebra.kernel.rank !== 4) return null;
  const { kernel, padding, strides, dilations } = algebra;
  if (padding === 'causal' || dilations.some((dilation) => dilation !== 1)) return null;
  const [height = 1, width = height] = strides;
  return (dy, x) =>
    conv2dTranspose(
      dy as Tensor3D | Tensor4D,
      kernel as Tensor4D,
      x as [number, number, number, number],
      [height, width],
      padding,
    );
}
