import { layers as L } from '@tensorflow/tfjs-layers';
import { chain, classifier, type LayerNetwork } from './layerNetwork';

/** Convolutions of every kind. */
export const CONVOLUTIONS: readonly LayerNetwork[] = [
  {
    title: '1-D convolution and pooling',
    build: chain(
      () => L.conv1d({ name: 'conv', inputShape: [20, 3], filters: 4, kernelSize: 3, activation: 'tanh' }),
      () => L.maxPooling1d({ poolSize: 2 }),
      () => L.conv1d({ name: 'strided', filters: 5, kernelSize: 2, strides: 2, padding: 'same' }),
      () => L.averagePooling1d({ poolSize: 2 }),
      () => L.conv1d({ name: 'dilated', filters: 4, kernelSize: 2, dilationRate: 1, useBias: false }),
      () => L.reLU({ name: 'relu6', maxValue: 6 }),
      () => L.globalAveragePooling1d({}),
      () => classifier(),
    ),
    sites: ['conv 4', 'strided 5', 'relu6 4'],
  },
  {
    title: '2-D convolutions: strided, dilated, without bias, of one position',
    build: chain(
      () =>
        L.conv2d({
          name: 'strided',
          inputShape: [9, 8, 2],
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
        }),
      () => L.leakyReLU({ name: 'leaky', alpha: 0.1 }),
      () => L.conv2d({ name: 'dilated', filters: 5, kernelSize: 2, dilationRate: 2, activation: 'relu6' }),
      () => L.conv2d({ name: 'one', filters: 6, kernelSize: 1, useBias: false, activation: 'swish' }),
      () => L.globalMaxPooling2d({}),
      () => classifier(),
    ),
    sites: ['leaky 4', 'dilated 5', 'one 6'],
  },
  {
    title: '3-D convolution',
    build: chain(
      () =>
        L.conv3d({ name: 'conv', inputShape: [6, 6, 6, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
      () => L.maxPooling3d({ poolSize: 2, name: 'pool' }),
      () => L.conv3d({ name: 'same', filters: 3, kernelSize: 2, strides: 2, padding: 'same' }),
      () => L.elu({ name: 'elu' }),
      () => L.flatten(),
      () => classifier(),
    ),
    sites: ['conv 4', 'elu 3'],
  },
  {
    title: 'transposed convolutions and upsampling',
    build: chain(
      () =>
        L.conv2dTranspose({
          name: 'up',
          inputShape: [5, 5, 2],
          filters: 4,
          kernelSize: 3,
          activation: 'relu',
        }),
      () => L.upSampling2d({ size: [2, 2] }),
      () => L.conv2dTranspose({ name: 'strided', filters: 3, kernelSize: 2, strides: 2, padding: 'same' }),
      () => L.globalMaxPooling2d({}),
      () => L.reshape({ targetShape: [1, 1, 1, 3] }),
      () => L.conv3dTranspose({ name: 'volume', filters: 2, kernelSize: 2, activation: 'sigmoid' }),
      () => L.flatten(),
      () => classifier(),
    ),
    sites: ['up 4', 'strided 3', 'volume 2'],
  },
  {
    title: 'separable and depthwise convolution, padding, cropping, permuting, noise',
    build: chain(
      () => L.zeroPadding2d({ inputShape: [6, 6, 2], padding: 1 }),
      () => L.separableConv2d({ name: 'separable', filters: 4, kernelSize: 3, activation: 'relu' }),
      () => L.batchNormalization({}),
      () => L.depthwiseConv2d({ name: 'depthwise', kernelSize: 3, activation: 'relu' }),
      () => L.cropping2D({ cropping: 1 }),
      () => L.averagePooling2d({ poolSize: 2 }),
      () => L.permute({ dims: [2, 1, 3] }),
      () => L.reshape({ targetShape: [4] }),
      () => L.repeatVector({ n: 2 }),
      () => L.flatten(),
      () => L.gaussianNoise({ stddev: 1 }),
      () => classifier(),
    ),
    sites: ['separable 4', 'depthwise 4'],
  },
  {
    title:
      'separable convolutions with a multiplier, strides, dilation, a normalization before the activation',
    build: chain(
      () =>
        savingMultiplier(3, {
          name: 'strided',
          inputShape: [9, 9, 2],
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          useBias: false,
        }),
      () => L.batchNormalization({ name: 'norm', scale: false }),
      () => L.activation({ name: 'selu', activation: 'selu' }),
      () => L.separableConv2d({ name: 'dilated', filters: 5, kernelSize: 2, dilationRate: 2 }),
      () => L.depthwiseConv2d({ name: 'wide', kernelSize: 2, depthMultiplier: 2, dilationRate: 2 }),
      () => L.globalAveragePooling2d({}),
      () => classifier(),
    ),
    sites: ['selu 4', 'dilated 5', 'wide 10'],
  },
  {
    title: 'upsampling between pixels, channels first',
    build: chain(
      () => L.conv2d({ name: 'first', inputShape: [4, 4, 2], filters: 3, kernelSize: 3, padding: 'same' }),
      () => L.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
      () => L.permute({ dims: [3, 1, 2] }),
      () =>
        L.conv2d({
          name: 'planes',
          filters: 4,
          kernelSize: 3,
          dataFormat: 'channelsFirst',
          activation: 'relu',
        }),
      () => L.separableConv2d({ name: 'apart', filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' }),
      () => L.flatten({ dataFormat: 'channelsFirst' }),
      () => classifier(),
    ),
    sites: ['first 3'],
    excluded: ['planes', 'apart'],
  },
];

/** A separable convolution that saves its depth multiplier, as Keras does; TensorFlow.js reads it and saves none. */
function savingMultiplier(
  depthMultiplier: number,
  settings: Parameters<typeof L.separableConv2d>[0],
): ReturnType<typeof L.separableConv2d> {
  const layer = L.separableConv2d({ ...settings, depthMultiplier });
  const config = layer.getConfig.bind(layer);
  layer.getConfig = () => ({ ...config(), depthMultiplier });
  return layer;
}
