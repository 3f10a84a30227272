import * as tfl from '@tensorflow/tfjs-layers';
import { seedFrom } from '../src/core/random';
import { perceptron } from '../src/core/training/perceptron';

/** An untrained network of the benchmark. */
export type NetSpec =
  /** 28×28 → flatten → hidden layers with ReLU → 10. */
  | { readonly kind: 'perceptron'; readonly hidden: readonly number[] }
  /** The paper's eleven 3×3 convolutions on 32×32×3, batch norm and ReLU after each (science.md, "Nets"). */
  | { readonly kind: 'convnet' }
  /** Inverted residuals with depthwise convolutions and ReLU6 on 96×96×3, as in MobileNetV2. */
  | { readonly kind: 'mobilenet' }
  /** Two 3×3 convolutions of 32 channels at full size on 96×96×3, then a pooling: large activations, few units. */
  | { readonly kind: 'wide' };

const CLASSES = 10;
const CONVNET = [
  { channels: 64, stride: 1 },
  { channels: 64, stride: 1 },
  { channels: 128, stride: 2 },
  { channels: 128, stride: 1 },
  { channels: 128, stride: 1 },
  { channels: 256, stride: 2 },
  { channels: 256, stride: 1 },
  { channels: 256, stride: 1 },
  { channels: 512, stride: 2 },
  { channels: 512, stride: 1 },
  { channels: 512, stride: 1 },
];
const MOBILENET = [
  { expansion: 1, channels: 16, stride: 1 },
  { expansion: 6, channels: 24, stride: 2 },
  { expansion: 6, channels: 24, stride: 1 },
  { expansion: 6, channels: 32, stride: 2 },
  { expansion: 6, channels: 32, stride: 1 },
  { expansion: 6, channels: 64, stride: 2 },
  { expansion: 6, channels: 64, stride: 1 },
];

/** Side of the network's input images, in pixels. */
export function inputSide(net: NetSpec): number {
  return { perceptron: 28, convnet: 32, mobilenet: 96, wide: 96 }[net.kind];
}

/**
 * Makes a network with initial weights drawn from the seed; layers have names of their own, by which the peers
 * find the units. The caller disposes it.
 */
export function untrained(net: NetSpec, seed: number): tfl.LayersModel {
  switch (net.kind) {
    case 'perceptron':
      return perceptron({ input: [28, 28], hidden: net.hidden, classes: CLASSES, seed });
    case 'convnet':
      return convnet(new Builder(seed));
    case 'mobilenet':
      return mobilenet(new Builder(seed));
    case 'wide':
      return wide(new Builder(seed));
  }
}

type Value = tfl.SymbolicTensor;

/** Applies layers, each with a name and a seeded kernel. */
class Builder {
  constructor(private readonly seed: number) {}

  convolution(x: Value, name: string, channels: number, size: number, stride: number): Value {
    const layer = tfl.layers.conv2d({
      name,
      filters: channels,
      kernelSize: size,
      strides: stride,
      padding: 'same',
      useBias: false,
      kernelInitializer: tfl.initializers.heNormal({ seed: seedFrom(this.seed, name) }),
    });
    return layer.apply(x) as Value;
  }

  depthwise(x: Value, name: string, stride: number): Value {
    const layer = tfl.layers.depthwiseConv2d({
      name,
      kernelSize: 3,
      strides: stride,
      padding: 'same',
      useBias: false,
      depthwiseInitializer: tfl.initializers.heNormal({ seed: seedFrom(this.seed, name) }),
    });
    return layer.apply(x) as Value;
  }

  normalised(x: Value, name: string): Value {
    return tfl.layers.batchNormalization({ name }).apply(x) as Value;
  }

  rectified(x: Value, name: string, most?: number): Value {
    return tfl.layers.reLU({ name, ...(most === undefined ? {} : { maxValue: most }) }).apply(x) as Value;
  }

  scores(x: Value): Value {
    const layer = tfl.layers.dense({
      name: 'scores',
      units: CLASSES,
      activation: 'softmax',
      kernelInitializer: tfl.initializers.glorotUniform({ seed: seedFrom(this.seed, 'scores') }),
    });
    return layer.apply(x) as Value;
  }
}

function convnet(build: Builder): tfl.LayersModel {
  const input = tfl.input({ shape: [32, 32, 3], name: 'image' });
  let x = input;
  CONVNET.forEach(({ channels, stride }, index) => {
    const number = String(index + 1);
    x = build.convolution(x, `conv_${number}`, channels, 3, stride);
    x = build.normalised(x, `norm_${number}`);
    x = build.rectified(x, `relu_${number}`);
  });
  x = tfl.layers.flatten({ name: 'flatten' }).apply(x) as Value;
  return tfl.model({ inputs: input, outputs: build.scores(x), name: 'convnet' });
}

function mobilenet(build: Builder): tfl.LayersModel {
  const input = tfl.input({ shape: [96, 96, 3], name: 'image' });
  const unit = (x: Value, name: string): Value =>
    build.rectified(build.normalised(x, `${name}_norm`), `${name}_relu`, 6);
  let x = unit(build.convolution(input, 'stem', 16, 3, 2), 'stem');
  let width = 16;
  MOBILENET.forEach(({ expansion, channels, stride }, index) => {
    const name = `block_${String(index + 1)}`;
    let inner = x;
    if (expansion > 1) {
      inner = build.convolution(inner, `${name}_expand`, width * expansion, 1, 1);
      inner = unit(inner, `${name}_expand`);
    }
    inner = unit(build.depthwise(inner, `${name}_depthwise`, stride), `${name}_depthwise`);
    inner = build.convolution(inner, `${name}_project`, channels, 1, 1);
    inner = build.normalised(inner, `${name}_project_norm`);
    const isResidual = stride === 1 && channels === width;
    x = isResidual ? (tfl.layers.add({ name: `${name}_add` }).apply([x, inner]) as Value) : inner;
    width = channels;
  });
  x = unit(build.convolution(x, 'last', 256, 1, 1), 'last');
  x = tfl.layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }).apply(x) as Value;
  return tfl.model({ inputs: input, outputs: build.scores(x), name: 'mobilenet' });
}

function wide(build: Builder): tfl.LayersModel {
  const input = tfl.input({ shape: [96, 96, 3], name: 'image' });
  let x: Value = input;
  for (const number of ['1', '2']) {
    x = build.convolution(x, `conv_${number}`, 32, 3, 1);
    x = build.normalised(x, `norm_${number}`);
    x = build.rectified(x, `relu_${number}`);
  }
  x = tfl.layers.averagePooling2d({ name: 'pool', poolSize: 8 }).apply(x) as Value;
  x = tfl.layers.flatten({ name: 'flatten' }).apply(x) as Value;
  return tfl.model({ inputs: input, outputs: build.scores(x), name: 'wide' });
}
