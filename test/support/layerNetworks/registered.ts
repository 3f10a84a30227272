import { serialization } from '@tensorflow/tfjs-core';
import { layers as L, input, model } from '@tensorflow/tfjs-layers';
import { registerLayers } from '../../../src/formats/models/layers/registered/registerLayers';
import { apply, chain, classifier, type Layer, type LayerNetwork } from './layerNetwork';

/** A layer of those that this program registers, by its class. */
function registered(type: string, settings: serialization.ConfigDict): Layer {
  registerLayers();
  const entry = serialization.SerializationMap.getMap().classNameMap[type];
  if (entry === undefined) throw new Error(`${type} is not registered`);
  return entry[1](entry[0], settings) as unknown as Layer;
}

/** Layers of Keras that tfjs-layers lacks. */
export const REGISTERED: readonly LayerNetwork[] = [
  {
    title: 'grouped convolutions, depthwise ones with gaps, statistics, a rectifier with a slope',
    build: chain(
      () => registered('Normalization', { name: 'found', inputShape: [8, 8, 4] }),
      () =>
        registered('GroupedConv2D', {
          name: 'grouped',
          filters: 6,
          kernelSize: [3, 3],
          groups: 2,
          padding: 'same',
          activation: 'relu',
        }),
      () => registered('SpatialDropout2D', { name: 'dropped' }),
      () =>
        registered('DilatedDepthwiseConv2D', {
          name: 'gaps',
          kernelSize: 2,
          dilationRate: 2,
          depthMultiplier: 2,
        }),
      () => registered('Rescaling', { name: 'scaled', scale: 0.5, offset: 0.1 }),
      () => registered('ReLUWithSlope', { name: 'slope', negativeSlope: 0.2, maxValue: 2 }),
      () => registered('GroupNormalization', { name: 'normed', groups: 3 }),
      () => registered('GlobalAveragePoolingKept', { name: 'kept' }),
      () => L.flatten(),
      () => classifier(),
    ),
    sites: ['grouped 6', 'slope 12'],
  },
  {
    title: 'convolutions over time: separable, depthwise, transposed, in groups',
    build: chain(
      () => registered('ZeroPadding1D', { name: 'padded', inputShape: [7, 3], padding: [1, 2] }),
      () =>
        registered('SeparableConv1D', {
          name: 'separable',
          filters: 5,
          kernelSize: [3],
          strides: [2],
          activation: 'relu',
        }),
      () =>
        registered('DepthwiseConv1D', {
          name: 'depth',
          kernelSize: [2],
          depthMultiplier: 2,
          padding: 'causal',
          activation: 'leakyRelu',
        }),
      () => registered('UpSampling1D', { name: 'longer', size: 2 }),
      () => registered('Cropping1D', { name: 'shorter', cropping: [1, 0] }),
      () =>
        registered('Conv1DTranspose', {
          name: 'transposed',
          filters: 4,
          kernelSize: [3],
          strides: [2],
          activation: 'geluApproximate',
        }),
      () => registered('GroupedConv1D', { name: 'groups', filters: 4, kernelSize: [2], groups: 2 }),
      () => registered('UnitNormalization', { name: 'unit', axis: -1 }),
      () => registered('GlobalMaxPoolingKept', { name: 'kept' }),
      () => L.flatten(),
      () => classifier(),
    ),
    sites: ['separable 5', 'depth 10', 'transposed 4', 'groups 4'],
  },
  {
    title: 'films padded, cropped, enlarged and averaged, and what is flat already',
    build: chain(
      () =>
        registered('ZeroPadding3D', { name: 'padded', inputShape: [4, 4, 4, 1], padding: [1, 0, [0, 1]] }),
      () => L.conv3d({ name: 'conv', filters: 4, kernelSize: 2, activation: 'relu' }),
      () => registered('Cropping3D', { name: 'cropped', cropping: [[1, 0], 1, 0] }),
      () => registered('UpSampling3D', { name: 'larger', size: [1, 2, 1] }),
      () => L.conv3d({ name: 'more', filters: 5, kernelSize: 1 }),
      () => registered('ELUWithScale', { name: 'bent', alpha: 0.6 }),
      () => registered('GlobalAveragePooling3D', { name: 'mean' }),
      () => L.flatten({ name: 'flat' }),
      () => L.dense({ name: 'hidden', units: 6, activation: 'hardSilu' as never }),
      () => registered('RMSNormalization', { name: 'normed' }),
      () => classifier(),
    ),
    sites: ['conv 4', 'bent 5', 'hidden 6'],
  },
  {
    title: 'images enlarged, resized and cropped as Keras does',
    build: chain(
      () => L.conv2d({ name: 'conv', inputShape: [6, 5, 2], filters: 4, kernelSize: 2, activation: 'relu' }),
      () => registered('BilinearUpSampling2D', { name: 'larger', size: [2, 2] }),
      () => registered('KerasCenterCrop', { name: 'middle', height: 6, width: 5 }),
      () => L.conv2d({ name: 'second', filters: 5, kernelSize: 2, activation: 'hardSigmoidSix' as never }),
      () => registered('KerasResizing', { name: 'resized', height: 3, width: 4 }),
      () => L.flatten(),
      () => classifier(),
    ),
    sites: ['conv 4', 'second 5'],
  },
  {
    title: 'recurrent layers that reset after the product',
    build: chain(
      () =>
        registered('GRUResetAfter', {
          name: 'gru',
          inputShape: [5, 3],
          units: 4,
          returnSequences: true,
          recurrentActivation: 'sigmoid',
        }),
      () =>
        registered('GRUResetAfter', {
          name: 'back',
          units: 4,
          goBackwards: true,
          returnSequences: true,
          useBias: false,
        }),
      () =>
        L.bidirectional({
          name: 'both',
          layer: registered('GRUResetAfter', { units: 3, activation: 'relu' }) as never,
          mergeMode: 'concat',
        }),
      () => classifier(),
    ),
    sites: ['gru 4', 'back 4', 'both/forward 3', 'both/backward 3'],
  },
  {
    title: 'differences',
    build: () => {
      const x = input({ shape: [5] });
      const plain = apply(L.dense({ name: 'plain', units: 4 }), x);
      const bent = apply(L.dense({ name: 'bent', units: 4, activation: 'relu' }), x);
      const subtracted = apply(L.dense({ name: 'subtracted', units: 4 }), x);
      const first = apply(registered('Subtract', { name: 'first' }), plain, bent);
      const second = apply(registered('Subtract', { name: 'second' }), first, subtracted);
      const relu = apply(L.reLU({ name: 'relu' }), second);
      return model({ inputs: x, outputs: apply(classifier(), relu) });
    },
    sites: ['plain 4', 'bent 4', 'subtracted 4', 'relu 4'],
  },
];
