import {
  add,
  conv2d,
  matMul,
  reshape,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Network, Operation } from '../network/network';

/**
 * The same network, computed by operations whose gradient costs no more than is asked of it: the fused products that
 * layers use work out the gradient of their weights even where nobody wants it, and not every backend can.
 */
export function differentiable(network: Network): Network {
  return { ...network, operations: network.operations.map(unfused) };
}

function unfused(operation: Operation): Operation {
  const { algebra } = operation;
  if (operation.hindrance !== null) return operation;
  if (algebra.kind === 'dense') {
    const { kernel, bias } = algebra;
    const [size, units] = kernel.shape as [number, number];
    const product = ([x]: readonly Tensor[]): Tensor => {
      if (x!.rank === 2) return matMul(x!, kernel);
      return reshape(matMul(reshape(x!, [-1, size]), kernel), [...x!.shape.slice(0, -1), units]);
    };
    return { ...operation, run: (inputs) => biased(product(inputs), bias) };
  }
  const { padding } = algebra.kind === 'convolution' ? algebra : { padding: 'causal' as const };
  if (algebra.kind !== 'convolution' || algebra.kernel.rank !== 4 || padding === 'causal') return operation;
  const { kernel, bias, strides, dilations } = algebra;
  return {
    ...operation,
    run: ([x]) => {
      const y = conv2d(
        x as Tensor3D | Tensor4D,
        kernel as Tensor4D,
        pairOf(strides),
        padding,
        'NHWC',
        pairOf(dilations),
      );
      return biased(y, bias);
    },
  };
}

function biased(y: Tensor, bias: Tensor | null): Tensor {
  return bias === null ? y : add(y, bias);
}

function pairOf([height = 1, width = height]: readonly number[]): [number, number] {
  return [height, width];
}
