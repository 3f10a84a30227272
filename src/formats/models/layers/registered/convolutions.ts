import {
  add,
  concat,
  conv1d,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  expandDims,
  pad,
  split,
  squeeze,
  tidy,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { padCausally } from '../../../../core/network/causal';
import { Failure } from '../../../../protocol/failure';
import type { ActivationObject } from '../../layerInternals';
import { activationObject, onlyShape, RegisteredLayer, size, type LayerShape } from './registeredLayer';

/** A convolution, channels last, with a bias and an activation. */
abstract class Convolution extends RegisteredLayer {
  /** Replaced by the linear one when the network takes the activation out of the layer. */
  activation: ActivationObject;
  protected bias: (() => Tensor) | null = null;
  protected readonly padding: 'same' | 'valid' | 'causal';
  protected abstract readonly spatial: number;

  constructor(settings: RegisteredLayer['settings']) {
    super(settings);
    this.needChannelsLast();
    this.activation = activationObject(settings['activation']);
    const padding = settings['padding'] ?? 'valid';
    if (padding !== 'same' && padding !== 'valid' && padding !== 'causal') throw this.unfit('padding');
    this.padding = padding;
  }

  /** Makes the kernels for so many channels; gives the number of units. */
  protected abstract makeKernels(channels: number): number;

  protected abstract convolve(x: Tensor): Tensor;

  protected abstract unitsFor(channels: number): number;

  override build(input: LayerShape | LayerShape[]): void {
    const units = this.makeKernels(this.channelsOf(onlyShape(input)));
    if (this.settings['useBias'] !== false) this.bias = this.variable('bias', [units]);
    this.built = true;
  }

  protected override compute(x: Tensor): Tensor {
    return tidy(() => {
      const y = this.convolve(x);
      return this.activation.apply(this.bias === null ? y : add(y, this.bias()));
    });
  }

  protected override shapeAfter(input: LayerShape): LayerShape {
    const channels = this.channelsOf(input);
    return input.map((one, axis) => {
      if (axis === 0) return one;
      if (axis === input.length - 1) return this.unitsFor(channels);
      return size(one, (n) => this.steps(n, axis - 1));
    });
  }

  /** How many windows fit along a spatial axis. */
  protected steps(positions: number, axis: number): number {
    const stride = this.strides()[axis]!;
    if (this.padding !== 'valid') return Math.ceil(positions / stride);
    const reach = (this.kernelSize()[axis]! - 1) * this.dilations()[axis]! + 1;
    if (reach > positions) throw this.unfit('kernelSize');
    return Math.floor((positions - reach) / stride) + 1;
  }

  protected variable(name: string, shape: readonly number[]): () => Tensor {
    const weight = this.addWeight(name, [...shape], 'float32', initializers.zeros());
    return () => weight.read();
  }

  protected kernelSize(): number[] {
    return this.counts('kernelSize', this.spatial);
  }

  protected strides(): number[] {
    return this.counts('strides', this.spatial, 1);
  }

  protected dilations(): number[] {
    return this.counts('dilationRate', this.spatial, 1);
  }

  override getConfig(): RegisteredLayer['settings'] {
    return {
      ...super.getConfig(),
      kernelSize: this.kernelSize(),
      strides: this.strides(),
      dilationRate: this.dilations(),
    };
  }

  private channelsOf(input: LayerShape): number {
    const channels = input.at(-1);
    if (input.length !== this.spatial + 2 || typeof channels !== 'number') throw this.unfit('input');
    return channels;
  }
}

/** One window a channel and a time step; also the first half of a separable convolution. */
function depthwiseOverTime(
  x: Tensor,
  kernel: Tensor,
  padding: 'same' | 'valid' | 'causal',
  stride: number,
  dilation: number,
): Tensor {
  const padded = padding === 'causal' ? padCausally(x as Tensor3D, kernel.shape[0], dilation) : x;
  const y = depthwiseConv2d(
    expandDims<Tensor4D>(padded, 1),
    expandDims<Tensor4D>(kernel, 0),
    [stride, stride],
    padding === 'same' ? 'same' : 'valid',
    'NHWC',
    [1, dilation],
  );
  return squeeze(y, [1]);
}

/** One window a channel. */
abstract class Depthwise extends Convolution {
  protected kernel!: () => Tensor;

  protected override makeKernels(channels: number): number {
    const multiplier = this.count('depthMultiplier', 1);
    this.kernel = this.variable('depthwise_kernel', [...this.kernelSize(), channels, multiplier]);
    return channels * multiplier;
  }

  protected override unitsFor(channels: number): number {
    return channels * this.count('depthMultiplier', 1);
  }
}

export class DepthwiseConv1D extends Depthwise {
  static readonly className = 'DepthwiseConv1D';
  protected readonly spatial = 1;
  protected override convolve(x: Tensor): Tensor {
    return depthwiseOverTime(x, this.kernel(), this.padding, this.strides()[0]!, this.dilations()[0]!);
  }
}

export class SeparableConv1D extends Convolution {
  static readonly className = 'SeparableConv1D';
  protected readonly spatial = 1;
  private depthwise!: () => Tensor;
  private pointwise!: () => Tensor;

  protected override makeKernels(channels: number): number {
    const multiplier = this.count('depthMultiplier', 1);
    const units = this.count('filters');
    this.depthwise = this.variable('depthwise_kernel', [...this.kernelSize(), channels, multiplier]);
    this.pointwise = this.variable('pointwise_kernel', [1, channels * multiplier, units]);
    return units;
  }

  protected override unitsFor(): number {
    return this.count('filters');
  }

  protected override convolve(x: Tensor): Tensor {
    const [stride, dilation] = [this.strides()[0]!, this.dilations()[0]!];
    const middle = depthwiseOverTime(x, this.depthwise(), this.padding, stride, dilation);
    return conv1d(middle as Tensor3D, this.pointwise() as Tensor3D, 1, 'valid');
  }
}

/** A depthwise convolution whose windows have gaps, which the one of tfjs-layers leaves out. */
export class DilatedDepthwiseConv2D extends Depthwise {
  static readonly className = 'DilatedDepthwiseConv2D';
  protected readonly spatial = 2;
  protected override convolve(x: Tensor): Tensor {
    const pads = this.padding === 'same' ? 'same' : 'valid';
    const [strides, dilations] = [this.strides(), this.dilations()] as [[number, number], [number, number]];
    return depthwiseConv2d(x as Tensor4D, this.kernel() as Tensor4D, strides, pads, 'NHWC', dilations);
  }
}

/** A convolution each of whose groups of units reads its own group of channels. */
abstract class Grouped extends Convolution {
  private kernel!: () => Tensor;

  protected override makeKernels(channels: number): number {
    const [units, groups] = [this.count('filters'), this.count('groups')];
    if (groups === 0 || channels % groups !== 0 || units % groups !== 0) throw this.unfit('groups');
    this.kernel = this.variable('kernel', [...this.kernelSize(), channels / groups, units]);
    return units;
  }

  protected override unitsFor(): number {
    return this.count('filters');
  }

  protected override convolve(x: Tensor): Tensor {
    const groups = this.count('groups');
    const kernels = split(this.kernel(), groups, -1);
    const parts = split(x, groups, -1).map((part, index) => this.convolveGroup(part, kernels[index]!));
    return concat(parts, -1);
  }

  protected abstract convolveGroup(x: Tensor, kernel: Tensor): Tensor;
}

export class GroupedConv1D extends Grouped {
  static readonly className = 'GroupedConv1D';
  protected readonly spatial = 1;

  protected override convolveGroup(x: Tensor, kernel: Tensor): Tensor {
    const [stride, dilation] = [this.strides()[0]!, this.dilations()[0]!];
    const before = this.padding === 'causal' ? (kernel.shape[0] - 1) * dilation : 0;
    const padded =
      before === 0
        ? x
        : pad(x, [
            [0, 0],
            [before, 0],
            [0, 0],
          ]);
    const pads = this.padding === 'same' ? 'same' : 'valid';
    return conv1d(padded as Tensor3D, kernel as Tensor3D, stride, pads, 'NWC', dilation);
  }
}

export class GroupedConv2D extends Grouped {
  static readonly className = 'GroupedConv2D';
  protected readonly spatial = 2;

  protected override convolveGroup(x: Tensor, kernel: Tensor): Tensor {
    const pads = this.padding === 'same' ? 'same' : 'valid';
    const [strides, dilations] = [this.strides(), this.dilations()] as [[number, number], [number, number]];
    return conv2d(x as Tensor4D, kernel as Tensor4D, strides, pads, 'NHWC', dilations);
  }
}

/** The transpose of a convolution over time. */
export class Conv1DTranspose extends Convolution {
  static readonly className = 'Conv1DTranspose';
  protected readonly spatial = 1;
  private kernel!: () => Tensor;

  protected override makeKernels(channels: number): number {
    if (this.padding === 'causal') {
      throw new Failure(`the layer ${this.name} is a causal transposed convolution, which is not supported.`);
    }
    const units = this.count('filters');
    this.kernel = this.variable('kernel', [...this.kernelSize(), units, channels]);
    return units;
  }

  protected override unitsFor(): number {
    return this.count('filters');
  }

  protected override steps(positions: number): number {
    const [stride, window] = [this.strides()[0]!, this.kernelSize()[0]!];
    return positions * stride + (this.padding === 'same' ? 0 : Math.max(window - stride, 0));
  }

  protected override convolve(x: Tensor): Tensor {
    const [samples, positions] = x.shape as [number, number, number];
    const y = conv2dTranspose(
      expandDims<Tensor4D>(x, 1),
      expandDims<Tensor4D>(this.kernel(), 0),
      [samples, 1, this.steps(positions), this.count('filters')],
      [1, this.strides()[0]!],
      this.padding === 'same' ? 'same' : 'valid',
    );
    return squeeze(y, [1]);
  }
}
