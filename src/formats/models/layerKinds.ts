import { relu, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../../protocol/failure';
import type { Algebra, Makes } from '../../core/network/network';
import type { ActivationObject, LayerObject } from './layerInternals';

/** What an operation made from a layer is: see `Operation` in core/network. */
export interface LayerKind {
  readonly algebra: Algebra;
  readonly makes: Makes;
  readonly hindrance: string | null;
}

const IDENTITIES = new Set([
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'ActivityRegularization',
]);
const RESHAPES = new Set([
  'Flatten',
  'Reshape',
  'Permute',
  'RepeatVector',
  'ZeroPadding2D',
  'Cropping2D',
  'UpSampling2D',
]);
const POINTWISE: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  LeakyReLU: 'leaky_relu',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholded_relu',
};
const RECURRENT = new Set(['SimpleRNN', 'GRU', 'LSTM', 'RNN', 'Bidirectional', 'ConvLSTM2D']);

const OPAQUE: LayerKind = { algebra: { kind: 'opaque' }, makes: null, hindrance: null };

/**
 * Tells what a layer computes (its activation aside).
 * @throws Failure for layers that cannot be run one by one
 */
export function describeLayer(layer: LayerObject, file: string): LayerKind {
  const type = layer.getClassName();
  if (type === 'Masking' || (type === 'Embedding' && layer.maskZero === true)) {
    throw new Failure(`${file}: the layer ${layer.name} masks time steps, which cannot be analysed yet.`, {
      file,
    });
  }
  const plain = (
    kind: 'identity' | 'reshape' | 'pooling' | 'add' | 'multiply' | 'concatenate' | 'softmax',
  ): LayerKind => ({
    ...OPAQUE,
    algebra: { kind },
  });
  const pointwise = POINTWISE[type];
  if (pointwise !== undefined) return { ...OPAQUE, algebra: { kind: 'pointwise', name: pointwise } };
  if (IDENTITIES.has(type)) return plain('identity');
  if (RESHAPES.has(type)) return plain('reshape');
  if (/Pooling[123]D$/.test(type)) return plain('pooling');
  if (RECURRENT.has(type)) {
    return { ...OPAQUE, makes: 'recurrent', hindrance: 'is recurrent, which cannot be ablated yet' };
  }
  switch (type) {
    case 'Activation':
      return { ...OPAQUE, algebra: algebraOfActivation(layer.activation) };
    case 'Softmax':
      return layer.getConfig()['axis'] === -1 || layer.getConfig()['axis'] == null
        ? plain('softmax')
        : OPAQUE;
    case 'Add':
      return plain('add');
    case 'Multiply':
      return plain('multiply');
    case 'Concatenate':
      return plain('concatenate');
    case 'BatchNormalization':
      return layer.getConfig()['axis'] === -1 || lastAxisIs(layer)
        ? { ...OPAQUE, algebra: { kind: 'affine' } }
        : OPAQUE;
    case 'TimeDistributed':
      return {
        ...OPAQUE,
        makes: 'dense',
        hindrance: 'is wrapped in TimeDistributed, which cannot be ablated yet',
      };
    default:
      return describeUnits(layer, type);
  }
}

/** Layers that make units. */
function describeUnits(layer: LayerObject, type: string): LayerKind {
  const config = layer.getConfig();
  const bias = weightOf(layer, 'bias');
  const windows = {
    bias,
    strides: numbers(config['strides']),
    dilations: numbers(config['dilationRate']),
    padding: config['padding'] as 'same' | 'valid' | 'causal',
  };
  const hindrance =
    config['dataFormat'] === 'channelsFirst' ? 'keeps its channels first, which cannot be ablated yet' : null;
  switch (type) {
    case 'Dense':
      return { algebra: { kind: 'dense', kernel: kernelOf(layer), bias }, makes: 'dense', hindrance };
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
      return {
        algebra: { kind: 'convolution', kernel: kernelOf(layer), ...windows },
        makes: 'convolution',
        hindrance,
      };
    case 'DepthwiseConv2D':
      return {
        algebra: { kind: 'depthwise', kernel: kernelOf(layer), ...windows },
        makes: 'depthwise convolution',
        hindrance,
      };
    case 'SeparableConv2D':
    case 'Conv2DTranspose':
    case 'Conv3DTranspose':
      return { algebra: { kind: 'opaque' }, makes: 'convolution', hindrance };
    case 'Embedding':
      return {
        algebra: { kind: 'embedding', table: kernelOf(layer) },
        makes: 'embedding',
        hindrance: null,
      };
    default:
      return OPAQUE;
  }
}

/** An activation taken out of the layer it was fused into. */
export interface SplitActivation {
  readonly algebra: Algebra;
  apply(x: Tensor): Tensor;
}

const LINEAR: ActivationObject = { getClassName: () => 'linear', apply: (x) => x };

/**
 * Takes the activation out of a dense or convolution layer, which computes its linear part from then on.
 * Null where there is none to take. A shared layer is split at its first call and stays so.
 */
export function splitActivation(layer: LayerObject): SplitActivation | null {
  if (layer.getClassName() === 'Activation' || RECURRENT.has(layer.getClassName())) return null;
  const known = taken.get(layer);
  if (known !== undefined) return known;
  const activation = layer.activation;
  if (activation === undefined || activation.getClassName() === 'linear') return null;
  layer.activation = LINEAR;
  const split: SplitActivation = {
    algebra: algebraOfActivation(activation),
    apply: activation.getClassName() === 'relu' ? (x) => relu(x) : (x) => activation.apply(x),
  };
  taken.set(layer, split);
  return split;
}

const taken = new WeakMap<LayerObject, SplitActivation>();

function algebraOfActivation(activation: ActivationObject | undefined): Algebra {
  const name = activation?.getClassName() ?? 'linear';
  if (name === 'linear') return { kind: 'identity' };
  if (name === 'softmax') return { kind: 'softmax' };
  return name === 'logSoftmax' ? { kind: 'opaque' } : { kind: 'pointwise', name };
}

function lastAxisIs(layer: LayerObject): boolean {
  const rank = layer.inboundNodes[0]?.outputTensors[0]?.shape.length;
  return rank !== undefined && layer.getConfig()['axis'] === rank - 1;
}

function kernelOf(layer: LayerObject): Tensor {
  const kernel = weightOf(layer, 'kernel') ?? layer.weights[0]?.read();
  if (kernel === undefined) throw new Error(`${layer.name} has no weights`);
  return kernel;
}

function weightOf(layer: LayerObject, part: string): Tensor | null {
  const weight = layer.weights.find(({ originalName }) => originalName.endsWith(part));
  return weight?.read() ?? null;
}

function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.filter((v): v is number => typeof v === 'number') : [1];
}
