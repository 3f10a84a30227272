import { keep, mul, reshape, tensor1d, tidy, transpose, type Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../../network/network';
import type { DeltaNode } from './deltaPlan';
import { alongAxes, type Convolution } from './deltaLinear';
import { tilingOf, winogradConvolution, type Stride, type WinogradConvolution } from './winograd';

/** The kernels of the nodes, in the forms that the delta way needs them in; made when first asked for. */
export class DeltaKernels {
  private readonly made = new Map<string, Tensor>();
  private readonly winograds = new Map<string, WinogradConvolution>();

  /** The node's kernel times its scale. */
  kernel(node: DeltaNode): Tensor {
    const kernel = kernelOf(node.operation);
    const { scale } = node;
    if (scale === null) return kernel;
    return this.once(`kernel ${node.id}`, () => {
      const [inputs, units] = kernel.shape.slice(-2) as [number, number];
      const perInput = node.operation.algebra.kind === 'depthwise';
      return mul(kernel, perInput ? reshape(tensor1d(scale), [inputs, units]) : tensor1d(scale));
    });
  }

  /** The same as `[channels, window or positions, units]`: what one channel takes. */
  rows(node: DeltaNode, channels: number): Tensor {
    return this.once(`rows ${node.id}`, () => {
      const kernel = this.kernel(node);
      return transpose(reshape(kernel, [-1, channels, kernel.shape.at(-1)!]), [1, 0, 2]);
    });
  }

  winograd(node: DeltaNode, height: number, width: number): WinogradConvolution {
    let winograd = this.winograds.get(node.id);
    if (winograd === undefined) {
      const { algebra } = node.operation;
      const how = algebra.kind === 'convolution' ? winogradKind(algebra) : null;
      if (how === null) throw new Error(`${node.id} is not for Winograd's algorithm`);
      winograd = winogradConvolution(this.kernel(node), height, width, how.stride, how.padding);
      this.winograds.set(node.id, winograd);
    }
    return winograd;
  }

  dispose(): void {
    for (const each of [...this.made.values(), ...this.winograds.values()]) each.dispose();
    this.made.clear();
    this.winograds.clear();
  }

  private once(key: string, make: () => Tensor): Tensor {
    let tensor = this.made.get(key);
    if (tensor === undefined) {
      tensor = tidy(() => keep(make()));
      this.made.set(key, tensor);
    }
    return tensor;
  }
}

function kernelOf({ id, algebra }: Operation): Tensor {
  if (algebra.kind === 'dense' || algebra.kind === 'convolution' || algebra.kind === 'depthwise') {
    return algebra.kernel;
  }
  throw new Error(`${id} has no kernel`);
}

/** What Winograd's algorithm costs a convolution. */
export interface WinogradCost {
  /** Elements of the transformed input, a pair. */
  readonly spread: number;
  /** Elements of the output before it is transformed back, a pair. */
  readonly products: number;
  /** Elements of the transformed kernel. */
  readonly kernel: number;
  /** Multiplications and additions a pair. */
  readonly arithmetic: number;
}

/** Stride and padding of a 3×3 convolution of two axes; null for any other. */
function winogradKind(algebra: Convolution): { stride: Stride; padding: 'same' | 'valid' } | null {
  const { kernel, strides, dilations, padding } = algebra;
  const [high, wide] = kernel.shape;
  if (kernel.shape.length !== 4 || high !== 3 || wide !== 3 || padding === 'causal') return null;
  const [down, across] = alongAxes(strides, 2);
  if (down !== across || (down !== 1 && down !== 2) || dilations.some((size) => size !== 1)) return null;
  return { stride: down, padding };
}

/**
 * What Winograd's algorithm costs a convolution; null where it does not pay or does not apply. Measured on two cores
 * (tfjs-node), against the direct convolution: 512 channels 4×4 4.1 times as fast, 256 channels 8×8 1.9, 128 channels
 * 16×16 1.5, 64 channels 32×32 0.6.
 * @param shape of the input, batch axis included
 */
export function winogradCost({ algebra }: Operation, shape: readonly (number | null)[]): WinogradCost | null {
  const how = algebra.kind === 'convolution' ? winogradKind(algebra) : null;
  if (how === null || algebra.kind !== 'convolution' || shape.length !== 4) return null;
  const [, , channels, units] = algebra.kernel.shape as [number, number, number, number];
  const [, height, width, given] = shape;
  if (given !== channels) return null;
  if (typeof height !== 'number' || typeof width !== 'number' || height < 3 || width < 3) return null;
  const down = tilingOf(height, how.stride, how.padding);
  const across = tilingOf(width, how.stride, how.padding);
  const tiles = down.tiles * across.tiles;
  const size = down.products * across.products;
  const products = 2 * size * tiles * channels * units;
  // The transforms: two products with small matrices each way, about half as quick as large ones.
  const along = (height + width) * channels + (down.outputs + across.outputs) * units;
  const transforms = 2 * size * tiles * along;
  const direct = 2 * 9 * down.outputs * across.outputs * channels * units;
  if (products + 3 * transforms > direct) return null;
  return {
    spread: size * tiles * channels,
    products: size * tiles * units,
    kernel: size * down.tiles * channels * units,
    arithmetic: products + transforms,
  };
}
