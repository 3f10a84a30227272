import * as tfl from '@tensorflow/tfjs-layers';
import { Failure } from '../../protocol/failure';
import { seedFrom } from '../random';

/** Feature maps of the paper's convolutional network, layer by layer (science.md, "Nets of the paper"). */
export const PAPER_CHANNELS: readonly number[] = [64, 64, 128, 128, 128, 256, 256, 256, 512, 512, 512];

/** A convolutional network, as in the paper. */
export interface ConvnetOptions {
  /** Shape of one picture: `[height, width]` or `[height, width, channels]`. */
  readonly input: readonly number[];
  /** Feature maps of each layer. */
  readonly channels: readonly number[];
  readonly classes: number;
  /** Decides the initial weights. */
  readonly seed: number;
  /** Share of each layer's elements that a training step drops. */
  readonly dropout: number;
  /** Batch norm between each convolution and its ReLU. */
  readonly batchNorm: boolean;
}

/**
 * Makes an untrained classifier of 3×3 convolutions, each with its ReLU, then flatten and dense (softmax):
 * `[samples, …input]` → `[samples, classes]`, class probabilities. Every third convolution has stride 2, as in the
 * paper: 1, 1, 2, 1, 1, 2, … Kernels: He's uniform, drawn from the seed; biases: 0. A layer k is `conv_k →
 * [batch_norm_k] → relu_k → [dropout_k]`; its units are those of `relu_k`.
 *
 * The caller disposes the model.
 * @throws Failure if the samples are no pictures
 */
export function convnet(options: ConvnetOptions): tfl.LayersModel {
  const { input, channels, classes, seed } = options;
  if (input.length !== 2 && input.length !== 3) {
    throw new Failure(
      `The convolutional network takes pictures, and one sample here is [${input.join(', ')}]: leave --net out to train perceptrons.`,
    );
  }
  const first =
    input.length === 2
      ? tfl.layers.reshape({ inputShape: [...input], targetShape: [...input, 1], name: 'one_channel' })
      : tfl.layers.inputLayer({ inputShape: [...input], name: 'input' });
  return tfl.sequential({
    name: 'convnet',
    layers: [
      first,
      ...channels.flatMap((filters, k) => convolution(options, k, filters)),
      tfl.layers.flatten({ name: 'flatten' }),
      tfl.layers.dense({
        units: classes,
        activation: 'softmax',
        kernelInitializer: tfl.initializers.glorotUniform({ seed: seedFrom(seed, 'head') }),
        name: 'scores',
      }),
    ],
  });
}

/** Names of the last sites of a network of so many layers: the paper's curves delete units of the last three. */
export function lastSites(layers: number, count = 3): string[] {
  const all = Array.from({ length: layers }, (_, k) => `relu_${k + 1}`);
  return all.slice(-count);
}

/** The layers of the convolution numbered `k`, from 0. */
function convolution(
  { seed, dropout, batchNorm }: ConvnetOptions,
  k: number,
  filters: number,
): tfl.layers.Layer[] {
  const n = k + 1;
  const layers: tfl.layers.Layer[] = [
    tfl.layers.conv2d({
      filters,
      kernelSize: 3,
      strides: n % 3 === 0 ? 2 : 1,
      padding: 'same',
      kernelInitializer: tfl.initializers.heUniform({ seed: seedFrom(seed, 'kernel', n) }),
      name: `conv_${n}`,
    }),
  ];
  if (batchNorm) layers.push(tfl.layers.batchNormalization({ name: `batch_norm_${n}` }));
  layers.push(tfl.layers.activation({ activation: 'relu', name: `relu_${n}` }));
  if (dropout > 0) layers.push(tfl.layers.dropout({ rate: dropout, name: `dropout_${n}` }));
  return layers;
}
